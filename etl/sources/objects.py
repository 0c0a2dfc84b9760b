"""Objects of a store: s3://bucket/key, folders and globs of them. Each is read as a file of its kind.

A reference is the address, so that any worker can take it. The worker fetches the object into a file of its own for
as long as it reads it; keys to the store come from the worker's environment, as the library of the store has them.
"""

from __future__ import annotations

import glob
import os
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from etl.errors import InputError
from etl.records import RawDocument, Rejected
from etl.sources.kinds import kinds
from etl.sources.ref import File, Passed, Ref

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

_DATES = ("LastModified", "last_modified", "updated", "mtime")  # what the libraries call the time of the last change
_DOCUMENTS = 500  # in one range of an object while it is read


def found(locator: str) -> list[File]:
    """Return the objects that an address stands for: one, all below a folder, or what a glob matches.

    raises  InputError: no library for the store, or no way in.
    """
    try:
        system, key = _store(locator)
        keys = system.glob(key) if glob.has_magic(key) else system.find(key)
    except ImportError as err:
        raise InputError(f"{locator}: {err}; for s3:// install newsfold[s3]") from None
    except Exception as err:  # noqa: BLE001 - each library has errors of its own
        raise InputError(f"{locator}: {_line(err)}") from None
    scheme = locator.partition("://")[0].lower()
    names = (str(one).removeprefix(f"{scheme}://") for one in sorted(keys))
    return [File(Path(PurePosixPath(one).name), f"{scheme}://{one}") for one in names if "/." not in one]


def read(ref: Ref, source: str, max_bytes: int) -> Iterator[RawDocument | Rejected | Passed]:
    """Fetch an object and yield what is in it; its time is the one that the store gives. raises OSError."""
    kind = kinds()[ref.format]
    with tempfile.TemporaryDirectory(prefix="newsfold-") as place:
        path = Path(place, PurePosixPath(ref.uri).name)
        _fetch(ref.uri, path)
        for piece in kind.split(File(path, ref.uri), _DOCUMENTS):
            yield from kind.read(piece, source, max_bytes)


def _store(address: str) -> tuple[AbstractFileSystem, str]:
    """Return the store and the key in it. What is in a store is asked anew: a worker lives longer than a list."""
    import fsspec  # few inputs are objects, and every start would pay for it

    system, key = fsspec.url_to_fs(address, use_listings_cache=False)
    return system, str(key)


def _fetch(uri: str, path: Path) -> None:
    """Copy an object into a file, with its time. raises OSError."""
    try:
        system, key = _store(uri)
        told = system.info(key)
        system.get_file(key, str(path))
    except Exception as err:
        raise OSError(_line(err)) from err
    changed = next((told[name] for name in _DATES if told.get(name)), 0)
    at = datetime.fromisoformat(changed) if isinstance(changed, str) else changed
    seconds = at.timestamp() if isinstance(at, datetime) else float(at)
    os.utime(path, (seconds, seconds))


def _line(err: Exception) -> str:
    return " ".join(str(err).split())[:200] or type(err).__name__
