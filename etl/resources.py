"""Where the files that ship with newsfold are: inside the wheel, or beside the package in a checkout."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent


def _folder(inside: str, beside: str) -> Path:
    shipped = _HERE / inside
    return shipped if shipped.is_dir() else _HERE.parent / beside


def seeds() -> Path:
    """Return the folder with phrases, sources and the sample corpus."""
    return _folder("_seeds", "seeds")


def migrations() -> Path:
    """Return the folder with the Alembic migrations."""
    return _folder("_migrations", "migrations")


def deployments() -> Path:
    """Return the file that says what Prefect runs, and when."""
    return _folder("_deploy", "deploy") / "prefect.yaml"
