"""Bytes of a file, unpacked where it is packed with gzip or zstd; the first bytes tell, not the name.

A packed file has no places to jump to, so a range of it is a range of packed bytes: what was unpacked from them
belongs to it. A worker unpacks what comes before its range and drops it, a hundredth of the work that articles are.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import zstandard

from etl.errors import Reject
from etl.sources.ref import File, Ref, file_state

SUFFIXES = (".gz", ".zst")
GZIP, ZSTD = b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd"
BLOCK_BYTES = 1 << 16  # packed bytes read at a time: part of what a range means, so never changed lightly
RANGE_BYTES = 16 << 20  # packed bytes in one range: some ten thousand records
_OUT_BYTES = 1 << 20  # unpacked bytes held at a time
_ZSTD_BYTES = 1 << 11  # packed bytes handed over at a time: four of them may stand for 128 KiB
_BOMB_BYTES = 64 << 20  # nothing smaller is called a bomb
_BOMB_RATIO = 250  # text shrinks to a fifth, the most repetitive tables that were looked at to a sixtieth


def is_packed(path: Path) -> bool:
    """Return whether a file begins as gzip or zstd do. raises OSError."""
    with path.open("rb") as file:
        return _packing(file.read(4)) is not None


def split_packed(file: File, format_: str, chunk: int, start: int = 0) -> Iterator[Ref]:
    """Yield references to ranges of a file that cannot be looked into without reading it all."""
    state, size = file_state(file.path), file.path.stat().st_size
    for begin in range(start, size, RANGE_BYTES):
        yield Ref(str(file.path), file.uri, format_, chunk, begin, min(begin + RANGE_BYTES, size), state)


def unpacked(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield (place, bytes) until the end; place: of the block of the file that they were in.

    raises  Reject "broken" or "bomb"; OSError. What could be unpacked was yielded before.
    """
    with path.open("rb") as file:
        packing = _packing(file.read(4))
        file.seek(0)
        total = 0
        for at, data in {GZIP: _gunzip, ZSTD: _unzstd, None: _plain}[packing](file):
            total += len(data)
            refuse_bomb(total, at + BLOCK_BYTES)
            yield at, data


def head(path: Path, size: int) -> bytes:
    """Return the first bytes, unpacked; fewer where the file is shorter or broken."""
    found = b""
    try:
        for _, data in unpacked(path):
            found += data
            if len(found) >= size:
                break
    except Reject:
        pass
    return found[:size]


def lines(path: Path, start: int, end: int, most_bytes: int) -> Iterator[tuple[int, bytes]]:
    """Yield (place, line with its line feed) of every line that begins in a range of the file.

    A line of more than `most_bytes` comes cut off, but longer than that. raises as `unpacked` does.
    """
    line, line_at = bytearray(), 0
    for at, data in _of_range(path, start, end):
        if not line:
            line_at = at
        begin = 0
        while (cut := data.find(b"\n", begin)) >= 0:
            if line_at >= end:
                return
            if line_at >= start:
                yield line_at, bytes(line) + data[begin : cut + 1] if line else data[begin : cut + 1]
            line.clear()
            line_at, begin = at, cut + 1
        if len(line) <= most_bytes:
            line += data[begin:]
    if line and start <= line_at < end:
        yield line_at, bytes(line)


def _of_range(path: Path, start: int, end: int) -> Iterator[tuple[int, bytes]]:
    """Unpack a file. Damage is told to the range it lies in alone: to the others the file just ends there."""
    at = 0
    try:
        for at, data in unpacked(path):
            yield at, data
    except Reject:
        if start <= at < end:
            raise


def refuse_bomb(unpacked_bytes: int, packed_bytes: int) -> None:
    """Refuse (Reject "bomb") what grows beyond all measure."""
    if unpacked_bytes > _BOMB_BYTES and unpacked_bytes > _BOMB_RATIO * packed_bytes:
        said = f"{packed_bytes:,} bytes unpack to more than {unpacked_bytes:,}, over {_BOMB_RATIO} times as many"
        raise Reject("read", "bomb", said)


def _packing(first: bytes) -> bytes | None:
    return GZIP if first.startswith(GZIP) else ZSTD if first.startswith(ZSTD) else None


def _plain(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    at = 0
    while data := file.read(BLOCK_BYTES):
        yield at, data
        at += len(data)


def _gunzip(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Unpack all members of a gzip file; sizes and checksums are compared by zlib."""
    inflate = zlib.decompressobj(31)
    for at, block in _plain(file):
        data = block
        while data:
            if inflate.eof:
                data = data.lstrip(b"\0")  # some programs fill up the last block of a tape
                inflate = zlib.decompressobj(31) if data else inflate
                continue
            try:
                out = inflate.decompress(data, _OUT_BYTES)
            except zlib.error as err:
                raise Reject("read", "broken", f"gzip: damaged after byte {at:,}: {err}") from None
            if out:
                yield at, out
            data = inflate.unused_data if inflate.eof else inflate.unconsumed_tail
    if not inflate.eof:
        raise Reject("read", "broken", "gzip: the file ends in the middle, its end is missing")


def _unzstd(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Unpack all frames of a zstd file."""
    decompressor = zstandard.ZstdDecompressor(max_window_size=1 << 27)  # as much as the zstd command grants itself
    unpack = decompressor.decompressobj()
    for at, block in _plain(file):
        data, rest = block[:_ZSTD_BYTES], block[_ZSTD_BYTES:]
        while data:
            unpack = decompressor.decompressobj() if unpack.eof else unpack
            try:
                out = unpack.decompress(data)
            except zstandard.ZstdError as err:
                raise Reject("read", "broken", f"zstd: damaged after byte {at:,}: {err}") from None
            if out:
                yield at, out
            rest = (unpack.unused_data if unpack.eof else b"") + rest
            data, rest = rest[:_ZSTD_BYTES], rest[_ZSTD_BYTES:]
    if not unpack.eof:
        raise Reject("read", "broken", "zstd: the file ends in the middle, its end is missing")
