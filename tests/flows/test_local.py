"""What the command relies on: a light import, Prefect's switches set in time, and a clear line when there is no server."""

import os
import subprocess
import sys
from pathlib import Path

from flows.local import SWITCHES

ROOT = Path(__file__).parents[2]


def python(code: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run code in a fresh interpreter, with none of Prefect's variables but those given."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_") and k != "DO_NOT_TRACK"}
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=clean | env, capture_output=True, text=True, timeout=120
    )


def test_importing_it_loads_nothing_heavy():
    heavy = {"prefect", "sqlalchemy", "datasketch", "numpy", "pydantic"}
    done = python(f"import sys, flows.local; print(sorted({heavy} & set(sys.modules)))")
    assert done.stdout.strip() == "[]", done.stderr


def test_prefect_reads_the_switches_and_what_the_user_set_wins(tmp_path: Path):
    done = python(
        "from flows.local import prepare_environment; prepare_environment()\n"
        "from prefect.settings import get_current_settings; s = get_current_settings()\n"
        "print(s.server.analytics_enabled, s.server.ephemeral.startup_timeout_seconds, s.logging.level)",
        PREFECT_HOME=str(tmp_path),
        PREFECT_LOGGING_LEVEL="ERROR",
    )
    assert done.stdout.split() == ["False", SWITCHES["PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS"], "ERROR"]


def test_a_server_that_is_not_there_is_one_clear_line(tmp_path: Path):
    (tmp_path / "a.txt").write_text("A short text.", "utf-8")
    done = python(
        "from etl.errors import UserError; from etl.settings import read_settings; from flows.local import run_ingest\n"
        "try:\n"
        f"    run_ingest([{str(tmp_path)!r}], read_settings(database_url='sqlite:///{tmp_path / 'x.db'}'))\n"
        "except UserError as err:\n"
        "    print(err)",
        PREFECT_HOME=str(tmp_path / "prefect"),
        PREFECT_API_URL="http://127.0.0.1:9/api",  # a port that nobody listens on
    )
    assert done.stdout.count("\n") == 1, done.stderr
    assert "http://127.0.0.1:9/api" in done.stdout
    assert "--direct" in done.stdout
    assert not (tmp_path / "x.db").exists()
