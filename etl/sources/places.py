"""Places in a WARC file: a stretch of it as a file of its own, and where the next record begins."""

from __future__ import annotations

import io
import os
import zlib
from pathlib import Path
from typing import BinaryIO

import zstandard

from etl.sources.compressed import GZIP, ZSTD

_PLAIN = b"\r\n\r\nWARC/"
_PLAIN_SKIP = 4
_END = b"\r\n\r\n"
_FILLING = b"\r\n\0 "
_VERSION = b"WARC/"
_LOOK_BYTES = 1 << 20
_MEMBER_BYTES = 1 << 10  # of a member, unpacked to see whether a record is in it
_DICTIONARY = b"\x5d\x2a\x4d\x18"  # a zstd frame in front, that all others need


class Slice(io.RawIOBase):
    """The bytes of a file from `start` up to `end`."""

    def __init__(self, path: Path, start: int, end: int) -> None:
        self._file = path.open("rb")
        self._start, self._end = start, end
        self._file.seek(start)

    def read(self, size: int = -1) -> bytes:
        rest = max(0, self._end - self._file.tell())
        return self._file.read(rest if size < 0 else min(size, rest))

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        origin = {os.SEEK_SET: self._start, os.SEEK_CUR: self._file.tell(), os.SEEK_END: self._end}[whence]
        return self._file.seek(max(self._start, origin + offset)) - self._start

    def tell(self) -> int:
        return self._file.tell() - self._start

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self._file.close()
        super().close()


def begins_record(path: Path, at: int) -> bool:
    """Return whether one can begin to read at a place: not inside a member, not behind a dictionary of zstd."""
    with path.open("rb") as file:
        mark = _mark(file)
        return mark is not None and _holds_record(file, at, mark)


def end_of_record(path: Path, at: int, length: int, end: int) -> int:
    """Return where the last record that was found ends; `end` where behind it there are only line feeds or zeros.

    length  of its block, as it says.
    """
    with path.open("rb") as file:
        mark = _mark(file)
        if mark is None or not _holds_record(file, at, mark):
            return end
        file.seek(at)
        found = at + (_end_of_block(file, length) if mark == _PLAIN else _end_of_member(file, mark))
        file.seek(found)
        behind = file.read(_LOOK_BYTES)
        rest = behind.lstrip(_FILLING)
        return found + len(behind) - len(rest) if rest else end


def _end_of_block(file: BinaryIO, length: int) -> int:
    return file.read(_LOOK_BYTES).find(_END) + len(_END) + length


def _end_of_member(file: BinaryIO, mark: bytes) -> int:
    """Return the packed length of a member; all that is left of the file where it has no end."""
    gzip = mark == GZIP
    unpack = zlib.decompressobj(31) if gzip else zstandard.ZstdDecompressor(max_window_size=1 << 27).decompressobj()
    size = 0
    while not unpack.eof and (data := file.read(_MEMBER_BYTES)):
        unpack.decompress(data)
        size += len(data)
    return size - len(unpack.unused_data)


def next_record(path: Path, start: int, end: int) -> int:
    """Return where the first record begins in a stretch of a file that follows a damaged one; `end` if none does."""
    with path.open("rb") as file:
        mark, at = _mark(file), start
        while mark and at < end:
            file.seek(at)
            data = file.read(min(_LOOK_BYTES, end - at))
            found = data.find(mark)
            while found >= 0:
                begin = at + found + (_PLAIN_SKIP if mark == _PLAIN else 0)
                if _holds_record(file, begin, mark):
                    return begin
                found = data.find(mark, found + 1)
            at += max(1, len(data) - len(mark) + 1) if len(data) == _LOOK_BYTES else len(data)
    return end


def _mark(file: BinaryIO) -> bytes | None:
    """Return what the records of a file begin with; None where nobody can begin but at its beginning."""
    first = file.read(4)
    if first == _DICTIONARY:
        return None
    return next((magic for magic in (GZIP, ZSTD) if first.startswith(magic)), _PLAIN)


def _holds_record(file: BinaryIO, at: int, mark: bytes) -> bool:
    file.seek(at)
    data = file.read(_MEMBER_BYTES)
    if mark == _PLAIN or not data.startswith(mark):
        return mark == _PLAIN and data.startswith(_VERSION)
    try:
        if mark == GZIP:
            return zlib.decompressobj(31).decompress(data, len(_VERSION)) == _VERSION
        return zstandard.ZstdDecompressor(max_window_size=1 << 27).decompressobj().decompress(data).startswith(_VERSION)
    except (zlib.error, zstandard.ZstdError):
        return False
