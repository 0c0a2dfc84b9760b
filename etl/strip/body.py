"""The choice of the body: which container holds the story, and which parts of it are none of it.

Two ways to cut a page, one with the names of elements believed and one without, and a third that follows
what the page says of itself (articleBody); a chooser takes the one that loses least. One wrong name on a
wrapper would otherwise cost the whole story.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from etl.records import Element, Metadata
from etl.strip.classes import families
from etl.strip.facts import HEADINGS, Line
from etl.strip.reading import read

_TEXT_TAGS = frozenset(("p", "blockquote", "pre"))
_NEAR_BEST = 0.97  # a smaller container that holds nearly as much is the better one
_SHORT_WORDS = 8
_SURE = frozenset(("comment_form",))  # what readers wrote is prose and yet never the story
_QUOTES = frozenset(("share", "follow"))  # an embedded post stands in such a part and is quoted in the story
_LOST_SHARE = 0.5  # an exclusion that leaves less than this share of the prose is undone
_COMMENTS_LEAVE_WORDS = 100  # comments may well be longer than the story
_EVIDENCE_WORDS = 60  # a shorter articleBody says too little
_STORY_WORDS = 150  # one shorter than this may be the first paragraph of a story, a longer one is taken as the whole
_AGREES = 0.8  # share of a block's words, by runs of three, found in articleBody
_FEWEST_AGREEING_WORDS = 6
_CLEARLY_BETTER = 0.05


@dataclass(frozen=True, slots=True)
class Choice:
    """Where the story stands."""

    body: frozenset[int]  # indices of the lines inside the chosen container
    family_of: Mapping[int, str]  # lines in an element whose names say that it is no part of the story
    column: int  # the element that is the parent of most of the body's prose; -1: none
    why: Callable[[Sequence[int]], Mapping[int, str]] | None = (
        None  # of lines outside the body: what spoke against them
    )
    beside: frozenset[int] = frozenset()  # lines outside the body, close enough for the story's own byline


def choose(lines: Sequence[Line], elements: Sequence[Element], metadata: Metadata, plain: bool) -> Choice:
    """Return the body of a page; of a plain text every line."""
    everything = frozenset(x.index for x in lines)
    if plain:
        return Choice(everything, {}, -1)
    believed = _families(lines, elements)
    careful = {i: name for i, name in believed.items() if not lines[i].prose or lines[i].hidden or name in _SURE}
    candidates = [
        _best_container(lines, elements, believed),
        _best_container(lines, elements, careful),
        *_agreeing(lines, elements, metadata, believed),
    ]
    best = _chosen(lines, candidates, metadata)
    return Choice(best.body, best.family_of, column(lines, best))


def _chosen(lines: Sequence[Line], candidates: Sequence[Choice], metadata: Metadata) -> Choice:
    believed, careful, *_ = candidates
    best = believed
    if _prose_words(lines, believed) < _LOST_SHARE * _prose_words(lines, careful):
        best = careful
    evidence = Counter(_runs(metadata.body_text or ""))
    if sum(evidence.values()) < _EVIDENCE_WORDS:
        return best
    # Ties go to the first: the order of the candidates is that of trust.
    scored = [(_agreement(lines, c, evidence), -rank, c) for rank, c in enumerate([best, *candidates])]
    top = max(scored, key=lambda s: s[:2])
    if top[0] <= scored[0][0] + _CLEARLY_BETTER or _is_excerpt(lines, best, top[2], evidence):
        return best
    return top[2]


def _is_excerpt(lines: Sequence[Line], best: Choice, other: Choice, evidence: Counter[tuple[str, ...]]) -> bool:
    """Return whether articleBody is cut short: the best body has all of it, and the other would lose much."""
    found = Counter(run for i in sorted(_kept(best)) for run in _runs(lines[i].text))
    has_all = sum((found & evidence).values()) >= _AGREES * sum(evidence.values())
    return (
        has_all
        and evidence.total() < _STORY_WORDS
        and _prose_words(lines, other) < _LOST_SHARE * _prose_words(lines, best)
    )


def _agreement(lines: Sequence[Line], choice: Choice, evidence: Counter[tuple[str, ...]]) -> float:
    """Return the F1 of a candidate's runs of words with those of articleBody."""
    found = Counter(run for i in sorted(_kept(choice)) for run in _runs(lines[i].text) if lines[i].prose)
    shared = sum((found & evidence).values())
    return 2 * shared / (sum(found.values()) + sum(evidence.values())) if shared else 0.0


def _kept(choice: Choice) -> frozenset[int]:
    return choice.body - choice.family_of.keys()


def _prose_words(lines: Sequence[Line], choice: Choice) -> int:
    return sum(lines[i].words for i in _kept(choice) if lines[i].prose)


def _runs(text: str) -> list[tuple[str, ...]]:
    line = read(text).words
    return list(zip(line, line[1:], line[2:], strict=False))


