"""The only reader of the environment: one frozen value, made when a command or a flow starts."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from etl import log
from etl.errors import SettingsError
from etl.log import LogFormat

DATABASE_FILE = "newsfold.db"
_FOR_TESTS = "NEWSFOLD_TEST_"


class Settings(BaseSettings):
    """What a deployment changes. Numbers that rule an algorithm live beside the code they rule."""

    # An empty variable is one that is not set: files of settings list them all, most of them empty.
    model_config = SettingsConfigDict(env_prefix="NEWSFOLD_", env_ignore_empty=True, frozen=True, extra="ignore")

    home: Path = Field(
        default_factory=lambda: Path.home() / "newsfold",
        description="folder that scheduled runs and their relative paths start in; default: ~/newsfold",
    )
    database_url: str = Field(f"sqlite:///{DATABASE_FILE}", description="SQLAlchemy URL of the database")
    batch_size: int = Field(500, ge=1, le=100_000, description="documents in one batch, which is one task")
    jobs: int = Field(
        default_factory=lambda: os.cpu_count() or 1,
        ge=1,
        le=256,
        description="batches folded at the same time; default: one a core",
    )
    max_document_mb: int = Field(32, ge=1, le=1024, description="larger documents are rejected, in MiB")
    story_size_alarm: int = Field(
        200, ge=2, description="articles in a story above which it is looked at: the most that one text is printed"
    )
    contact: str | None = Field(
        None,
        max_length=200,
        pattern=r"^[\x20-\x7e]+$",
        description="mail or web address, told to the sites that are read",
    )
    host_interval_s: float = Field(5.0, ge=0, le=3600, description="between two requests to one host, in seconds")
    robots: bool = Field(True, description="ask for robots.txt before a page, and obey it")
    allow_private: bool = Field(False, description="read from private and loopback addresses too, at any port")
    log_format: LogFormat | None = Field(None, description="write a log to standard error: text or json; default: none")
    metrics_file: Path | None = Field(
        None, description="file for the metrics of each run in Prometheus' text format; {flow} in it is replaced"
    )
    document_cpu_s: int = Field(
        60, ge=1, le=3600, description="processor seconds after which a document is given up, in worker processes"
    )
    isolated_memory_mb: int | None = Field(
        None, ge=256, description="memory of a batch that killed its workers; default: half of the machine's"
    )
    dask_address: str | None = Field(None, description="scheduler of a running Dask cluster: tcp://host:8786")
    ray_address: str | None = Field(None, description="head of a running Ray cluster: ray://host:10001 or host:6379")
    spool_folder: Path | None = Field(None, description="where standard input is kept while it is read; default: temp")


def read_settings(**given: object) -> Settings:
    """Return the settings, and log as they say; values given on the command line win over the environment.

    raises  SettingsError with one line that names the setting, the value and what is allowed.
    """
    try:
        settings = Settings(**{key: value for key, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as err:
        first = err.errors()[0]
        name = variable(str(first["loc"][0])) if first["loc"] else "settings"
        raise SettingsError(f"{name}: {first['msg']}, got {first.get('input')!r}") from None
    log.configure(settings.log_format)
    return settings


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as it is now."""

    name: str  # of its variable
    value: object
    origin: Literal["option", "environment", "default"]
    description: str


def describe(given: Mapping[str, object]) -> list[Setting]:
    """Return every setting with its value and where that comes from. given: what the command line says, or None.

    raises  SettingsError as `read_settings` does.
    """
    now = read_settings(**given)
    set_in_environment = {name.upper() for name, value in os.environ.items() if value}

    def origin(field: str) -> Literal["option", "environment", "default"]:
        if given.get(field) is not None:
            return "option"
        return "environment" if variable(field) in set_in_environment else "default"

    return [
        Setting(variable(field), getattr(now, field), origin(field), info.description or "")
        for field, info in Settings.model_fields.items()
    ]


def scheduled_database(settings: Settings) -> str | None:
    """Return the SQLite file of scheduled runs where the settings name one of that name here, and none is here."""
    here, there = Path(DATABASE_FILE), settings.home.expanduser() / DATABASE_FILE
    named = settings.database_url == f"sqlite:///{DATABASE_FILE}" and not here.exists() and there.is_file()
    return f"sqlite:///{there}" if named else None


def misspelt() -> list[str]:
    """Return a line for each variable that looks like a setting and is none: it would change nothing in silence."""
    known = {variable(field) for field in Settings.model_fields}
    found = []
    for name in sorted(os.environ):
        if name.upper().startswith("NEWSFOLD_") and name.upper() not in known and not name.startswith(_FOR_TESTS):
            [*near] = get_close_matches(name.upper(), known, 1, cutoff=0.85)
            found.append(f"{name} is no setting" + (f", {near[0]} is" if near else "; newsfold settings lists all"))
    return found


def variable(field: str) -> str:
    """Return the name of the environment variable of a setting."""
    return f"NEWSFOLD_{field.upper()}"
