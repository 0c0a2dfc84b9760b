"""`newsfold settings` tells every setting, and deploy/env.example lists the same ones."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from etl.errors import SettingsError
from etl.settings import Settings, describe, read_settings

EXAMPLE = Path(__file__).parents[2] / "deploy" / "env.example"


def newsfold(*args: str, **variables: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("NEWSFOLD_")}
    command = [sys.executable, "-c", "from etl.cli.main import main; main()", *args]
    env = {**inherited, "PYTHONPATH": str(EXAMPLE.parents[1]), **variables}
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=60)


def shown(*args: str, **variables: str) -> dict[str, dict[str, object]]:
    done = newsfold("settings", "--json", *args, **variables)
    assert done.returncode == 0, done.stderr
    return {one["name"]: one for one in json.loads(done.stdout)}


def test_every_setting_is_shown_and_says_what_it_is():
    found = shown()
    assert list(found) == [f"NEWSFOLD_{field.upper()}" for field in Settings.model_fields]
    assert all(len(str(one["description"]).split()) > 2 for one in found.values())
    table = newsfold("settings").stdout
    assert all(name in table for name in found)


def test_it_says_where_a_value_comes_from():
    found = shown("--jobs", "3", NEWSFOLD_JOBS="7", NEWSFOLD_BATCH_SIZE="20", NEWSFOLD_CONTACT="")
    assert (found["NEWSFOLD_JOBS"]["value"], found["NEWSFOLD_JOBS"]["origin"]) == (3, "option")
    assert (found["NEWSFOLD_BATCH_SIZE"]["value"], found["NEWSFOLD_BATCH_SIZE"]["origin"]) == (20, "environment")
    assert (found["NEWSFOLD_CONTACT"]["value"], found["NEWSFOLD_CONTACT"]["origin"]) == (None, "default")


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://news:hush-4711@db/news",
        "postgresql+psycopg://news@db/news?password=hush-4711&connect_timeout=3",
        "postgresql://news@db/news?sslpassword=hush-4711",
    ],
)
@pytest.mark.parametrize("form", [(), ("--json",)])
def test_a_password_is_never_shown(address: str, form: tuple[str, ...]):
    for done in (
        newsfold("settings", *form, NEWSFOLD_DATABASE_URL=address),
        newsfold("settings", *form, "--db", address),
    ):
        assert done.returncode == 0
        assert "hush-4711" not in done.stdout + done.stderr
        assert "@db/news" in done.stdout


def test_a_wrong_setting_is_one_line_that_says_what_is_allowed():
    done = newsfold("settings", NEWSFOLD_BATCH_SIZE="none")
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert "NEWSFOLD_BATCH_SIZE" in done.stderr


def test_the_example_is_what_the_command_prints():
    assert EXAMPLE.read_text("utf-8") == newsfold("settings", "--env").stdout


def test_the_example_lists_every_setting_with_its_description_and_default(monkeypatch: pytest.MonkeyPatch):
    text = EXAMPLE.read_text("utf-8")
    entries = re.findall(r"((?:^# .*\n)+)^#(NEWSFOLD_\w+)=(.*)$", text.split("\n\n", 1)[1], re.MULTILINE)
    described = {name: " ".join(line.removeprefix("# ") for line in said.splitlines()) for said, name, _ in entries}
    assert described == {one.name: one.description for one in describe({})}
    before = read_settings()
    for _, name, value in entries:
        monkeypatch.setenv(name, value)
    assert read_settings() == before, "the values in the file are the defaults"


def test_settings_are_described_as_they_are_read():
    with pytest.raises(SettingsError, match="NEWSFOLD_JOBS"):
        describe({"jobs": 0})


def test_a_slip_of_the_pen_is_told_and_changes_nothing():
    done = newsfold("settings", "--json", NEWSFOLD_BATCH_SIZ="7", NEWSFOLD_TEST_POSTGRES="x", NEWSFOLD_COLOUR="red")
    assert done.returncode == 0
    assert done.stderr.splitlines() == [
        "newsfold: NEWSFOLD_BATCH_SIZ is no setting, NEWSFOLD_BATCH_SIZE is",
        "newsfold: NEWSFOLD_COLOUR is no setting; newsfold settings lists all",
    ]


def test_who_looks_in_the_wrong_folder_is_told_where_scheduled_runs_write(tmp_path, monkeypatch):
    home, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    for folder in (home, elsewhere):
        folder.mkdir()
    (home / "newsfold.db").touch()
    monkeypatch.chdir(elsewhere)
    done = newsfold("status", NEWSFOLD_HOME=str(home))
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert line.endswith(f"scheduled runs write to sqlite:///{home}/newsfold.db")
    assert "scheduled runs" not in newsfold("status", "--db", "sqlite:///other.db", NEWSFOLD_HOME=str(home)).stderr
