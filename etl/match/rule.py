"""When two texts are one text. Every number stands here with where it comes from.

Measured: on the development pairs of newsroom and quality, seeds 7 and 11, on `tests/benchmarks/traps.py`, seeds 1 to
3, and on the labelled newswire pairs. Where two figures are given, they are the 5th and the 95th percentile.
"""

from __future__ import annotations

from dataclasses import dataclass

from etl.match.evidence import Evidence
from etl.records import Relation


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Shares are 0..1, times in hours, lengths in words."""

    # time: one form again after days is the next notice, one text again within hours a copy
    close_hours: float = 24.0  # copies of printed stories within 20; half-kept text later is background
    same_days_hours: float = 48.0  # at high containment nearly all within two days are copies, later ones are not
    notice_words: int = 80  # an equal text under this, days apart, is the next notice: "rates left unchanged"
    next_notice_hours: float = 20.0  # an edited text under notice_words, so much later, is the next day's notice
    same_site_hours: float = 3.0  # takes and corrections within 2; half of a page may be the site's furniture
    correction_numbers: int = 3  # words with digits; one or two figures are corrected
    correction_differ: float = 0.20  # of numbers and names; .08 on newswire, notices .29 and more
    correction_hours: float = 2.0  # corrections 0.5 to 1.8, next notices of one house from 24

    # how much is shared
    most: float = 0.75  # edited copies .76 to 1.0; a story with another in front of it under .70
    most_of_short: float = 0.85
    most_of_nameless: float = 0.95  # under noisy_words, without a name or number; two names of a form leave .93
    nameless_run: float = 0.80  # of the words: one run leaves no room for slots
    short_words: int = 50  # two equal phrases are half of such a text
    wrapped: float = 0.28  # a cut copy in furniture .39 to .59, a first take .28; asks for opening and long run too
    wrapped_run_words: int = 40  # printed copies 81 and more, first takes 33; furniture paragraphs 13 to 34
    wrapped_run_same_site_words: int = 60  # furniture of one site up to 44
    wrapped_head_words: int = 80  # own words before the shared ones: furniture up to 57; follow-ups 100 and more
    wrapped_behind: float = 0.45  # under it fewer may: news in brief holds .28 to .44 of a story, behind 46 and more
    wrapped_few_head_words: int = 25
    scattered: float = 0.25  # every fifth word replaced: .46 to .61, two such copies .26
    scattered_filled: float = 0.80  # the same .89 to .99; own reports of one event .27 to .67, .81 on newswire
    scattered_words: int = 120
    opened: float = 0.50  # one opening in both, web news: agency copy edited by two desks .54 and .59, rewritten .49
    opened_filled: float = 0.75  # the same .79 and .80, rewritten .64
    opened_alike: float = 0.85  # share of both openings: the same .88 and .97
    scattered_short: float = 0.50  # newswire: edited copies .60 and more, reports of one event up to .50
    scattered_short_filled: float = 0.90
    scattered_short_differ: float = 0.10  # numbers and names; copies up to .07 and .09, a table of figures .04
    scattered_short_hours: float = 12.0

    # two stories before one background: own words in both texts before what they share
    own_opening_words: int = 15  # copies up to 11, with another first paragraph 26
    own_opening: float = 0.15  # of the smaller text; another first paragraph of 200 words .13, stories .2 and more
    own_words: int = 12  # where the other has more than wrapped_head_words: a piece out of the middle, quoted

    # one site tells on: a later piece keeps much of an earlier one behind an opening of its own
    site_copy: float = 0.90  # containment; hand-read web news: copies on one site .96 and more, follow-ups up to .86
    site_opening: float = 0.80  # share of both openings: the same .97 and more, follow-ups .0 to .75
    take_opening: float = 0.90  # of one of them, soon after: a take is all opening, whatever stands around the other

    told: float = 0.5  # copies .62 and more; one caption set or statement in two stories 0 to .5
    told_words: int = 40  # with less telling of its own a text is all quotation

    # numbers and names that stand in each other's place
    numbers_differ: float = 0.25  # corrections .02 to .25; templates .33 to 1.0
    names_differ: float = 0.15  # copies up to .09; templates .20 to 1.0
    names_differ_equal_numbers: float = 0.20  # where several numbers stand and all agree
    equal_numbers: int = 5
    lead_names: int = 12  # so many agreeing names outweigh one that differs in the first sentence
    noisy_words: int = 150  # long and noisy text garbles names too: up to .31 at 5 % of the letters, and a few numbers
    noisy_differ: float = 0.35

    # one long run of equal words excuses time
    verbatim_words: int = 100  # notices that come again in the same words have up to 77
    verbatim_same_site: float = 0.95  # containment; reprints of an agency's own text .99 and more
    verbatim_share: float = 0.40

    # pages of one site share furniture around another story
    swapped_words: int = 15
    swapped: float = 0.10  # of the smaller text; noise makes gaps of 22 words in 500

    # relations
    similar_length: float = 0.80  # below, the smaller text is the larger one cut
    passage_words: int = 8  # shorter stretches are not worth listing
    passage_gap_words: int = 3  # differing words bridged inside a passage
    passage_equal: float = 0.75  # least share of equal words in a passage


THRESHOLDS = Thresholds()


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known of two articles besides their text."""

    hours: float | None  # at least, between their publications; None where one is unknown
    timed: bool  # both clocks are known, so `hours` is not only a lower bound
    same_site: bool


