"""What is asked of a server, and what comes of it: every request ends as Fetched or Refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Request:
    """One address to be read, and what is known of it from the last time."""

    url: str
    etag: str | None = None  # as the server sent it, sent back exactly
    last_modified: str | None = None  # likewise
    body_sha256: str | None = None  # hex; tells an unchanged body where a server knows neither of the two
    accept: str = "text/html, application/xhtml+xml;q=0.9, text/plain;q=0.8, */*;q=0.5"


@dataclass(frozen=True, slots=True)
class Redirect:
    """One hop on the way to an answer."""

    status: int
    to: str  # absolute

    @property
    def permanent(self) -> bool:
        return self.status in (301, 308)


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer that can be used."""

    url: str  # as it was asked for
    final_url: str  # where the answer came from
    status: int  # 200 to 299, or 304
    body: bytes  # decompressed; empty for 304
    media_type: str  # lower case, without parameters; "" where none was declared
    charset: str | None  # as declared by the transport
    etag: str | None  # to be sent back the next time; after a 304 the one that still holds
    last_modified: str | None
    fetched_at: datetime  # aware, UTC
    redirects: tuple[Redirect, ...]
    robots: str  # decision: "allowed", "allowed: no robots.txt" or "not asked"
    unchanged: bool  # 304, or the same bytes as `Request.body_sha256`

    @property
    def moved_to(self) -> str | None:
        """Return the address that replaces `url` for good: the last of the permanent redirects it began with."""
        target = None
        for redirect in self.redirects:
            if not redirect.permanent:
                break
            target = redirect.to
        return target


@dataclass(frozen=True, slots=True)
class Refused:
    """No answer that can be used: by us, by the server, or by what lies between."""

    url: str
    reason: str  # a stable short name, see `REASONS`
    detail: str  # for people
    retry_at: datetime | None = None  # None: it is final, asking again gives the same


REASONS = {
    "bad-url": "not an address of the web, or one that is written to mislead",
    "private-address": "the address belongs to a private network, or to none",
    "robots": "the site's robots.txt does not allow it",
    "robots-unreachable": "the site's robots.txt could not be read, so nothing may be",
    "no-host": "the name of the host leads nowhere",
    "unreachable": "nothing answers there",
    "too-slow": "no complete answer in the time allowed",
    "too-large": "the body is over the limit, before or after decompression",
    "redirects": "redirected in a circle, too often, or to nowhere",
    "broken-response": "what came is not HTTP, or ended before its time",
    "encoding": "the body cannot be decompressed",
    "media-type": "an image, a sound, a film or a font",
    "not-found": "404 or 410",
    "forbidden": "401, 402, 403, 407 or 451",
    "http-status": "another status that is an error or has no text",
    "try-later": "429, or 500 and above",
    "fault": "newsfold itself failed with it",
    "held": "the host asked for a rest, or failed again and again, and is left alone for a while",
}


class Refusal(Exception):
    """Ends one request; becomes a `Refused`."""

    def __init__(self, reason: str, detail: str, retry_at: datetime | None = None) -> None:
        super().__init__(reason, detail, retry_at)
        self.reason, self.detail, self.retry_at = reason, detail, retry_at