def _families(lines: Sequence[Line], elements: Sequence[Element]) -> dict[int, str]:
    """Return each line's innermost family, without those that would take more prose than they leave."""
    named = {i: name for i, name in enumerate(families(elements)) if name}
    prose_under: dict[int, int] = defaultdict(int)
    for line in lines:
        if line.prose and not line.hidden:
            for element in line.path:
                prose_under[element] += line.words
    total = sum(x.words for x in lines if x.prose and not x.hidden)
    valid = {e: name for e, name in named.items() if _leaves_enough(name, prose_under[e], total)}
    found: dict[int, str] = {}
    for line in lines:
        quoted = any(elements[e].tag == "blockquote" for e in line.path)
        own = next((valid[e] for e in line.path if e in valid and not (quoted and valid[e] in _QUOTES)), None)
        if own or line.hidden:
            found[line.index] = own or "navigation"
    return _without_greedy(lines, found, total)


def named_families(lines: Sequence[Line], elements: Sequence[Element]) -> dict[int, str]:
    """Return each line's innermost family, whatever it would take."""
    innermost: list[str | None] = []  # of each element; parents stand before their children
    for e, name in zip(elements, families(elements), strict=True):
        innermost.append(name or (innermost[e.parent] if e.parent >= 0 else None))
    return {x.index: name for x in lines if (name := innermost[x.path[0]])}


def _leaves_enough(name: str, taken: int, total: int) -> bool:
    left = total - taken
    return left >= taken or (name == "comment_form" and left >= _COMMENTS_LEAVE_WORDS)


def _without_greedy(lines: Sequence[Line], found: dict[int, str], total: int) -> dict[int, str]:
    """Return the families without one that takes most of the prose in many small pieces."""
    taken: dict[str, int] = defaultdict(int)
    for i, name in found.items():
        if lines[i].prose and not lines[i].hidden:
            taken[name] += lines[i].words
    greedy = {name for name, count in taken.items() if not _leaves_enough(name, count, total)}
    return {i: name for i, name in found.items() if name not in greedy or lines[i].hidden}


def _value(line: Line) -> float:
    """Return what a line says for its container: words of prose for it, links and scraps against it."""
    if line.tag in HEADINGS or line.kind == "heading":
        return -2.0 if line.link_share > 0.5 else 0.0
    if line.link_share > 0.5:
        return -4.0 - line.words / 2
    unlinked = line.words * (1 - line.link_share)
    if line.kind == "list":
        return unlinked / 2 if line.prose else -1.0
    if line.tag in _TEXT_TAGS:
        return unlinked if line.prose or line.words >= _SHORT_WORDS else 0.0
    if line.prose:
        return unlinked * 0.8
    return -2.0 if line.words < _SHORT_WORDS else -1.0


def _best_container(lines: Sequence[Line], elements: Sequence[Element], excluded: Mapping[int, str]) -> Choice:
    """Return the element whose lines speak most for it, the innermost of equals."""
    value: dict[int, float] = defaultdict(float)
    depth: dict[int, int] = {}
    for line in lines:
        if line.index in excluded:
            continue
        worth = _value(line)
        for steps, element in enumerate(line.path):
            value[element] += worth
            depth[element] = len(line.path) - steps
    if not value:
        return Choice(frozenset(x.index for x in lines), excluded, -1)
    top = max(value.values())
    near = [e for e, v in value.items() if v >= _NEAR_BEST * top] if top > 0 else list(value)
    best = max(near, key=lambda e: (depth[e], value[e], -e)) if top > 0 else max(near, key=lambda e: (value[e], -e))
    return _inside(lines, best, excluded)


def _inside(lines: Iterable[Line], element: int, excluded: Mapping[int, str]) -> Choice:
    return Choice(frozenset(x.index for x in lines if element in x.path), excluded, -1)


def _agreeing(
    lines: Sequence[Line], elements: Sequence[Element], metadata: Metadata, excluded: Mapping[int, str]
) -> list[Choice]:
    """Return the innermost container of the lines that stand in articleBody too, if there are any."""
    evidence = set(_runs(metadata.body_text or ""))
    if len(evidence) < _EVIDENCE_WORDS:
        return []
    inside = [x for x in lines if x.words >= _FEWEST_AGREEING_WORDS and not x.hidden and _is_told(x, evidence)]
    if not inside:
        return []
    shared = set(inside[0].path).intersection(*(x.path for x in inside))
    innermost = max(shared, key=lambda e: (inside[0].path[::-1].index(e), e))
    told = {x.index for x in inside}
    return [_inside(lines, innermost, {i: name for i, name in excluded.items() if i not in told})]


def _is_told(line: Line, evidence: set[tuple[str, ...]]) -> bool:
    runs = _runs(line.text)
    return bool(runs) and sum(run in evidence for run in runs) >= _AGREES * len(runs)


def column(lines: Sequence[Line], choice: Choice) -> int:
    """Return the parent of most of the prose."""
    weight: dict[int, int] = defaultdict(int)
    for i in sorted(_kept(choice)):
        line = lines[i]
        if line.prose and len(line.path) > 1:
            weight[line.path[1]] += line.words
    return max(weight, key=lambda e: (weight[e], -e)) if weight else -1