def judge(e: Evidence, around: Circumstances, t: Thresholds = THRESHOLDS) -> Relation | None:
    """Return what one text is to the other; None where nothing shared is worth a note."""
    if _is_same_text(e, around, t):
        return "near" if e.ratio >= t.similar_length else "contained"
    return "shares_passage" if e.longest >= t.passage_words else None


def judge_same_words(words: int, around: Circumstances, t: Thresholds = THRESHOLDS) -> Relation | None:
    """Return what two texts are to each other that are equal in normal form."""
    if not words:
        return None  # nothing but signs: all such texts are equal
    return "shares_passage" if _is_next_notice(words, around, t) else "exact"


def _is_next_notice(words: int, around: Circumstances, t: Thresholds) -> bool:
    return words < t.notice_words and around.hours is not None and around.hours > t.same_days_hours


def _is_same_text(e: Evidence, around: Circumstances, t: Thresholds) -> bool:
    if not (
        is_most(e, around, t) or is_verbatim(e, around, t) or is_wrapped(e, around, t) or is_scattered(e, around, t)
    ):
        return False
    if is_furniture(e, around, t) or is_background(e, t) or is_follow_up(e, around, t):
        return False
    return not (is_form(e, around, t) or is_nameless(e, t))


def is_furniture(e: Evidence, around: Circumstances, t: Thresholds) -> bool:
    """Say whether two pages of one site have another story inside the same furniture."""
    return around.same_site and e.swapped > max(t.swapped_words, t.swapped * e.words)


def is_follow_up(e: Evidence, around: Circumstances, t: Thresholds) -> bool:
    """Say whether a site tells on: a piece with another beginning, and much of an earlier one behind it."""
    if not around.same_site or e.containment >= t.site_copy or e.opening >= t.site_opening:
        return False
    soon = around.timed and around.hours is not None and around.hours <= t.same_site_hours
    return not (soon and e.openings >= t.take_opening)


def is_verbatim(e: Evidence, around: Circumstances, t: Thresholds) -> bool:
    """Say whether most of it is one run of equal words.

    On one site, where that may be furniture, all must agree. After days it must stand near the beginning: else it is
    quoted.
    """
    in_one_piece = e.longest >= t.verbatim_words and e.longest >= t.verbatim_share * e.words
    if not (e.containment >= t.most and in_one_piece and _is_told(e, t)):
        return False
    if e.head > t.wrapped_head_words and not _within(around, t.same_days_hours):
        return False
    agreed = e.containment >= t.verbatim_same_site and not e.numbers_differ and not e.names_differ
    return agreed or not around.same_site


def _is_told(e: Evidence, t: Thresholds) -> bool:
    """Say whether the two share their own telling, not only quotations and captions."""
    return e.told < t.told_words or e.told_coverage >= t.told


def _share(differ: int, agree: int) -> float:
    return differ / (differ + agree) if differ else 0.0


