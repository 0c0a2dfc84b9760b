"""How often a source is asked, and what is said of it: pure functions, so days pass in a moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl import schedule
from etl.schedule import LONGEST_S, SHORTEST_S, SourceState, changed, failed, is_due, told, unchanged

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
LOOKS = st.lists(st.sampled_from(["unchanged", "news", "changed", "failed"]), max_size=40)


def play(looks, given_s=None, items=10):
    """Look at a source whenever it is due; return its states."""
    state, now, states = SourceState(), START, []
    for look in looks:
        if look == "unchanged":
            state = unchanged(state, now, given_s)
        elif look == "failed":
            state = failed(state, now, given_s, "try-later", "HTTP 503")
        else:
            state = changed(state, now, given_s, items, 3 if look == "news" else 0, None)
        states.append(state)
        now = state.next_poll_at
    return states


@given(LOOKS)
def test_the_wait_stays_between_a_quarter_of_an_hour_and_a_day(looks):
    for state in play(looks):
        assert SHORTEST_S <= state.wait_seconds <= LONGEST_S
        assert state.next_poll_at - state.last_polled_at <= timedelta(seconds=LONGEST_S)
        assert state.next_poll_at > state.last_polled_at


@given(LOOKS, st.integers(60, 7 * 86400))
def test_an_interval_that_its_owner_chose_is_kept_while_all_is_well(looks, seconds):
    for state in play(looks, seconds):
        if not state.failures:
            assert (state.next_poll_at - state.last_polled_at).total_seconds() == seconds


def test_news_makes_it_faster_and_nothing_new_slower():
    assert play(["news"] * 6)[-1].wait_seconds == SHORTEST_S
    assert play(["unchanged"] * 12)[-1].wait_seconds == LONGEST_S
    assert play(["changed"] * 12)[-1].wait_seconds == LONGEST_S  # another list with nothing new in it is no news


def test_a_source_that_fails_is_slowed_down_and_never_dropped():
    states = play(["news"] + ["failed"] * 20)
    waits = [state.next_poll_at - state.last_polled_at for state in states[1:]]
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(days=1)
    assert (states[-1].failures, states[-1].health) == (20, "failing")
    assert told(states[-1]) == "failed 20 times in a row, try-later: HTTP 503"


def test_one_success_forgets_the_failures():
    state = play(["news", "failed", "failed", "unchanged"])[-1]
    assert (state.failures, state.health, state.last_error) == (0, "ok", None)


def test_a_server_that_asks_for_more_time_gets_it_up_to_a_day():
    later = failed(SourceState(), START, None, "try-later", "429", START + timedelta(hours=6))
    assert later.next_poll_at == START + timedelta(hours=6)
    never = failed(SourceState(), START, None, "try-later", "429", START + timedelta(days=900))
    assert never.next_poll_at == START + timedelta(days=1)


def test_robots_that_refuse_are_told_apart():
    assert failed(SourceState(), START, None, "robots", "not allowed").health == "robots-refused"


@pytest.mark.parametrize(
    ("gap", "days", "health"), [(1, 0.9, "ok"), (1, 1.1, "silent"), (24, 9, "ok"), (24, 11, "silent")]
)
def test_silence_is_measured_by_its_own_habit(gap, days, health):
    state, now = SourceState(), START
    for _ in range(5):
        state = changed(state, now, None, 10, 1, None)
        now += timedelta(hours=gap)
    state = unchanged(state, state.last_new_at + timedelta(days=days), None)
    assert state.health == health
    if health == "silent":
        assert told(state) == f"nothing new for {days:.1f} days"


@pytest.mark.parametrize(("items", "health"), [(20, "ok"), (10, "ok"), (9, "shrinking"), (0, "shrinking")])
def test_shrinking_is_measured_by_its_own_length(items, health):
    state = play(["news"] * 3, items=20)[-1]
    state = changed(state, state.next_poll_at, None, items, 0, None)
    assert state.health == health


def test_a_list_that_stays_short_stays_shrunk_and_a_list_that_was_short_is_none():
    state = play(["news"] * 3, items=20)[-1]
    for _ in range(20):
        state = changed(state, START, None, 2, 0, None)
    assert told(state) == "2 items in its list, usually 20"
    assert play(["news"], items=3)[-1].health == "ok"
    assert changed(play(["news"], items=3)[-1], START, None, 0, 0, None).health == "ok"


def test_a_scheduler_that_is_a_little_early_does_not_miss_a_turn():
    state = unchanged(SourceState(), START, 900)
    assert not is_due(state, START + timedelta(minutes=13))
    assert is_due(state, START + timedelta(minutes=15) - schedule.EARLY)
    assert is_due(SourceState(), START)
