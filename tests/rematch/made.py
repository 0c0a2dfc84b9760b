"""A small corpus in which matching has something to decide: copies, cuts, edits, shared passages, a site's furniture."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.site_memory.made import SITES, body, headline, sentence

Record = dict[str, str]
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
FURNITURE = {
    site: " ".join(sentence(random.Random(site + part)) for part in "ab") for site in sorted(SITES)
}  # in every page of the site


def write(seed: int, folder: Path) -> list[Path]:
    """Write the corpus of a seed as two files of JSON lines."""
    records = corpus(seed)
    paths = [folder / "early.jsonl", folder / "late.jsonl"]
    for path, part in zip(paths, (records[::2], records[1::2]), strict=True):
        path.write_text("".join(json.dumps(record) + "\n" for record in part), "utf-8")
    return paths


def corpus(seed: int, stories: int = 9) -> list[Record]:
    """Return articles in an order that the seed decides."""
    chance = random.Random(seed)
    found = [one for number in range(stories) for one in _story(number, chance)]
    chance.shuffle(found)
    return found


def _story(number: int, chance: random.Random) -> Iterator[Record]:
    paragraphs = list(body(seed := chance.randrange(10_000)))
    for copy in range(chance.randrange(1, 6)):
        site = chance.choice(sorted(SITES))
        kept = list(paragraphs)
        if copy:
            edit = chance.choice([_same, _cut, _edited, _quoted])
            kept = edit(kept, chance)
        if chance.random() < 0.8:
            kept = [*kept, FURNITURE[site]]
        yield record(f"{number}-{copy}", kept, headline(seed), NOON + timedelta(hours=chance.randrange(9)), site)


def _same(paragraphs: list[str], _: random.Random) -> list[str]:
    return paragraphs


def _cut(paragraphs: list[str], chance: random.Random) -> list[str]:
    return paragraphs[: chance.randrange(1, len(paragraphs))]


def _edited(paragraphs: list[str], chance: random.Random) -> list[str]:
    words = [(i, p.split()) for i, p in enumerate(paragraphs)]
    for _, found in words:
        found[chance.randrange(len(found))] = f"word{chance.randrange(100)}"
    return [" ".join(found) for _, found in words]


def _quoted(paragraphs: list[str], chance: random.Random) -> list[str]:
    """A story of its own that prints one paragraph of the other."""
    own = list(body(chance.randrange(10_000, 20_000)))
    return [*own, chance.choice(paragraphs)]


def record(name: str, paragraphs: list[str], title: str, at: datetime, site: str) -> Record:
    uri = f"https://{site.lower().replace(' ', '-')}.example/{name}"
    text = "\n\n".join(paragraphs)
    return {"id": name, "url": uri, "text": text, "headline": title, "published_at": f"{at:%FT%TZ}", "publisher": site}