def is_form(e: Evidence, around: Circumstances, t: Thresholds) -> bool:
    """Say whether both texts fill one form: other names or numbers in the same places."""
    numbers = _share(e.numbers_differ, e.numbers_agree)
    if e.words >= t.noisy_words:
        # A few figures are put right; one that stands elsewhere in the other text was moved.
        if numbers > t.noisy_differ and e.numbers_differ - e.numbers_told > t.correction_numbers:
            return True
        both = _share(e.numbers_differ + e.names_differ, e.numbers_agree + e.names_agree)
        return both > t.noisy_differ or _share(e.names_differ, e.names_agree) > t.noisy_differ
    names = _share(e.names_differ, e.names_agree)
    equal = e.numbers_agree >= t.equal_numbers and not e.numbers_differ
    if names > (t.names_differ_equal_numbers if equal else t.names_differ):
        return True
    if (e.lead_differs or (e.names_differ and around.same_site)) and e.names_agree < t.lead_names:
        return True
    return numbers > t.numbers_differ and not _is_correction(e, around, t)


def _is_correction(e: Evidence, around: Circumstances, t: Thresholds) -> bool:
    """Say whether the numbers that differ were put right, soon after: few of them, or told with what they were."""
    return (
        around.hours is not None
        and around.timed
        and around.hours <= t.correction_hours
        and e.numbers_differ <= t.correction_numbers
        and not e.names_differ
        and e.containment >= t.most
        and (
            e.numbers_differ <= max(1, e.numbers_told)
            or _share(e.numbers_differ, e.numbers_agree + e.names_agree) <= t.correction_differ
        )
    )


def is_nameless(e: Evidence, t: Thresholds) -> bool:
    """Say whether nothing could tell a form from a copy: in scripts without capitals names look like other words."""
    telling = e.names_agree + e.numbers_agree + e.numbers_differ
    in_pieces = e.longest < t.nameless_run * e.words
    return not telling and in_pieces and e.words < t.noisy_words and e.containment < t.most_of_nameless


def is_background(e: Evidence, t: Thresholds) -> bool:
    """Say whether each of two texts opens with a story of its own, before what a site tells again and again."""
    if e.heads > t.own_words and e.head > t.wrapped_head_words:
        return True
    return e.heads > max(t.own_opening_words, t.own_opening * e.words)


def _within(around: Circumstances, hours: float) -> bool:
    return around.hours is None or around.hours <= hours


def is_most(e: Evidence, around: Circumstances, t: Thresholds) -> bool:
    """Say whether nearly all of the smaller text is there."""
    hours = t.next_notice_hours if e.words < t.notice_words else t.same_days_hours
    least = t.most_of_short if e.words < t.short_words else t.most
    return e.containment >= least and _within(around, hours) and _is_told(e, t)


def is_wrapped(e: Evidence, around: Circumstances, t: Thresholds) -> bool:
    """Say whether a piece of the story, with its opening and in its own telling, stands in other clothes."""
    return (
        e.containment >= t.wrapped
        and around.hours is not None
        and around.hours <= (t.same_site_hours if around.same_site else t.close_hours)
        and e.longest >= (t.wrapped_run_same_site_words if around.same_site else t.wrapped_run_words)
        and e.told_coverage >= t.wrapped
        and e.head <= (t.wrapped_head_words if e.containment >= t.wrapped_behind else t.wrapped_few_head_words)
        and e.heads <= t.own_opening_words
        and _share(e.names_differ, e.names_agree) <= t.names_differ
        and _share(e.numbers_differ, e.numbers_agree) <= t.numbers_differ
    )


def is_scattered(e: Evidence, around: Circumstances, t: Thresholds) -> bool:
    """Say whether noise or small edits are spread evenly over one text."""
    if e.words >= t.scattered_words:
        even = e.containment >= t.scattered and e.filled >= t.scattered_filled
        opened = e.containment >= t.opened and e.filled >= t.opened_filled and e.opening >= t.opened_alike
        return (even or opened) and _within(around, t.close_hours)
    return (
        e.containment >= t.scattered_short
        and around.hours is not None
        and around.hours <= t.scattered_short_hours
        and e.head <= t.own_opening_words
        and e.filled >= t.scattered_short_filled
        and _share(e.numbers_differ, e.numbers_agree) <= t.scattered_short_differ
        and _share(e.names_differ, e.names_agree) <= t.scattered_short_differ
    )
