"""Real processes for tests of deployment: started in an environment of their own, found and ended by it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psutil
import pytest

from flows.local import SWITCHES

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "seeds" / "sample"
PAGE = "<html><head><title>{0}</title></head><body><article><h1>{0}</h1>{1}</article></body></html>"


def environment(home: Path, **variables: str) -> dict[str, str]:
    """What this test's processes see: nothing of Prefect or newsfold but what is given. PREFECT_HOME is their mark."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "NEWSFOLD_"))}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    here = {"PATH": path, "PYTHONPATH": str(ROOT), "PREFECT_HOME": str(home / "prefect")}
    return {**inherited, **SWITCHES, **here, **variables}


def start(command: list[str], env: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    """Start a command that keeps running; what it prints goes to a file."""
    with hearing_ctrl_c(), log.open("ab") as output:
        return subprocess.Popen(
            command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )


@contextmanager
def hearing_ctrl_c() -> Iterator[None]:
    """Let processes that are started in the block hear SIGINT.

    A shell that starts the tests in the background makes them ignore it, and a child inherits that.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def alive(home: Path) -> list[psutil.Process]:
    """Return the processes whose environment bears the mark of a test."""
    mark, found = str(home / "prefect"), []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.environ().get("PREFECT_HOME") == mark and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


@contextmanager
def nothing_left(home: Path) -> Iterator[None]:
    """End whatever the block leaves behind."""
    try:
        yield
    finally:
        for process in alive(home):
            with suppress(psutil.Error):
                process.kill()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(seen: Callable[[], Any], seconds: float, folder: Path) -> Any:
    """Return what is seen as soon as it is; with what the processes printed where it is not."""
    last = time.monotonic() + seconds
    while time.monotonic() < last:
        with suppress(urllib.error.URLError, OSError):
            if found := seen():
                return found
        time.sleep(0.3)
    logs = "\n".join(f"--- {log.name}\n{log.read_text('utf-8')[-4000:]}" for log in sorted(folder.glob("*.log")))
    pytest.fail(f"not seen within {seconds} s\n{logs}")


def ask(api: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """Return what Prefect's API answers."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(api + path, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=20) as response:
        return json.load(response)


def runs(api: str, deployment: str, *states: str) -> list[dict[str, Any]]:
    """Return the runs of a deployment that are in one of the states; without any, all."""
    wanted: dict[str, Any] = {"deployments": {"name": {"any_": [deployment]}}}
    if states:
        wanted["flow_runs"] = {"state": {"type": {"any_": list(states)}}}
    return list(ask(api, "/flow_runs/filter", wanted))


@contextmanager
def pages() -> Iterator[str]:
    """A site of any number of pages: read politely, a list of them keeps a run busy for as long as one likes."""

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/robots.txt":
                return self.send_error(404)
            text = "".join(
                f"<p>Gate {self.path[1:]} of the harbour opened on day {n} of the works.</p>" for n in range(9)
            )
            body = PAGE.format(f"Gate {self.path[1:]} of the harbour opens", text).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            return None

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
