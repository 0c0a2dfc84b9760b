"""The README is run: its main command, its queries, the commands it names."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.support import ROOT, SAMPLE, run_ingest

README = (ROOT / "README.md").read_text("utf-8")
QUERIES = re.findall(r"^(\w[^\n]+):\n\n```sql\n(.*?)```", README, re.DOTALL | re.MULTILINE)

TRANSCRIPTS = re.findall(r"```text\n(.*?)```", README.partition("## What it looks like")[2], re.DOTALL)


def command(name: str) -> str:
    """Return the part of a README command that comes after its set-up."""
    found = re.search(rf"<!-- command: {name} -->\n```bash\n(.*?)\n```", README, re.DOTALL)
    return found[1].rpartition("&& ")[2]


def run(line: str, database_url: str) -> subprocess.CompletedProcess:
    args = line.replace(".venv/bin/", str(Path(sys.executable).parent) + "/").split()
    env = {"NEWSFOLD_DATABASE_URL": database_url, "PATH": "/usr/bin:/bin", "HOME": "/tmp"}
    return subprocess.run(args, cwd=ROOT, env=env, capture_output=True, text=True)


def test_the_main_command_runs_the_sample_and_prints_its_report(tmp_path):
    url = f"sqlite:///{tmp_path}/readme.db"
    done = run(command("main"), url)
    assert done.returncode == 0, done.stderr
    shown = [done.stdout, run(".venv/bin/newsfold explain flood-warning.txt", url).stdout]
    for printed, output in zip(TRANSCRIPTS, shown, strict=True):
        found = [" ".join(line.split()) for line in output.splitlines()]
        missing = [line for line in printed.splitlines() if line != "..." and " ".join(line.split()) not in found]
        assert missing == [], "the README shows lines that the command no longer prints"
    for name in ("status", "stories", "explain harbour-wire.txt", "db check"):
        assert run(f".venv/bin/newsfold {name}", url).returncode == 0, name


def test_the_test_command_runs_the_tests():
    assert command("tests") == ".venv/bin/pytest -n 2"


def test_there_are_five_queries():
    assert len(QUERIES) == 5


@pytest.fixture(scope="module")
def sample_url(tmp_path_factory):
    url = f"sqlite:///{tmp_path_factory.mktemp('readme')}/sample.db"
    run_ingest(url, [SAMPLE], jobs=1)
    return url


@pytest.mark.parametrize(("name", "query"), QUERIES, ids=[name for name, _ in QUERIES])
def test_every_query_finds_something_in_the_sample(sample_url, name, query):
    with create_engine(sample_url).connect() as db:
        assert db.execute(text(query)).all(), f"{name}: no row"


def test_every_command_is_in_the_readme():
    out = subprocess.run([Path(sys.executable).with_name("newsfold"), "--help"], capture_output=True, text=True).stdout
    names = re.findall(r"^│ (\w+) ", out.partition("Commands")[2], re.MULTILINE)
    assert {"ingest", "clean", "status", "stories", "explain", "db"} <= set(names)
    assert [name for name in names if f"`newsfold {name}" not in README] == []
