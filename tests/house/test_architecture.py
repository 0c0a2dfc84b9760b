"""The import rule, and what must not be loaded for a command to start."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_import_contracts_hold():
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_help_loads_no_heavy_library():
    code = (
        "import sys; from etl.cli.main import app\n"
        "from typer.testing import CliRunner\n"
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0\n"
        "heavy = {'prefect', 'sqlalchemy', 'datasketch', 'numpy', 'lxml', 'bs4', 'alembic', 'pydantic'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_no_drawer_modules():
    drawers = {"utils", "helpers", "common", "misc", "manager"}
    assert not [p for folder in ("etl", "flows") for p in (ROOT / folder).rglob("*.py") if p.stem in drawers]


def test_migrations_are_no_package():
    assert not list((ROOT / "migrations").rglob("__init__.py"))
