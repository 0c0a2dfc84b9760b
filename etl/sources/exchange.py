"""What a server answered, as an archive keeps it: the HTTP head, and the document behind it, decoded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from fastwarc.warc import WarcRecord

from etl.errors import Reject

_END = b"\r\n\r\n"
_PACKED = b"-encoding:"  # Content- or Transfer-


@dataclass(frozen=True, slots=True)
class Exchange:
    """One answer."""

    status: int | None  # None: no HTTP
    media_type: str  # lower case; empty where none was stated
    charset: str | None
    body: bytes  # decoded; may be one byte over the limit


def exchange(stored: bytes, most_bytes: int) -> Exchange:
    """Return the answer that was stored.

    most_bytes  of the decoded document; what is beyond is not decoded.
    raises      Reject "broken": a head or an encoding that cannot be read.
    """
    cut = stored.find(_END)
    cut = cut + len(_END) if cut >= 0 else len(stored)
    try:
        head = _parsed(stored[:cut], "none")
        body = _decoded(stored, cut, most_bytes) if _PACKED in stored[:cut].lower() else stored[cut:]
    except OSError as err:
        raise Reject("read", "broken", f"an answer of a server that cannot be decoded: {err}") from None
    charset = (head.http_charset or "").strip("\"' ")
    return Exchange(
        head.http_headers.status_code, (head.http_content_type or "").strip().lower(), charset or None, body
    )


def _decoded(stored: bytes, cut: int, most_bytes: int) -> bytes:
    """Decode; a page that stands there in clear was decoded by its crawler, which kept the head as it was."""
    try:
        return _parsed(stored, "all").reader.read(most_bytes + 1)
    except OSError:
        if stored[cut : cut + 64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            return stored[cut:]
        raise


def _parsed(stored: bytes, decode: Literal["none", "all"]) -> WarcRecord:
    record = WarcRecord()
    record.set_bytes_content(stored)
    record.is_http = True
    record.parse_http(auto_decode=decode)
    return record
