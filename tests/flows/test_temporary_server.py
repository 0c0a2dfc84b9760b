"""A run that is killed leaves no server behind."""

import os
import subprocess
import sys
import time
from pathlib import Path

from tests.support import ROOT, SAMPLE


def servers(home: Path) -> list[int]:
    """Return the Prefect servers that were started with this home."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            mine = f"PREFECT_HOME={home}\0".encode() in (process / "environ").read_bytes()
            if mine and b"prefect.server.api.server" in (process / "cmdline").read_bytes():
                found.append(int(process.name))
        except OSError:
            continue
    return found


def wait(condition, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not (met := condition()) and time.monotonic() < deadline:
        time.sleep(0.2)
    return met


def test_a_run_that_is_killed_leaves_no_server_behind(tmp_path: Path):
    home, database = tmp_path / "prefect", tmp_path / "news.db"
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    command = ["-c", "from etl.cli.main import main; main()", "ingest", str(SAMPLE), "--db", f"sqlite:///{database}"]
    run = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=clean | {"PREFECT_HOME": str(home)})
    try:
        assert wait(lambda: database.exists() or run.poll() is not None, 120), "the flow did not begin"
        assert servers(home)
    finally:
        run.kill()
        run.wait()
    assert wait(lambda: not servers(home), 30)
