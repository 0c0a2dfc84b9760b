"""Why two texts are one text by the rules, or why not: the judgement of `rule.py` in words."""

from __future__ import annotations

from collections.abc import Iterator

from etl.match import rule
from etl.match.evidence import Evidence
from etl.match.reading import read
from etl.match.rule import THRESHOLDS, Circumstances, Thresholds
from etl.match.runs import share
from etl.records import StoredText


def reasons(left: StoredText, right: StoredText, around: Circumstances, t: Thresholds = THRESHOLDS) -> list[str]:
    """Return sentences that say what decided; the order of the two does not matter."""
    readings = [(read(text.body), text.identity) for text in (left, right)]
    (smaller, _), (larger, _) = sorted(readings, key=lambda r: (len(r[0].words), r[1]))
    if not smaller.words:
        return ["One of them has no word."]
    if left.text_hash == right.text_hash:
        return list(_identical(len(smaller.words), around, t))
    e = Evidence(smaller, larger, share(smaller, larger))
    relation = rule.judge(e, around, t)
    if relation in ("near", "contained"):
        length = (
            "both are of about one length"
            if relation == "near"
            else f"the shorter has {_percent(e.ratio)} of the words"
        )
        return [*_grounds(e, around, t), f"{relation}: {length}."]
    return list(_obstacles(e, around, t))


def _identical(words: int, around: Circumstances, t: Thresholds) -> Iterator[str]:
    yield "The two texts are equal in normal form."
    if rule.judge_same_words(words, around, t) != "exact":
        yield (
            f"But they have under {t.notice_words} words and were published more than {t.same_days_hours:.0f} hours "
            "apart: a notice and the next of its kind."
        )


def _grounds(e: Evidence, around: Circumstances, t: Thresholds) -> Iterator[str]:
    if rule.is_verbatim(e, around, t):
        yield f"{e.longest} words stand in both in one piece, and {_contained(e)}."
    most = rule.is_most(e, around, t)
    if most:
        yield f"Nearly all of the shorter one is in the other: {_contained(e)}."
    if not most and rule.is_wrapped(e, around, t):
        yield (
            f"The story's opening and {e.longest} words in one piece are in both, {_apart(around)}: {_contained(e)}, "
            "in other clothes."
        )
    if not most and rule.is_scattered(e, around, t):
        yield f"Small edits are spread over one text: {_percent(e.filled)} of it lies within a few words of equal ones."


def _obstacles(e: Evidence, around: Circumstances, t: Thresholds) -> Iterator[str]:
    if not e.longest:
        yield "They have no three words in a row in common."
        return
    yield f"The longest piece in both has {e.longest} words; {_contained(e)}."
    if rule.is_furniture(e, around, t):
        yield f"On one site, {e.swapped} words between shared ones are entirely others: furniture around two stories."
    if rule.is_form(e, around, t):
        numbers, names = e.numbers_differ + e.numbers_agree, e.names_differ + e.names_agree
        yield (
            f"In the same places stand other names or numbers, as in two notices of one form: {e.names_differ} of "
            f"{names} names and {e.numbers_differ} of {numbers} numbers differ"
            + (", one in the first sentence or where a paragraph begins." if e.lead_differs else ".")
        )
    if rule.is_nameless(e, t):
        yield "No name or number speaks for one text: written like other words, they cannot be told from them."
    if rule.is_background(e, t):
        yield f"Each has an opening of its own, of {e.heads} words and more: two stories that share what stands behind."
    if rule.is_follow_up(e, around, t):
        yield (
            f"On one site, {_percent(e.opening)} of one opening is found in the other text: a piece that tells on, "
            "with what was told before behind it."
        )
    if e.longest >= t.passage_words and e.told >= t.told_words and e.told_coverage < t.told:
        told = _percent(e.told_coverage)
        yield f"Outside quotation marks and captions {told} is shared: two reports that quote the same."
    least_hours = t.next_notice_hours if e.words < t.notice_words else t.close_hours
    if e.containment >= t.wrapped and around.hours is None:
        yield "When one of them was published is not known, so that agreement alone must decide."
    elif e.containment >= t.wrapped and around.hours is not None and around.hours > least_hours:
        yield f"They were published {_apart(around)}: one text again within hours is a copy, after days seldom."
    if e.containment < t.wrapped:
        yield "That is too little for one text."
    elif e.head > t.wrapped_head_words:
        yield f"{e.head} words of its own stand in front of what they share: a story that uses a piece of another."


def _contained(e: Evidence) -> str:
    return f"{_percent(e.containment)} of the shorter one's runs of three words are found in the longer"


def _apart(around: Circumstances) -> str:
    return "at times not known" if around.hours is None else f"{around.hours:.0f} hours apart"


def _percent(share: float) -> str:
    return f"{share:.0%}"
