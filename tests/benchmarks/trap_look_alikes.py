"""Texts that share much and are not one text: notices of one form, reports of one event, one background."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from trap_copies import each_word
from trap_desk import MONTHS, Desk, Paragraphs
from trap_forms import FORMS


def fill(desk: Desk, kind: str, place: str) -> Paragraphs:
    """Return a notice of a kind; `place` is what all of its family have in common."""
    r, prose = desk.rng, desk.tongues["en"]
    local = desk.tongues[kind.split("_")[0]] if "_" in kind else prose
    slots: dict[str, Callable[[], str]] = {
        "n": lambda: str(r.randrange(2, 99)),
        "d": lambda: f"{r.randrange(0, 40)}.{r.randrange(1, 99)}",
        "p": local.person,
        "s": prose.surname,
        "t": local.place,
        "T": lambda: place,
        "w": prose.big,
        "h": lambda: f"{r.randrange(7, 22)}:{r.choice(['00', '15', '30', '45'])}",
        "m": lambda: f"{r.randrange(1, 29)} {r.choice(MONTHS)}",
        "x": lambda: prose.sentence(r.randrange(18, 26)),
    }
    return ["".join(slots[part]() if odd else part for odd, part in _pieces(p)) for p in FORMS[kind][1]]


def _pieces(form: str) -> Iterable[tuple[bool, str]]:
    return ((bool(i % 2), part) for i, part in enumerate(form.replace("}", "{").split("{")))


def notices(desk: Desk, families: int) -> None:
    """Notices of one form, some of them printed by a second site."""
    r = desk.rng
    for kind, (pause, _) in FORMS.items():
        for _ in range(families):
            when, site, other = desk.when(), *desk.sites(2)
            place = desk.tongues["en"].place()
            for _ in range(6):
                cluster = desk.cluster()
                site = site if r.random() < 0.5 else desk.sites(1)[0]
                filled = fill(desk, kind, place)
                desk.add(f"neg_{kind}", cluster, site, filled, when)
                if r.random() < 0.15 and site != other:
                    desk.add("notice_copy", cluster, other, filled, when + timedelta(minutes=r.randrange(2, 90)))
                when += timedelta(hours=r.uniform(*pause))


Scene = list[tuple[float, Paragraphs]]  # hours after the first, and the text


def speech(desk: Desk) -> Scene:
    """Two papers' own reports of one speech."""
    prose = desk.tongues["en"]
    said = [prose.quotation(desk.rng.randrange(1, 4)) for _ in range(4)]
    return [(h, [prose.paragraph(), said[0], prose.paragraph(), *said[1:], prose.paragraph()]) for h in (0, 2)]


def release(desk: Desk) -> Scene:
    """A press release, and a paper's report that quotes much of it without marks."""
    prose = desk.tongues["en"]
    printed = prose.paragraphs(7)
    own = prose.paragraphs(5)
    return [(0, printed), (3, [*own[:3], *printed[2:4], *own[3:]])]


def background(desk: Desk) -> Scene:
    """New stories of a series, each with the same long explanation at its end."""
    prose = desk.tongues["en"]
    known = prose.paragraphs(desk.rng.randrange(3, 6))
    return [(h, [*prose.paragraphs(desk.rng.randrange(3, 6)), *known]) for h in (0, 5, 28, 60)]


def timeline(desk: Desk) -> Scene:
    """Short news above a long list of what happened before."""
    prose = desk.tongues["en"]
    past = [f"{i + 2} March: {prose.sentence()}" for i in range(14)]
    return [(h, [prose.paragraph(3), prose.paragraph(2), *past[: 12 + i]]) for i, h in enumerate((0, 20, 44))]


def questions(desk: Desk) -> Scene:
    """Candidates who are asked the same questions."""
    prose = desk.tongues["en"]
    asked = [prose.sentence(desk.rng.randrange(12, 22)).replace(".", "?") for _ in range(7)]
    return [(0, [prose.sentence(), *(p for q in asked for p in (q, prose.sentence()))]) for _ in range(4)]


def rewrite(desk: Desk) -> Scene:
    """One story told again in other words: names, figures and set phrases are the same."""
    prose = desk.tongues["en"]
    printed = prose.paragraphs(8)

    def other(word: str) -> str:
        return prose.big() if word.islower() else word

    return [(0, printed), (2, each_word(desk, printed, 0.6, other))]


def follow_up(desk: Desk) -> Scene:
    """The next day's story, with half of the first as its background."""
    prose = desk.tongues["en"]
    first = prose.paragraphs(9)
    return [(0, first), (desk.rng.uniform(9, 30), [*prose.paragraphs(6), *first[4:]])]


def twins(desk: Desk) -> Scene:
    """A story and its translation: only names and figures are equal."""
    names = [desk.tongues["en"].person() for _ in range(8)]
    told = [
        [f"{prose.sentence(12)[:-1]} {name} {prose.sentence(10)}" for name in names]
        for prose in (desk.tongues["en"], desk.tongues["de"], desk.tongues["es"])
    ]
    return [(i * 0.5, text) for i, text in enumerate(told)]


def stubs(desk: Desk) -> Scene:
    """Two pages of which only a paragraph is shown, before the same words about subscriptions."""
    prose = desk.tongues["en"]
    wall = [
        "You have read all your free stories for this week. Members read without limits, on paper and on every screen.",
        "Already a member? Sign in with the address that you gave us, or ask for a new password. Not a member yet? The "
        "first month costs one crown, after that you pay nine crowns a month and may leave whenever you like.",
    ]
    return [(i * 0.2, [prose.sentence(25), *wall]) for i in range(2)]


def shared_pictures(desk: Desk) -> Scene:
    """Two stories under one set of pictures."""
    prose = desk.tongues["en"]
    captions = [f"{prose.sentence(18)[:-1]} ({prose.person()}/{prose.place()} Pictures)" for _ in range(7)]
    return [(h, [*captions, *prose.paragraphs(4)]) for h in (0, 4)]


SCENES: dict[str, Callable[[Desk], Scene]] = {
    f.__name__: f
    for f in (speech, release, background, timeline, questions, rewrite, follow_up, twins, stubs, shared_pictures)
}
MIXED_SITES = {"speech", "release", "rewrite", "twins", "shared_pictures"}


def scenes(desk: Desk, count: int) -> None:
    for kind, play in SCENES.items():
        for _ in range(count):
            when, sites = desk.when(), desk.sites(4)
            for i, (hours, paragraphs) in enumerate(play(desk)):
                site = sites[i] if kind in MIXED_SITES else sites[0]
                desk.add(f"neg_{kind}", desk.cluster(), site, paragraphs, when + timedelta(hours=hours))


def briefs(desk: Desk, count: int) -> None:
    """News in brief, out of the beginnings of stories that stand elsewhere."""
    originals = [row for row in desk.rows if row["edit"] == "base"]
    for chosen in (desk.rng.sample(originals, 8) for _ in range(count)):
        last = max(datetime.fromisoformat(row["published_at"]) for row in chosen)
        pieces = [row["text"].split("\n\n")[0] for row in chosen]
        desk.add("neg_briefs", desk.cluster(), desk.sites(1)[0], pieces, last + timedelta(hours=1))
