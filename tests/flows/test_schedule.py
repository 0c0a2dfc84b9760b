"""The real thing: deploy/README.md's commands on a server and a worker, a schedule that fires, articles in the database.

A flow that runs when it is called proves nothing about schedules: with some versions of Prefect's own dependencies a
deployment never fires, and nothing else looks wrong.
"""

import json
import os
import re
import shlex
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from flows.local import SWITCHES
from flows.report import KEY
from tests.deploy.processes import hearing_ctrl_c

ROOT = Path(__file__).parents[2]
README = (ROOT / "deploy" / "README.md").read_text("utf-8")
SECONDS_BETWEEN_RUNS = 10
# The daily deployment again, so often that a test can wait for it.
OFTEN = f"""
  - name: often
    entrypoint: flows.ingest.ingest
    work_pool: *etl_pool
    concurrency_limit: *one_at_a_time
    parameters:
      paths: [inbox]
      source: inbox
    schedules:
      - interval: {SECONDS_BETWEEN_RUNS}
        slug: often
"""


class Prefect:
    """A server, its address and its folder, and commands that talk to it."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.api = f"http://127.0.0.1:{port}/api"
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "NEWSFOLD_"))}
        self.env = {
            **inherited,
            **SWITCHES,
            "PREFECT_HOME": str(folder / "prefect"),
            "PREFECT_API_URL": self.api,
            "PREFECT_SERVER_API_PORT": str(port),
            "PREFECT_WORKER_QUERY_SECONDS": "2",
            "NEWSFOLD_HOME": str(folder),
            "NEWSFOLD_DATABASE_URL": f"sqlite:///{folder / 'news.db'}",
        }

    def run(self, command: list[str]) -> None:
        done = subprocess.run(
            [sys.executable, "-m", *command], cwd=ROOT, env=self.env, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stdout + done.stderr

    @contextmanager
    def running(self, command: list[str]) -> Iterator[None]:
        """Keep a command running inside the block; nothing it started outlives the block."""
        log = self.folder / f"{command[1]}.log"
        with log.open("wb") as output, hearing_ctrl_c():
            process = subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=ROOT,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # a group of its own, to be ended as a whole
            )
        try:
            yield
        finally:
            end(process)

    def ask(self, path: str, body: dict[str, Any] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.api + path, data, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as response:
            return json.load(response)

    def healthy(self) -> bool:
        try:
            return self.ask("/health") is True
        except (urllib.error.URLError, OSError):
            return False

    def runs(self, deployment: str) -> list[dict[str, Any]]:
        return self.ask("/flow_runs/filter", {"deployments": {"name": {"any_": [deployment]}}})

    def logs(self) -> str:
        return "\n".join(f"--- {log.name}\n{log.read_text('utf-8')[-4000:]}" for log in self.folder.glob("*.log"))


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask a process to stop, then make it and whatever is left of its group."""
    for ask, seconds in ((signal.SIGINT, 10), (signal.SIGTERM, 5)):
        if process.poll() is None:
            process.send_signal(ask)
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                continue
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)


def wait_until(seen: Callable[[], Any], seconds: float, prefect: Prefect) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := seen():
            return found
        time.sleep(0.5)
    pytest.fail(f"not seen within {seconds} s\n{prefect.logs()}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def commands_of_the_readme() -> list[list[str]]:
    block = re.search(r"## Five commands\n.*?```sh\n(.*?)```", README, re.DOTALL)
    assert block
    return [shlex.split(line) for line in block[1].strip().splitlines()]


@pytest.fixture
def prefect(tmp_path: Path) -> Prefect:
    return Prefect(tmp_path, free_port())


def test_the_schedule_fires_and_the_articles_arrive(prefect: Prefect, news: Path):
    news.rename(prefect.folder / "inbox")
    original = ROOT / "deploy" / "prefect.yaml"
    extended = prefect.folder / "prefect.yaml"
    extended.write_text(original.read_text("utf-8") + OFTEN, "utf-8")

    _install, server, pool, deploy, worker = commands_of_the_readme()
    deploy = [word.replace("deploy/prefect.yaml", str(extended)) for word in deploy]
    with prefect.running(server):
        wait_until(prefect.healthy, 120, prefect)
        prefect.run(pool)
        prefect.run(deploy)
        with prefect.running(worker):
            done = wait_until(lambda: finished(prefect), 120, prefect)
        artifacts = prefect.ask("/artifacts/filter", {"artifacts": {"key": {"any_": [KEY]}}})
        daily = prefect.runs("daily")

    assert done["state_type"] == "COMPLETED", f"{done['state']['message']}\n{prefect.logs()}"
    assert done["auto_scheduled"] is True
    assert done["created_by"]["type"] == "SCHEDULE"
    assert done["state"]["message"] == "5 read = 4 loaded + 0 unchanged + 1 rejected"
    assert done["id"] in {artifact["flow_run_id"] for artifact in artifacts}
    with closing(sqlite3.connect(prefect.folder / "news.db")) as db:
        assert db.execute("select count(*) from article").fetchone() == (4,)
    assert daily, "the daily deployment has runs to come"
    assert {run["expected_start_time"][11:16] for run in daily} == {"05:30"}


def finished(prefect: Prefect) -> dict[str, Any] | None:
    """Return the first run of the deployment that came to its end."""
    ended = [run for run in prefect.runs("often") if run["state_type"] in {"COMPLETED", "FAILED", "CRASHED"}]
    return min(ended, key=lambda run: run["expected_start_time"], default=None)
