"""One answer of a server, read within its limits, and what its headers say."""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx

from etl.fetch.coding import decoded
from etl.fetch.exchange import Refusal

REDIRECTS = (301, 302, 303, 307, 308)
_NO_TEXT = ("image/", "audio/", "video/", "font/")
_LONGEST_VALUE = 500  # characters of a header that is kept and sent back


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a body is read."""

    wire_bytes: int
    body_bytes: int
    cut: bool = False  # keep the beginning of what is longer, in place of refusing it


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, whatever its status."""

    url: httpx.URL
    status: int
    headers: httpx.Headers
    body: bytes  # decompressed; empty where the status says that nobody needs it

    @property
    def location(self) -> str | None:
        """Return where a redirect leads, None where this is none. Some servers write UTF-8 as it is."""
        found: str | None = self.headers.get("location") if self.status in REDIRECTS else None
        return found and found.encode("latin-1").decode("utf-8", "replace")

    @property
    def passing(self) -> bool:
        """Tell whether the same request may fare better in a while."""
        return self.status == 429 or self.status >= 500

    def kept(self, name: str) -> str | None:
        """Return a header that is to be sent back; one that is too long is not worth it."""
        value: str | None = self.headers.get(name)
        return value if value and len(value) <= _LONGEST_VALUE else None

    def media_type(self) -> tuple[str, str | None]:
        """Return the declared media type in lower case ("" for none), and the charset."""
        first, *parameters = self.headers.get("content-type", "").split(";")
        named = (part.strip().partition("=")[::2] for part in parameters)
        charset = next((value for name, value in named if name.strip().lower() == "charset"), "")
        return first.strip().lower()[:100], charset.strip(" \t'\"")[:40] or None

    def retry_after(self, now: datetime) -> datetime | None:
        """Return when the server wants to be asked again: it may say so in seconds or as a date."""
        value = self.headers.get("retry-after", "").strip()
        if value.isdigit() and len(value) < 10:
            return now + timedelta(seconds=int(value))
        try:
            at = parsedate_to_datetime(value)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def headers_of(pairs: Iterable[tuple[bytes, bytes]]) -> httpx.Headers:
    """Return headers a character a byte, so that what is sent back is what came."""
    return httpx.Headers(list(pairs), encoding="latin-1")


def refuse_by_headers(status: int, headers: httpx.Headers, limits: Limits) -> None:
    """See by its headers that a body is worth reading. raises Refusal "media-type", "too-large"."""
    media_type = headers.get("content-type", "").strip().lower()
    if status < 300 and media_type.startswith(_NO_TEXT):
        raise Refusal("media-type", f"{media_type.partition(';')[0]} is no text")
    length = headers.get("content-length", "")
    if length.isdigit() and len(length) < 20 and int(length) > limits.wire_bytes and not limits.cut:
        raise Refusal("too-large", f"{int(length):,} bytes announced, {limits.wire_bytes:,} allowed")


async def read_body(stream: AsyncIterable[bytes], codings: str, limits: Limits) -> bytes:
    """Return a whole body, decompressed. raises Refusal "too-large", "encoding"."""
    pieces, size = list[bytes](), 0
    async for piece in stream:
        pieces.append(piece)
        size += len(piece)
        if size > limits.wire_bytes:
            if limits.cut:
                break
            raise Refusal("too-large", f"over {limits.wire_bytes:,} bytes as it came")
    body = decoded(b"".join(pieces), codings, limits.body_bytes)
    if len(body) > limits.body_bytes and not limits.cut:
        raise Refusal("too-large", f"over {limits.body_bytes:,} bytes after decompression")
    return body[: limits.body_bytes]
