"""Where made-up news is written down: the rows of a corpus with their truth."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from prose import TONGUES, Prose

Row = dict[str, Any]
Paragraphs = list[str]
START = datetime(2031, 3, 3, tzinfo=UTC)
DAYS = 30
MONTHS = ["March", "April", "May", "June"]
SITES = [
    f"{a}{b}.example" for a in ("north", "river", "market", "harbour", "old") for b in ("news", "mail", "echo", "post")
]


class Desk:
    """Writes stories, copies and traps, all by one seed."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(f"traps {seed}")
        self.tongues = {language: Prose(self.rng, language) for language in TONGUES}
        self.seed, self.rows, self.clusters = seed, list[Row](), 0

    def add(self, kind: str, cluster: int, site: str, paragraphs: Sequence[str], when: datetime) -> None:
        name = f"t{self.seed}-{len(self.rows):05}"
        self.rows.append(
            {
                "id": name,
                "url": f"https://www.{site}/{when:%Y/%m/%d}/{name}",
                "site": site,
                "headline": self.tongues["en"].sentence(7).rstrip("."),
                "text": "\n\n".join(paragraphs),
                "published_at": when.isoformat(),
                "truth_cluster": cluster,
                "edit": kind,
            }
        )

    def cluster(self) -> int:
        self.clusters += 1
        return self.clusters

    def when(self) -> datetime:
        return START + timedelta(minutes=self.rng.randrange(DAYS * 1440))

    def sites(self, count: int) -> list[str]:
        return self.rng.sample(SITES, count)
