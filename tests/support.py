"""What tests share: runs without Prefect, and the documents that live beside the project."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from etl.accounts import RunReport
from etl.cli.main import app
from etl.run import ingest
from etl.settings import read_settings
from etl.workers import local_pool

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "seeds" / "sample"
SHARED = ROOT.parent / "shared"


def shared(*parts: str) -> Path:
    """Return a folder that stands beside the project on its developers' machines; say so where it is not."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"needs {path}, which is not part of the project; the sample corpus covers the same ground")
    return path


def run_ingest(database_url: str, locators: Sequence[object], *, jobs: int = 1, batch_size: int = 500) -> RunReport:
    settings = read_settings(database_url=database_url, jobs=jobs, batch_size=batch_size)
    return ingest([str(x) for x in locators], settings, local_pool(jobs))


def newsfold(*args: str) -> str:
    """Run the command in this process, and return what it prints."""
    done = CliRunner().invoke(app, list(args))
    assert done.exit_code == 0, done.output + str(done.exception)
    return done.stdout
