"""`newsfold serve`: a Prefect server, the schedules and what runs them, on one machine, until it is told to stop."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Annotated

import typer

from etl.cli.console import note
from etl.errors import InputError, UserError

PORT = 4200  # Prefect's own
START_SECONDS = 180
STOP_SECONDS = {"runner": 10, "server": 3}  # to end by itself; then it is ended. Prefect takes 3 s a run to cancel it
PAUSE_SECONDS = 0.2

_stops: list[int] = []  # signals that came


def register(app: typer.Typer) -> None:
    app.command()(serve)


def serve(
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help=f"Of the server; default: {PORT}, or a free one.")
    ] = None,
    host: Annotated[str, typer.Option(help="Where the server listens; nobody has to log in there.")] = "127.0.0.1",
    prefect_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="What is run, and when; default: what newsfold brings.")
    ] = None,
) -> None:
    """Run what is scheduled: a Prefect server (unless PREFECT_API_URL names one), the schedules, the runs."""
    from etl.resources import deployments
    from etl.settings import read_settings
    from flows.local import prepare_environment

    file = (prefect_file or deployments()).resolve()
    if not file.is_file():
        raise InputError(f"{file}: no such file")
    home = read_settings().home.expanduser().resolve()
    home.mkdir(parents=True, exist_ok=True)
    prepare_environment(verbose=True)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda got, _: _stops.append(got))
    with ExitStack() as stack:
        children = {}
        if not os.environ.get("PREFECT_API_URL"):
            children["server"] = stack.enter_context(_server(host, port or _free_port(host), home))
        note(f"runs start in {home}; server and pages: {os.environ['PREFECT_API_URL'].removesuffix('/api')}")
        children["runner"] = stack.enter_context(_child("runner", ["flows.serve", str(file)], home))
        _wait(children)
    note("stopped")


@contextmanager
def _server(host: str, port: int, home: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server inside the block; it is healthy when that begins, and the environment names it."""
    command = ["prefect", "server", "start", "--host", host, "--port", str(port)]
    near = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104 - compared, not bound
    os.environ["PREFECT_API_URL"] = f"http://{near}:{port}/api"
    with _child("server", command, home) as process:
        _until_healthy(process, os.environ["PREFECT_API_URL"] + "/health")
        yield process


def _until_healthy(process: subprocess.Popen[bytes], url: str) -> None:
    import httpx

    last = time.monotonic() + START_SECONDS
    with httpx.Client(trust_env=False, timeout=5) as client:
        while time.monotonic() < last and process.poll() is None and not _stops:
            with suppress(httpx.HTTPError):
                if client.get(url).is_success:
                    return
            time.sleep(PAUSE_SECONDS)
    if not _stops:
        raise UserError(f"the Prefect server did not start at {url}: what it said stands above; --port names another")


def _wait(children: dict[str, subprocess.Popen[bytes]]) -> None:
    """Return when a signal came. raises UserError where one of the children ended by itself."""
    while not _stops:
        for name, process in children.items():
            if process.poll() is not None:
                raise UserError(f"the {name} ended with {process.returncode}: what it said stands above")
        time.sleep(PAUSE_SECONDS)


@contextmanager
def _child(name: str, module: list[str], home: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a module inside the block, in a group of its own: nothing that it started outlives the block."""
    command = [sys.executable, "-m", *module]
    process = subprocess.Popen(command, cwd=home, stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603
    try:
        yield process
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS[name])
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _free_port(host: str) -> int:
    """Return Prefect's own port if nobody listens there, else one that is free."""
    for port in (PORT, 0):
        with closing(socket.socket()) as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            return int(probe.getsockname()[1])
    raise UserError(f"{host}: no port can be opened there")
