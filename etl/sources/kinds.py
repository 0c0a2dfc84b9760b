"""The kinds of files there are, found in this folder."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from types import ModuleType
from typing import Protocol, cast

import etl.sources
from etl.records import RawDocument, Rejected
from etl.sources.ref import File, Ref


class Kind(Protocol):
    """What a module in this folder offers to be a kind of source."""

    FORMAT: str
    SUFFIXES: tuple[str, ...]

    def split(self, file: File, chunk: int) -> Iterator[Ref]: ...

    def read(self, ref: Ref, source: str, max_bytes: int) -> Iterator[RawDocument | Rejected]: ...


@cache
def kinds() -> dict[str, Kind]:
    """Return the kinds by name."""
    names = (info.name for info in pkgutil.iter_modules(etl.sources.__path__, "etl.sources."))
    found = (module for name in names if hasattr(module := _load(name), "FORMAT"))
    return {module.FORMAT: cast("Kind", module) for module in found}


def kind_of(name: str) -> Kind | None:
    """Return the kind that claims a file by its name, if one does."""
    lower = name.lower()
    return next((kind for kind in kinds().values() if lower.endswith(kind.SUFFIXES)), None)


def _load(name: str) -> ModuleType:
    return importlib.import_module(name)
