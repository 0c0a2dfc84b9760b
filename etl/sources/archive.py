"""Zip files: each member is read as the kind its name says, by way of a temporary file with a name of our own.

A member goes by `archive.zip!/name`. Names are never used as paths.
"""

from __future__ import annotations

import os
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from urllib.parse import quote

from etl.errors import Reject
from etl.records import RawDocument, Rejected
from etl.sources.compressed import refuse_bomb
from etl.sources.kinds import Kind, kind_of, refs
from etl.sources.read import documents
from etl.sources.ref import File, Passed, Ref, file_state

FORMAT = "zip"
SUFFIXES = (".zip",)
RANGES = True
_INSIDE = ".zip!/"
_MOST_MEMBERS = 1_000_000
_COPY_BYTES = 1 << 20
_ALL = 1 << 40
_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)

Read = RawDocument | Rejected | Passed


def split(file: File, chunk: int, start: int = 0) -> Iterator[Ref]:
    """Yield references to `chunk` members each, in the order they lie in the file. raises Reject."""
    with file.path.open("rb") as stream:
        places = [place for place, _ in _members(_open(stream)) if place >= start]
    state, size = file_state(file.path), file.path.stat().st_size
    begins = places[::chunk]
    for begin, end in zip(begins, [*begins[1:], size], strict=False):
        yield Ref(str(file.path), file.uri, FORMAT, chunk, begin, end, state)


def read(ref: Ref, source: str, max_bytes: int) -> Iterator[Read]:
    """Yield the documents of the members of a range. raises Reject."""
    path = Path(ref.path)
    with path.open("rb") as stream, tempfile.TemporaryDirectory(prefix="newsfold-") as folder:
        archive, time_ns = _open(stream), path.stat().st_mtime_ns
        for place, member in _members(archive):
            kind = kind_of(member.filename)
            uri = ref.uri + _INSIDE[4:] + quote(member.filename)
            if not ref.start <= place < ref.end or member.is_dir():
                continue
            if kind is None or _is_hidden(member.filename):
                yield Passed("a file of another kind inside a zip file")
                continue
            target = Path(folder) / ("member" + kind.SUFFIXES[0])
            limit = _ALL if getattr(kind, "RANGES", False) else max_bytes + 1  # of one document, no more than is read
            try:
                _refuse(member, kind, uri)
                _unpack(archive, member, target, limit)
            except Reject as err:
                yield Rejected(uri, err.stage, err.reason, err.detail)
                continue
            os.utime(target, ns=(time_ns, time_ns))
            yield from _documents(File(target, uri), kind, source, max_bytes)


def _documents(file: File, kind: Kind, source: str, max_bytes: int) -> Iterator[Read]:
    for ref in refs(kind, file, _ALL):
        yield from documents(ref, source, max_bytes)
    file.path.unlink()


def _open(stream: BinaryIO) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(stream)
    except _FAULTS as err:
        raise Reject("read", "broken", f"cannot be read as a zip file: {_said(err)}") from None


def _members(archive: zipfile.ZipFile) -> list[tuple[int, zipfile.ZipInfo]]:
    """Return (place, member) in the order they lie in the file; what stands before the first belongs to it.

    raises  Reject: too many, or lying over each other, as they do in some bombs.
    """
    members = sorted(archive.infolist(), key=lambda m: m.header_offset)
    if len(members) > _MOST_MEMBERS:
        raise Reject("read", "too-large", f"{len(members):,} members, over {_MOST_MEMBERS:,}")
    for one, other in pairwise(members):
        if one.header_offset + one.compress_size > other.header_offset:
            raise Reject("read", "bomb", f"a zip file whose members lie over each other: {one.filename[:80]}")
    return [(member.header_offset if n else 0, member) for n, member in enumerate(members)]


def _refuse(member: zipfile.ZipInfo, kind: Kind, uri: str) -> None:
    """Refuse (Reject) a member that is better not unpacked."""
    name = member.filename
    if name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") or ":" in name[:3]:
        raise Reject("read", "unsafe-name", f"a name that leads out of its folder: {name[:200]}")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise Reject("read", "link", "a symbolic link inside a zip file, which is not followed")
    if member.flag_bits & 1:
        raise Reject("read", "encrypted", "encrypted: unpack it with its password and read the file")
    if kind.FORMAT == FORMAT and uri.count(_INSIDE) > 1:
        raise Reject("read", "nested", "a zip file in a zip file in a zip file: unpack the outer one first")


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, limit: int) -> None:
    """Write up to `limit` bytes of a member to a file. What its header says of its size is not believed."""
    try:
        with archive.open(member) as packed, target.open("wb") as file:
            while file.tell() < limit and (data := packed.read(min(_COPY_BYTES, limit - file.tell()))):
                file.write(data)
                refuse_bomb(file.tell(), member.compress_size)
    except _FAULTS as err:
        raise Reject("read", "broken", f"damaged inside its zip file: {_said(err)}") from None


def _is_hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) and not part.startswith("..") for part in PurePosixPath(name).parts)


def _said(err: Exception) -> str:
    return " ".join(str(err).split())[:200] or type(err).__name__
