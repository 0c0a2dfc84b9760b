"""The kinds of files there are, found in this folder."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from types import ModuleType
from typing import Protocol, cast

import etl.sources
from etl.errors import Reject
from etl.records import RawDocument, Rejected
from etl.sources import compressed
from etl.sources.ref import File, Passed, Ref, is_object


class Kind(Protocol):
    """What a module in this folder offers to be a kind of source."""

    FORMAT: str
    SUFFIXES: tuple[str, ...]

    def split(self, file: File, chunk: int, start: int = 0) -> Iterator[Ref]: ...

    def read(self, ref: Ref, source: str, max_bytes: int) -> Iterator[RawDocument | Rejected | Passed]: ...


@cache
def kinds() -> dict[str, Kind]:
    """Return the kinds by name."""
    names = (info.name for info in pkgutil.iter_modules(etl.sources.__path__, "etl.sources."))
    found = (module for name in names if hasattr(module := _load(name), "FORMAT"))
    return {module.FORMAT: cast("Kind", module) for module in found}


def kind_of(name: str) -> Kind | None:
    """Return the kind that claims a file by its name, packed or not, if one does."""
    lower = name.lower()
    for packed in compressed.SUFFIXES:
        lower = lower.removesuffix(packed)
    return next((kind for kind in kinds().values() if lower.endswith(kind.SUFFIXES)), None)


def refs(kind: Kind, file: File, chunk: int, start: int = 0) -> Iterator[Ref]:
    """Yield references to all of a file; a file that cannot be cut up is one, so that reading it tells why."""
    if is_object(file.uri):
        yield Ref(file.uri, file.uri, kind.FORMAT)
        return
    try:
        yield from kind.split(file, chunk, start)
    except (Reject, OSError):
        yield Ref(str(file.path), file.uri, kind.FORMAT)


def _load(name: str) -> ModuleType:
    return importlib.import_module(name)
