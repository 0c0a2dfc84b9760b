"""Copies that are hard to see: what editors, programs and scanners make of one text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from trap_desk import Desk, Paragraphs

MARKS = "".join(chr(c) for c in range(0x64B, 0x653))  # Arabic vowel signs
MISREAD = dict(zip("eoliasmn", ["c", "0", "1", "l", "o", "5", "rn", "u"], strict=True))


def words(paragraphs: Sequence[str]) -> int:
    return sum(len(p.split()) for p in paragraphs)


def each_word(desk: Desk, paragraphs: Sequence[str], share: float, change: Callable[[str], str]) -> Paragraphs:
    return [" ".join(change(w) if desk.rng.random() < share else w for w in p.split(" ")) for p in paragraphs]


def each_letter(desk: Desk, paragraphs: Sequence[str], share: float, change: Callable[[str], str]) -> Paragraphs:
    return ["".join(change(c) if desk.rng.random() < share else c for c in p) for p in paragraphs]


def capitals(_desk: Desk, paragraphs: Paragraphs) -> Paragraphs:
    return [p.upper() for p in paragraphs]


def hyphens(desk: Desk, paragraphs: Paragraphs) -> Paragraphs:
    """Return what a print column leaves when its line breaks are lost."""
    return each_word(desk, paragraphs, 0.06, lambda w: f"{w[: len(w) // 2]}- {w[len(w) // 2 :]}" if len(w) > 5 else w)


def typography(_desk: Desk, paragraphs: Paragraphs) -> Paragraphs:
    change = {"“": '"', "”": '"', "„": '"', "«": "“", "»": "”", "fi": "ﬁ", "fl": "ﬂ", "...": "…"}
    for plain, dressed in change.items():
        paragraphs = [p.replace(plain, dressed) for p in paragraphs]
    return paragraphs


def invisible(desk: Desk, paragraphs: Paragraphs) -> Paragraphs:
    soft = each_letter(desk, paragraphs, 0.08, lambda c: c + "\u00ad" if c.islower() else c)
    return each_letter(desk, soft, 0.01, lambda c: c + "\u200b" if c == " " else c)


def entities(_desk: Desk, paragraphs: Paragraphs) -> Paragraphs:
    return [p.replace("“", "&quot;").replace("”", "&quot;").replace(" of ", "&nbsp;of ") for p in paragraphs]


def misread(desk: Desk, paragraphs: Paragraphs) -> Paragraphs:
    return each_letter(desk, paragraphs, 0.03, lambda c: MISREAD.get(c, c))


def paywalled(desk: Desk, paragraphs: Paragraphs) -> Paragraphs:
    shown: Paragraphs = []
    for p in paragraphs:
        room = desk.rng.randrange(58, 70) - words(shown)
        shown.append(" ".join(p.split(" ")[:room]))
        if words(shown) >= 58:
            break
    return [*shown, desk.rng.choice(["To read on, take out a trial for one crown.", "The rest is for members.", "..."])]


def new_opening(desk: Desk, paragraphs: Paragraphs) -> Paragraphs:
    return [desk.tongues["en"].sentence(22), *paragraphs[1:]]


def moved(desk: Desk, paragraphs: Paragraphs) -> Paragraphs:
    rest = paragraphs[1:]
    desk.rng.shuffle(rest)
    return [paragraphs[0], *rest]


def corrected(desk: Desk, paragraphs: Paragraphs) -> Paragraphs:
    """Return one name or figure set right, with a note that says so."""
    spots = [(i, w) for i, p in enumerate(paragraphs) for w in p.split() if w[0].isdigit() or w[0].isupper()]
    at, wrong = desk.rng.choice(spots)
    right = desk.tongues["en"].figure() if wrong[0].isdigit() else desk.tongues["en"].surname()
    paragraphs[at] = paragraphs[at].replace(wrong, right, 1)
    return [*paragraphs, f"Correction: an earlier version of this report said {wrong} instead of {right}."]


def toll(desk: Desk, paragraphs: Paragraphs) -> Paragraphs:
    """Return a report some hours later: the count that opens it has grown, and a paragraph has been put in."""
    count = str(desk.rng.randrange(100, 400))
    return [p.replace(" 37 ", f" {count} ") for p in paragraphs[:2]] + [desk.tongues["en"].paragraph()] + paragraphs[2:]


def single_words(desk: Desk, paragraphs: Paragraphs) -> Paragraphs:
    prose = desk.tongues["en"]
    return each_word(desk, paragraphs, 0.08, lambda w: prose.big() if w.islower() and w.isalpha() else w)


def boxed(desk: Desk, paragraphs: Paragraphs) -> Paragraphs:
    """Return a page with teasers of other stories between its paragraphs."""
    out = list(paragraphs)
    for _ in range(3):
        teaser = desk.tongues["en"].sentence(9)
        out.insert(
            desk.rng.randrange(1, len(out)), f"{desk.rng.choice(['Read also', 'More on this', 'Watch'])}: {teaser}"
        )
    return out


EDITS: dict[str, tuple[str, Callable[[Desk, Paragraphs], Paragraphs]]] = {  # languages, what is done
    "capitals": ("en de es ru", capitals),
    "hyphens": ("en de es ru", hyphens),
    "typography": ("en de es ru", typography),
    "invisible": ("en de es ru", invisible),
    "entities": ("en", entities),
    "misread": ("en de es", misread),
    "paywalled": ("en de es ru hi", paywalled),
    "new_opening": ("en", new_opening),
    "moved": ("en de zh hi ar", moved),
    "corrected": ("en de es", corrected),
    "toll": ("en", toll),
    "single_words": ("en", single_words),
    "boxed": ("en", boxed),
    "cut": ("en de es ru hi ar zh", lambda d, ps: ps[: max(2, int(len(ps) * d.rng.uniform(0.3, 0.8)))]),
    "middle_out": ("en de ru zh ar", lambda d, ps: [ps[0], *ps[len(ps) // 2 :]]),
    "longer": ("en de zh", lambda d, ps: [*ps, *d.tongues["en"].paragraphs(max(2, len(ps) // 3))]),
    "wide": ("zh", lambda d, ps: ["".join(chr(ord(c) + 0xFEE0) if c in "0123456789" else c for c in p) for p in ps]),
    "vowels": ("ar", lambda d, ps: each_letter(d, ps, 0.3, lambda c: c + d.rng.choice(MARKS) if c.isalpha() else c)),
    "whole": ("en de es ru hi ar zh", lambda d, ps: list(ps)),
}
SAME_SITE = {"corrected", "toll"}
SOON = {"corrected": (0.3, 1.9), "toll": (1, 9), "whole": (0, 0)}  # hours; "whole" is under embargo: the same minute


def copies(desk: Desk, count: int) -> None:
    r = desk.rng
    for kind, (languages, change) in EDITS.items():
        for _ in range(count):
            paragraphs = desk.tongues[r.choice(languages.split())].paragraphs(r.randrange(7, 14))
            if kind == "toll":
                paragraphs[0] = f"At least 37 people were hurt when {desk.tongues['en'].sentence(18)}"
                paragraphs[1] = f"The 37 were taken to {desk.tongues['en'].place()}. {paragraphs[1]}"
            one, other = desk.sites(2)
            cluster, when = desk.cluster(), desk.when()
            desk.add("base", cluster, one, paragraphs, when)
            later = timedelta(hours=r.uniform(*SOON.get(kind, (0.1, 18))))
            desk.add(kind, cluster, one if kind in SAME_SITE else other, change(desk, list(paragraphs)), when + later)


def takes(desk: Desk, count: int) -> None:
    """An agency's chain: a first take of two paragraphs, a second one, the whole."""
    for _ in range(count):
        paragraphs = desk.tongues["en"].paragraphs(desk.rng.randrange(9, 14))
        site, cluster, when = desk.sites(1)[0], desk.cluster(), desk.when()
        desk.add("base", cluster, site, paragraphs, when + timedelta(minutes=80))
        first = [*paragraphs[:3], "(More follows)"]
        desk.add("second_take", cluster, site, paragraphs[:6], when + timedelta(minutes=35))
        desk.add("first_take", cluster, site, single_words(desk, first), when)


def live_pages(desk: Desk, count: int) -> None:
    """One live page as it was fetched at three times, under three addresses; the newest entry stands first."""
    for _ in range(count):
        entries = [f"{8 + i}.{desk.rng.randrange(10, 60)} {desk.tongues['en'].paragraph()}" for i in range(12)]
        site, cluster, when = desk.sites(1)[0], desk.cluster(), desk.when()
        for state, kind in ((12, "base"), (9, "live_state"), (7, "live_state")):
            desk.add(kind, cluster, site, entries[:state][::-1], when + timedelta(hours=state))
