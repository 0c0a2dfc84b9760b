"""What a site's robots.txt allows, by RFC 9309."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from protego import Protego

from etl.fetch.gate import KeptRobots
from etl.fetch.policy import PRODUCT
from etl.schedule import CLOCKS_DIFFER

KEPT_FOR = timedelta(days=1)  # RFC 9309, 2.4
UNREACHABLE_FOR = timedelta(hours=1)  # then it is asked for again
MAX_BYTES = 512 << 10  # RFC 9309, 2.5: at least 500 KiB; the rest is not read
MAX_REDIRECTS = 5  # RFC 9309, 2.3.1.2
LONGEST_DELAY_S = 60.0  # of a Crawl-delay; more would stop a run for nothing
NOT_ASKED = "not asked"
_ALL_ALLOWED = "allowed: no robots.txt"


@dataclass(frozen=True, slots=True)
class Rules:
    """A robots.txt, read once for many questions."""

    kept: KeptRobots
    parsed: Protego | None  # None: there is nothing to read

    @property
    def reachable(self) -> bool:
        """Tell whether the server said anything that counts; else nothing may be read (RFC 9309, 2.3.1.4)."""
        return 200 <= self.kept.status < 500 and self.kept.status != 429

    @property
    def delay_s(self) -> float:
        """Return the seconds that the site wants between two requests, 0 where it says nothing."""
        delay = self.parsed.crawl_delay(PRODUCT) if self.parsed else None
        return min(max(delay or 0.0, 0.0), LONGEST_DELAY_S)

    def decision(self, url: str) -> str | None:
        """Return why an address may be read, or None where it may not."""
        if self.parsed is None:
            return _ALL_ALLOWED
        return "allowed" if self.parsed.can_fetch(url, PRODUCT) else None


def rules_of(kept: KeptRobots) -> Rules:
    """Return the rules of an answer; 4xx means that there are none (RFC 9309, 2.3.1.3)."""
    return Rules(kept, Protego.parse(kept.text) if 200 <= kept.status < 300 else None)


def is_fresh(kept: KeptRobots, now: datetime) -> bool:
    """Tell whether an answer need not be asked for again; one from ahead is from before the clock was set back."""
    return -CLOCKS_DIFFER < now - kept.fetched_at < (KEPT_FOR if Rules(kept, None).reachable else UNREACHABLE_FOR)
