"""Pages of three made-up sites: a template around bodies of their own, agency copy, copies, and a changed page.

The Lantern     two lines of template inside the text, on all pages; one story under six addresses; one page twice
Korr Bulletin   another line from the seventh page on: the layout changed in mid-series
Velden Post     two lines in front of the text and behind it
all three       five wire stories, each ending in the agency's own line
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

WHO = [
    "mayor",
    "baker",
    "ferryman",
    "surveyor",
    "teacher",
    "miller",
    "archivist",
    "warden",
    "gardener",
    "pilot",
    "nurse",
    "carpenter",
    "farmer",
    "printer",
]
DID = [
    "praised",
    "measured",
    "painted",
    "doubted",
    "counted",
    "defended",
    "moved",
    "repaired",
    "opened",
    "sold",
    "bought",
    "carried",
    "planned",
    "drew",
]
WHAT = [
    "quay",
    "orchard",
    "roof",
    "library",
    "tunnel",
    "archive",
    "kiln",
    "market",
    "garden",
    "lantern",
    "bridge",
    "stable",
    "harbour",
    "school",
    "mill",
]
WHERE = [
    "Ostmere",
    "Korr",
    "Velden",
    "Lindmar",
    "Tamsel",
    "Sandholm",
    "Cray",
    "Nordbay",
    "Karlsund",
    "Osterhall",
    "Brannoc",
    "Skerrin",
    "Orle",
]
WHY = [
    "storms",
    "frost",
    "thieves",
    "taxes",
    "visitors",
    "engineers",
    "moths",
    "accountants",
    "choirs",
    "hikers",
    "rumours",
    "neighbours",
]
WHEN = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

LANTERN = (
    "The Lantern is printed in a former chapel at Westhaven and belongs to the people who write it.",
    "Readers who remember things otherwise may walk in at Mill Street on any weekday before six.",
)
KORR_OLD = "The Korr Bulletin has been set in lead by one family since the year of the great flood."
KORR_NEW = "This bulletin is now set by machine, and the old press can be seen in the town museum."
VELDEN = (
    "From the valley, for the valley: this paper is carried up to the last farm by a man with a mule.",
    "The editors of the Velden Post answer every letter, and keep them in a barn behind the church.",
)
WIRE_LINE = (
    "Correspondents of the agency in four towns gathered these figures and read them against the public register."
)

SITES = {"The Lantern": LANTERN, "Korr Bulletin": (KORR_OLD, KORR_NEW), "Velden Post": VELDEN}
TEMPLATE = {line for lines in SITES.values() for line in lines}


@dataclass(frozen=True)
class Page:
    site: str
    name: str
    headline: str
    paragraphs: tuple[str, ...]  # true ones
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    file: str = ""
    modified: str = ""

    @property
    def address(self) -> str:
        return f"https://{self.site.lower().replace(' ', '-')}.example/{self.name}"

    @property
    def html(self) -> str:
        first, *rest = self.paragraphs
        shown = [*self.before, first, *rest[:1], *self.after[1:], *rest[1:], *self.after[:1]]
        body = "\n".join(f"<p>{text}</p>" for text in shown)
        modified = f'<meta property="article:modified_time" content="{self.modified}">' if self.modified else ""
        return (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{self.headline}</title>\n'
            f'<meta property="og:site_name" content="{self.site}">\n'
            f'<link rel="canonical" href="{self.address}">\n'
            f'<meta property="article:published_time" content="2026-03-02T08:00:00Z">{modified}</head>\n'
            f"<body><main><article><h1>{self.headline}</h1>\n{body}\n</article></main></body></html>\n"
        )


def pages() -> list[Page]:
    """Return all pages, in no order that matters."""
    return [*_lantern(), *_korr(), *_velden(), *_wire()]


def write(folder: Path) -> list[Path]:
    """Write every page to a file, with a time that does not depend on when the test runs."""
    found = []
    for page in pages():
        path = folder / page.site.replace(" ", "-") / f"{page.file or page.name}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page.html, "utf-8")
        os.utime(path, (1_772_500_000, 1_772_500_000))
        found.append(path)
    return found


def _lantern() -> Iterator[Page]:
    for i in range(10):
        yield Page("The Lantern", f"story-{i}", headline(i), body(i), after=LANTERN)
    for i in range(6):  # one story under six addresses, each with a word of its own
        edited = (*body(500)[:-1], body(500)[-1] + f" Edition {i}.")
        yield Page("The Lantern", f"print-{i}", headline(500), edited, after=LANTERN)
    changed = (*body(0)[:-1], sentence(random.Random(9000)) + " " + sentence(random.Random(9001)))
    corrected = "2026-03-04T09:00:00Z"
    yield Page("The Lantern", "story-0", headline(0), changed, after=LANTERN, file="changed", modified=corrected)


def _korr() -> Iterator[Page]:
    for i in range(13):
        line = KORR_OLD if i < 7 else KORR_NEW
        yield Page("Korr Bulletin", f"story-{i}", headline(100 + i), body(100 + i), after=(line,))


def _velden() -> Iterator[Page]:
    for i in range(11):
        number = 200 + i
        yield Page("Velden Post", f"story-{i}", headline(number), body(number), before=VELDEN[:1], after=VELDEN[1:])


def _wire() -> Iterator[Page]:
    for site in SITES:
        for i in range(5):
            yield Page(site, f"wire-{i}", headline(300 + i), (*body(300 + i), WIRE_LINE))


def headline(number: int) -> str:
    chance = random.Random(number)
    return f"{chance.choice(WHERE)} {chance.choice(WHO)} and the {chance.choice(WHAT)} of {chance.choice(WHERE)}, part {number}"


def body(number: int) -> tuple[str, ...]:
    """Return five paragraphs that no other number has."""
    chance = random.Random(number * 7919)
    return tuple(" ".join(sentence(chance) for _ in range(3)) for _ in range(5))


def sentence(chance: random.Random) -> str:
    return (
        f"The {chance.choice(WHO)} of {chance.choice(WHERE)} {chance.choice(DID)} the {chance.choice(WHAT)} on "
        f"{chance.choice(WHEN)}, and {chance.randrange(13, 980)} {chance.choice(WHY)} later the {chance.choice(WHO)} "
        f"{chance.choice(DID)} {chance.randrange(13, 980)} of them near the {chance.choice(WHAT)} in {chance.choice(WHERE)}."
    )
