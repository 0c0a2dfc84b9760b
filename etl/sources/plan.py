"""From what the user named to references: which files, of which kind, in which batches."""

from __future__ import annotations

import glob
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from etl.errors import InputError
from etl.sources import objects
from etl.sources.kinds import Kind, kind_of, kinds, refs
from etl.sources.ref import File, Ref, is_object


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be read. Every file is named once, in the order of its address."""

    files: tuple[tuple[File, str], ...]  # file and the format it is read as
    ignored: int  # files of other kinds, found in folders

    @property
    def total_bytes(self) -> int:
        """Return the size of all files, for a progress bar; one that is gone meanwhile counts nothing."""
        return sum(file.path.stat().st_size for file, _ in self.files if file.path.exists())

    @property
    def is_of_pages(self) -> bool:
        """Whether each file is a document by itself, so that their number is known."""
        return not any(getattr(kinds()[name], "RANGES", False) for _, name in self.files)

    def refs(self, chunk: int) -> Iterator[Ref]:
        """Yield references to at most `chunk` documents each, reading no further ahead than needed."""
        for file, name in self.files:
            yield from refs(kinds()[name], file, chunk)


def plan(locators: Sequence[str | File], form: str = "auto") -> Plan:
    """Return what the locators stand for: files, folders (searched to the bottom), globs.

    raises  InputError for a path that cannot be read, a folder without documents, an unknown format.
    """
    if form != "auto" and form not in kinds():
        raise InputError(f"unknown format {form!r}: newsfold reads {', '.join(sorted(kinds()))} or auto")
    files: dict[str, tuple[File, str]] = {}
    ignored = 0
    for locator in locators:
        found, others = _expand(locator, form)
        ignored += others
        for file, name in found:
            files.setdefault(file.uri, (file, name))
    return Plan(tuple(files[uri] for uri in sorted(files)), ignored)


def batches(refs: Iterable[Ref], sizes: Iterable[int]) -> Iterator[tuple[Ref, ...]]:
    """Group references into batches of about so many documents; the last of the sizes is that of all that follow."""
    batch: list[Ref] = []
    documents, rest = 0, iter(sizes)
    size = next(rest, 1)
    for ref in refs:
        if batch and documents + ref.documents > size:
            yield tuple(batch)
            batch, documents, size = [], 0, next(rest, size)
        batch.append(ref)
        documents += ref.documents
    if batch:
        yield tuple(batch)


def _expand(locator: str | File, form: str) -> tuple[list[tuple[File, str]], int]:
    if isinstance(locator, File):
        return [(locator, _named(locator.path, form).FORMAT)], 0
    if is_object(locator):
        return _objects(locator, form)
    path = _path(locator)
    if path.is_dir():
        return _folder(path, form)
    if path.exists():
        return [(_file(path), _named(path, form).FORMAT)], 0
    if glob.has_magic(locator):
        found = glob.glob(locator, recursive=True)  # noqa: PTH207 - Path.glob takes no absolute pattern
        paths = [Path(p) for p in found if Path(p).is_file()]
        if not paths:
            raise InputError(f"no file matches {locator!r}")
        return [(_file(p), _named(p, form).FORMAT) for p in paths], 0
    raise InputError(f"no such file or folder: {locator}")


def _objects(locator: str, form: str) -> tuple[list[tuple[File, str]], int]:
    found = objects.found(locator)
    known = [(file, kind) for file in found if (kind := kinds()[form] if form != "auto" else kind_of(file.path.name))]
    if not known:
        raise InputError(f"no documents at {locator}: newsfold reads objects named {_suffixes()}")
    return [(file, kind.FORMAT) for file, kind in known], len(found) - len(known)


def _path(locator: str) -> Path:
    parts = urlsplit(locator)
    if parts.scheme in ("http", "https"):
        raise InputError(f"{locator}: only newsfold ingest reads addresses; save the page first")
    return Path(unquote(parts.path)) if parts.scheme == "file" else Path(locator).expanduser()


def _folder(folder: Path, form: str) -> tuple[list[tuple[File, str]], int]:
    try:
        paths = [p for p in folder.rglob("*") if p.is_file() and not p.name.startswith(".")]
    except OSError as err:
        raise InputError(f"{folder}: {err.strerror}") from None
    known = [(p, kind) for p in paths if (kind := kinds()[form] if form != "auto" else kind_of(p.name))]
    if not known:
        raise InputError(f"no documents in {folder}: newsfold reads files named {_suffixes()}")
    return [(_file(p), kind.FORMAT) for p, kind in known], len(paths) - len(known)


def _named(path: Path, form: str) -> Kind:
    kind = kinds()[form] if form != "auto" else kind_of(path.name)
    if kind is None:
        raise InputError(f"{path}: unknown format; newsfold reads {_suffixes()}, or say which with --format")
    try:
        with path.open("rb"):
            return kind
    except OSError as err:
        raise InputError(f"{path}: {err.strerror}") from None


def _file(path: Path) -> File:
    whole = path.resolve()
    return File(whole, whole.as_uri())


def _suffixes() -> str:
    return ", ".join(suffix for kind in kinds().values() for suffix in kind.SUFFIXES)
