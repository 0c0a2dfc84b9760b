"""What is an alarm and what is not, by the numbers alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.quality import DAYS, LEAST_CHECKS, SHARES, Measured, judge, told

USUAL = dict.fromkeys(SHARES, (0.05, 0.0, 0.1, 0.05, 0.02, 0.04))


def alarms(*measured: Measured) -> set[str]:
    return {check.metric for check in judge(measured, 0, 0) if check.alarm}


@pytest.mark.parametrize("metric", SHARES)
def test_a_share_far_above_what_is_usual_is_an_alarm(metric):
    assert alarms(Measured("a", 100, {metric: 60}, USUAL)) == {metric}
    assert alarms(Measured("a", 100, {metric: 12}, USUAL)) == set()


def test_a_few_documents_are_none():
    assert alarms(Measured("a", 4, {"undated": 4}, USUAL)) == set()


@given(st.lists(st.floats(0, 1), max_size=LEAST_CHECKS - 1), st.integers(1, 1000))
def test_the_first_runs_are_none(history, documents):
    everything = dict.fromkeys(SHARES, documents)
    assert alarms(Measured("a", documents, everything, dict.fromkeys(SHARES, history))) == set()


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40), st.integers(20, 1000))
def test_what_was_seen_before_is_none(history, documents):
    count = int(max(history) * documents)
    assert alarms(Measured("a", documents, {"undated": count}, {"undated": history})) == set()


def test_a_source_that_dries_up_is_an_alarm():
    week = [100, 110, 95, 105, 100, 40, 35]
    assert alarms(Measured("a", 0, days=[10, *week, *week])) == {"daily_documents"}
    assert alarms(Measured("a", 30, days=[30, *week, *week])) == set()  # a weekend
    assert alarms(Measured("a", 0, days=[0, *week, *week[:-1], 0])) == set()  # not two whole weeks
    assert alarms(Measured("a", 0, days=[0] + [5] * DAYS)) == set()  # so little comes and goes by itself


def test_an_alarm_is_fresh_once():
    first, again = (Measured("a", 100, {"undated": 60}, USUAL, alarmed=frozenset(a)) for a in ((), ("undated",)))
    assert [c.fresh for c in judge([first], 0, 0) if c.alarm] == [True]
    assert [c.fresh for c in judge([again], 0, 0) if c.alarm] == [False]


def test_more_large_stories_than_before_are_fresh():
    assert [(c.alarm, c.fresh) for c in judge([], 2, 1)] == [(True, True)]
    assert [(c.alarm, c.fresh) for c in judge([], 2, 2)] == [(True, False)]
    assert [(c.alarm, c.fresh) for c in judge([], 0, 2)] == [(False, False)]
    assert judge([], 0, 0) == []


def test_it_is_told_in_words():
    [check] = [c for c in judge([Measured("a", 100, {"undated": 60}, USUAL)], 0, 0) if c.alarm]
    assert told(check) == "60% of 100 documents without a date, 4% are usual"
