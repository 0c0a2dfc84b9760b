"""Content codings undone within a limit: what is over it is never made, however small the bytes that ask for it."""

from __future__ import annotations

import zlib
from collections.abc import Callable

import brotli
import zstandard

from etl.fetch.exchange import Refusal

_MOST_CODINGS = 2  # one over the other
_ZSTD_WINDOW_BYTES = 8 << 20  # RFC 9659: what a client of the web must take, and need not exceed
_ZSTD_SLICE_BYTES = 256  # four bytes may stand for 128 KiB: 8 MiB at most come of one slice
_GZIP = b"\x1f\x8b"


def decoded(wire: bytes, codings: str, max_bytes: int) -> bytes:
    """Return a body without its content codings, at most `max_bytes` and one.

    codings  the header Content-Encoding; "" for none.
    raises   Refusal "encoding": unknown, too many, broken or cut off.
    """
    names = [name for name in (part.strip().lower() for part in codings.split(",")) if name and name != "identity"]
    if len(names) > _MOST_CODINGS:
        raise Refusal("encoding", f"compressed {len(names)} times over: {codings[:80]!r}")
    body = wire
    for name in reversed(names):
        if name not in _DECODERS:
            raise Refusal("encoding", f"unknown content coding {name[:40]!r}")
        try:
            body = _DECODERS[name](body, max_bytes + 1) if body else b""
        except (zlib.error, brotli.error, zstandard.ZstdError) as err:
            raise Refusal("encoding", f"broken {name}: {err}") from None
    return body


def _gzip(data: bytes, limit: int) -> bytes:
    """Undo gzip, which may come in several members; what is not compressed, though declared so, is left alone."""
    if not data.startswith(_GZIP):
        return data
    pieces, size, rest = list[bytes](), 0, data
    while rest.startswith(_GZIP) and size < limit:
        member = zlib.decompressobj(wbits=31)
        piece = _inflated(member, rest, limit - size)
        pieces.append(piece)
        size += len(piece)
        rest = member.unused_data
    return b"".join(pieces)


def _deflate(data: bytes, limit: int) -> bytes:
    """Undo deflate, with the header of zlib or, as some servers send it, without."""
    try:
        return _inflated(zlib.decompressobj(), data, limit)
    except zlib.error:
        return _inflated(zlib.decompressobj(wbits=-15), data, limit)


def _inflated(stream: zlib._Decompress, data: bytes, limit: int) -> bytes:
    out = stream.decompress(data, limit)
    if not stream.eof and len(out) < limit:
        raise Refusal("encoding", "the compressed body ends before its time")
    return out


def _brotli(data: bytes, limit: int) -> bytes:
    stream, out = brotli.Decompressor(), bytearray()
    piece = stream.process(data, output_buffer_limit=limit)
    while True:
        out += piece
        if len(out) >= limit or stream.is_finished():
            return bytes(out[:limit])
        if stream.can_accept_more_data():
            raise Refusal("encoding", "the compressed body ends before its time")
        piece = stream.process(b"", output_buffer_limit=limit - len(out))


def _zstd(data: bytes, limit: int) -> bytes:
    """Undo zstd, which may come in several frames; bytes go in by the slice, for its blocks may be huge."""
    decoder = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW_BYTES)
    out, at, frame = bytearray(), 0, decoder.decompressobj()
    while at < len(data) and len(out) < limit:
        piece = data[at : at + _ZSTD_SLICE_BYTES]
        out += frame.decompress(piece)
        at += len(piece)
        if frame.eof:
            at -= len(frame.unused_data)
            frame = decoder.decompressobj()
        elif at == len(data) and len(out) < limit:
            raise Refusal("encoding", "the compressed body ends before its time")
    return bytes(out[:limit])


_DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
ACCEPTED = "gzip, deflate, br, zstd"
