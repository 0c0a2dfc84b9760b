"""What is installed elsewhere has everything it needs: migrations, phrases, the sample."""

import os
import subprocess
import sys
import zipfile

import pytest

from tests.support import ROOT


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(folder / "site")
    return folder / "site"


def test_the_wheel_holds_the_packages_and_their_data(installed):
    names = {p.relative_to(installed).as_posix() for p in installed.rglob("*") if p.is_file()}
    assert "flows/ingest.py" in names
    assert "etl/_migrations/env.py" in names
    assert "etl/_seeds/phrases/en.toml" in names
    assert "etl/_seeds/sample/truth.toml" in names
    assert not [n for n in names if n.startswith(("tests/", "deploy/"))]


def test_the_installed_command_makes_a_database_from_its_own_migrations(installed, tmp_path):
    (tmp_path / "a.txt").write_text("The ferry to Osterhall will sail again on Friday, the port authority said.")
    code = "from etl.cli.main import main; main()"
    env = {**os.environ, "PYTHONPATH": str(installed), "PYTHONSAFEPATH": "1"}
    where = subprocess.run(
        [sys.executable, "-c", "import etl; print(etl.__file__)"], cwd=tmp_path, env=env, capture_output=True, text=True
    )
    assert where.stdout.startswith(str(installed))
    done = subprocess.run(
        [sys.executable, "-c", code, "ingest", "a.txt", "--direct"],
        cwd=tmp_path,
        env=env,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "1 read = 1 loaded" in done.stdout
