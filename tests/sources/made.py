"""Files for the tests of sources, made of a few words of our own."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

from etl.records import RawDocument, Rejected
from etl.sources import Passed, plan, read

LIMIT = 1 << 16


def page(n: int, words: int = 60) -> bytes:
    """A page with a story of its own."""
    text = " ".join(f"The ferry number {n} sailed {k} times." for k in range(words // 6))
    return f"<html><title>Ferry {n}</title><body><h1>Ferry {n}</h1><p>{text}</p></body></html>".encode()


def record(body: bytes, uri: str = "https://news.example/a", lie: int = 0, **headers: str) -> bytes:
    """A WARC record as it stands; `lie` is added to its length, _ in names of headers stands for -."""
    head = {
        "WARC-Type": "response",
        "WARC-Target-URI": uri,
        "WARC-Date": "2026-01-02T03:04:05Z",
        "WARC-Record-ID": "<urn:uuid:00000000-0000-0000-0000-000000000001>",
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": str(len(body) + lie),
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items() if value)
    return f"WARC/1.0\r\n{lines}\r\n".encode() + body + b"\r\n\r\n"


def answer(body: bytes, media_type: str = "text/html; charset=utf-8", status: int = 200, extra: str = "") -> bytes:
    """An answer of a server."""
    return f"HTTP/1.1 {status} OK\r\nContent-Type: {media_type}\r\n{extra}\r\n".encode() + body


def response(n: int, lie: int = 0, **given) -> bytes:
    return record(answer(page(n), **given), f"https://news.example/{n}", lie)


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def packed(parts: list[bytes]) -> bytes:
    """Each part as a gzip member of its own."""
    return b"".join(gzip.compress(part, mtime=0) for part in parts)


def read_all(path: Path, chunk: int = 3, form: str = "auto", limit: int = LIMIT, columns=()):
    return list(read(plan([str(path)], form).refs(chunk), "test", limit, columns))


def documents(found) -> list[RawDocument]:
    return [one for one in found if isinstance(one, RawDocument)]


def reasons(found) -> list[str]:
    return [one.reason for one in found if isinstance(one, Rejected)]


def passed(found) -> list[str]:
    return [one.reason for one in found if isinstance(one, Passed)]
