"""The only reader of the environment: one frozen value, made when a command or a flow starts."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from etl.errors import SettingsError


class Settings(BaseSettings):
    """What a deployment changes. Numbers that rule an algorithm live beside the code they rule."""

    model_config = SettingsConfigDict(env_prefix="NEWSFOLD_", frozen=True, extra="ignore")

    database_url: str = Field("sqlite:///newsfold.db", description="SQLAlchemy URL of the database")
    batch_size: int = Field(500, ge=1, le=100_000, description="documents in one batch, which is one task")
    jobs: int = Field(
        default_factory=lambda: os.cpu_count() or 1, ge=1, le=256, description="batches folded at the same time"
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
    """Return the settings; values given on the command line win over the environment.

    raises  SettingsError with one line that names the setting, the value and what is allowed.
    """
    try:
        return Settings(**{key: value for key, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as err:
        first = err.errors()[0]
        name = "NEWSFOLD_" + str(first["loc"][0]).upper() if first["loc"] else "settings"
        raise SettingsError(f"{name}: {first['msg']}, got {first.get('input')!r}") from None
