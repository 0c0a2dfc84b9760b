"""A newsroom of 50 feeds that live: news comes in, feeds fail, move, fall silent, shrink, and forbid robots.

`python -m tests.poll.feeds50` serves it and writes the TOML file to import, for a look by hand.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from tests.newsroom import Answer, Newsroom, always, redirect, tagged

CHANGING, FAILING, MOVING, SILENT, SHRINKING, ROBOTS, BROKEN = 14, 8, 6, 10, 6, 4, 2
KINDS = ("changing", "failing", "moving", "silent", "shrinking", "robots", "broken")
LENGTH = 6  # items in a list


@dataclass
class Feeds:
    """The feeds, by name, and how many stories each has printed so far."""

    room: Newsroom
    stories: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        counts = (CHANGING, FAILING, MOVING, SILENT, SHRINKING, ROBOTS, BROKEN)
        for kind, count in zip(KINDS, counts, strict=True):
            for number in range(count):
                name = f"{kind}-{number:02}"
                self.stories[name] = 0
                self.print_news(name, LENGTH)
        self.room.on("/robots.txt", always("User-agent: *\nDisallow: /robots-\n", 200, {"Content-Type": "text/plain"}))

    def of(self, kind: str) -> list[str]:
        return [name for name in self.stories if name.startswith(kind)]

    def url(self, name: str) -> str:
        return self.at(name, f"/{name}/feed.xml")

    def at(self, name: str, path: str) -> str:
        """Return an address of a feed: each is a host of its own."""
        return self.room.url(path, host=f"127.0.1.{1 + list(self.stories).index(name)}")

    def toml(self) -> str:
        """Return the list of sources, to be imported."""
        rows = [f'[[source]]\nname = "{name}"\nurl = "{self.url(name)}"\ninterval = "5m"\n' for name in self.stories]
        return "\n".join(rows)

    def print_news(self, name: str, count: int = 1) -> None:
        """Let a feed have so many new stories; it lists the latest."""
        for _ in range(count):
            self.stories[name] += 1
            number = self.stories[name]
            self.room.page(f"/{name}/{number}.html", page(name, number))
        self.serve(name)

    def serve(self, name: str, length: int = LENGTH) -> None:
        latest = range(self.stories[name], max(0, self.stories[name] - length), -1)
        self.room.on(f"/{name}/feed.xml", tagged(self._feed(name, latest), {"Content-Type": "application/rss+xml"}))

    def _feed(self, name: str, numbers: range) -> str:
        items = "".join(
            f"<item><title>{title(name, n)}</title><link>{escape(self.at(name, f'/{name}/{n}.html'))}</link>"
            f"<guid isPermaLink='false'>{name}-{n}</guid></item>"
            for n in numbers
        )
        broken = "<item><title>cut" if name.startswith("broken") else "</channel></rss>"
        return f"<rss version='2.0'><channel><title>{name}</title>{items}{broken}"

    def pass_minutes(self, minute: int) -> None:
        """Let the newsroom do what it does in the five minutes up to `minute`."""
        for number, name in enumerate(self.of("changing")):
            if minute % (5 * (1 + number % 3)) == 0:
                self.print_news(name)
        for name in self.of("failing"):
            if minute == 15:
                self.room.on(f"/{name}/feed.xml", lambda _: Answer(500))
        for name in self.of("moving"):
            if minute == 20:
                old, new = f"/{name}/feed.xml", f"/{name}/new/feed.xml"
                self.room.on(new, tagged(self._feed(name, range(self.stories[name] + 1, 1, -1))))
                self.room.page(f"/{name}/{LENGTH + 1}.html", page(name, LENGTH + 1))
                self.room.on(old, redirect(new, 301))
        for name in self.of("shrinking"):
            if minute == 30:
                self.serve(name, length=1)


def title(name: str, number: int) -> str:
    return f"{_WORDS[sum(map(ord, name)) % 7]} council of {name.replace('-', ' ')} takes up matter {number}"


_WORDS = ("Town", "County", "Harbour", "Valley", "Village", "City", "Market")


def page(name: str, number: int) -> str:
    """Return a page whose words no other page has: made from its name and number."""
    seed = f"{name}{number}"
    words = [f"{seed[: 3 + i % 5]}{chr(97 + (i * 7 + number) % 26)}{chr(97 + (i * 11) % 26)}o" for i in range(160)]
    rows = "".join(
        f"<p>On matter {number} the members of {name} heard {' '.join(words[i : i + 32])}, and went home.</p>"
        for i in range(0, 160, 32)
    )
    return f"<html><head><title>{title(name, number)}</title></head><body><article><h1>{title(name, number)}</h1>{rows}</article></body></html>"


if __name__ == "__main__":
    import time

    with Newsroom() as open_room:
        feeds = Feeds(open_room)
        Path("newsroom.toml").write_text(feeds.toml(), "utf-8")
        print("newsroom.toml names 50 feeds; import it, and poll with --allow-private")
        for passed in range(5, 24 * 60, 5):
            time.sleep(300)
            feeds.pass_minutes(passed)
