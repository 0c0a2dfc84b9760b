"""What cannot be built here is looked at: the image holds what it needs and no more, the units are ones systemd takes."""

import fnmatch
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text("utf-8")
COPIED = [words.split() for words in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)]
UNITS = sorted(DEPLOY.glob("*.service"))


def sources() -> set[str]:
    return {name for *names, _ in COPIED for name in names}


def test_what_is_copied_reaches_the_builder():
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    let_through = {line[1:] for line in lines if line.startswith("!")}
    assert lines[1] == "*", "everything is kept out but what is named"
    assert sources() == let_through
    assert all((ROOT / name).exists() for name in let_through)
    assert not [name for name in let_through if fnmatch.fnmatch(name, "*env*") or "secret" in name]


def test_a_wheel_can_be_built_from_what_is_copied(tmp_path: Path):
    for *names, to in COPIED[: DOCKERFILE.split("\nFROM ")[1].count("\nCOPY ")]:
        for name in names:
            target = tmp_path / (Path(name).name if to == "./" else to)
            target.parent.mkdir(exist_ok=True)
            (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, target)
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "dist")]
    done = subprocess.run(build, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    [wheel] = (tmp_path / "dist").glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {"etl/_deploy/prefect.yaml", "etl/_migrations/env.py", "flows/serve.py"} <= set(names)


def test_nobody_is_root_in_the_image():
    last = DOCKERFILE.rsplit("\nFROM ", 1)[1]
    assert re.search(r"^USER [1-9][0-9]+$", last, re.MULTILINE)
    assert "pip" not in last, "what builds stays in the stage that builds"
    assert "HEALTHCHECK" in last


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_units_run_commands_there_are(unit: Path, tmp_path: Path):
    text = unit.read_text("utf-8")
    [command] = re.findall(r"^ExecStart=/opt/newsfold/bin/(.+)$", text, re.MULTILINE)
    name, *words = command.split()
    module = ["-c", "from etl.cli.main import main; main()"] if name == "newsfold" else ["-m", name]
    verbs = [word for word in words if re.fullmatch(r"[a-z]+", word)][: 1 if name == "newsfold" else 2]
    done = subprocess.run([sys.executable, *module, *verbs, "--help"], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert all(word in done.stdout for word in words if word.startswith("--"))


def test_systemd_takes_the_units(tmp_path: Path):
    """Where systemd is; elsewhere the commands have been looked at all the same."""
    here = [tmp_path / unit.name for unit in UNITS]
    for path, unit in zip(here, UNITS, strict=True):
        path.write_text(unit.read_text("utf-8").replace("/opt/newsfold/bin", str(Path(sys.executable).parent)), "utf-8")
    assert {path.name for path in here} == {"newsfold.service", "newsfold-server.service", "newsfold-worker.service"}
    if shutil.which("systemd-analyze"):
        done = subprocess.run(["systemd-analyze", "verify", *here], capture_output=True, text=True, timeout=60)
        assert (done.returncode, done.stderr) == (0, "")
