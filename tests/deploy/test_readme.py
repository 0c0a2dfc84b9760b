"""deploy/README.md can be followed: its commands exist, take the options it gives, and name what there is.

That they do what it says is seen by tests/flows/test_schedule.py, which runs them.
"""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from etl.settings import Settings
from flows.local import SWITCHES
from flows.report import KEY

ROOT = Path(__file__).parents[2]
README = (ROOT / "deploy" / "README.md").read_text("utf-8")
BLOCKS = [block.strip().splitlines() for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL)]
COMMANDS = [shlex.split(line, comments=True) for block in BLOCKS for line in block]
PREFECT_COMMANDS = [c for c in COMMANDS if c[0] == "prefect"]
DEPLOYMENTS = yaml.safe_load((ROOT / "deploy" / "prefect.yaml").read_text("utf-8"))["deployments"]


def section(title: str) -> str:
    return README.split(f"## {title}\n", 1)[1].split("\n## ", 1)[0]


def test_it_takes_five_commands():
    block = re.findall(r"```sh\n(.*?)```", section("Five commands"), re.DOTALL)
    assert len(block) == 1
    assert len(block[0].strip().splitlines()) == 5


@pytest.mark.parametrize("command", PREFECT_COMMANDS, ids=" ".join)
def test_prefect_has_the_command_and_its_options(command: list[str]):
    words = [word for word in command[1:] if word != "--no-prompt"]
    end = next((i for i, word in enumerate(words) if word.startswith("-")), len(words))
    names = [word for word in words[:end] if re.fullmatch(r"[a-z-]+", word)]
    names = names[: 3 if names[:2] == ["deployment", "schedule"] else 2 if names[0] != "deploy" else 1]
    help_text = subprocess.run(
        [sys.executable, "-m", "prefect", *names, "--help"], capture_output=True, text=True, timeout=120
    )
    assert help_text.returncode == 0, help_text.stderr
    for option in (word for word in words if word.startswith("--")):
        assert option in help_text.stdout


NEWSFOLD_COMMANDS = [c for c in COMMANDS if c[0] == "newsfold"]


@pytest.mark.parametrize("command", NEWSFOLD_COMMANDS, ids=" ".join)
def test_newsfold_has_the_command_and_its_options(command: list[str]):
    names = [word for word in command[1:] if re.fullmatch(r"[a-z]+", word)]
    code = "from etl.cli.main import main; main()"
    help_text = subprocess.run(
        [sys.executable, "-c", code, *names, "--help"], capture_output=True, text=True, timeout=60
    )
    assert help_text.returncode == 0, help_text.stderr
    assert all(word in help_text.stdout for word in command if word.startswith("--"))


def test_files_that_commands_name_are_there():
    made = {"deploy/.env", "deploy/newsfold.env", "deploy/inbox"}
    named = {word for command in COMMANDS for word in command if word.startswith("deploy/")}
    assert all((ROOT / word).exists() for word in named - made)


def test_every_variable_it_sets_is_one_that_is_read():
    named = set(re.findall(r"\b(?:NEWSFOLD|PREFECT)_[A-Z_]+\b|\bDO_NOT_TRACK\b", README))
    ours = {f"NEWSFOLD_{name.upper()}" for name in Settings.model_fields} | {"NEWSFOLD_HOME"}
    assert {name for name in named if name.startswith("NEWSFOLD_")} <= ours
    assert {name for name in named if not name.startswith("NEWSFOLD_")} <= {*SWITCHES, "PREFECT_API_URL"}


def test_the_table_lists_every_deployment():
    rows = re.findall(r"^\| `\w+/(\w+)` \|", section("What there is now"), re.MULTILINE)
    assert rows == [deployment["name"] for deployment in DEPLOYMENTS]


def test_files_and_the_artifact_it_names_exist():
    for path in re.findall(r"--prefect-file (\S+)", README):
        assert (ROOT / path).is_file()
    assert f"Artifacts > {KEY}" in README
