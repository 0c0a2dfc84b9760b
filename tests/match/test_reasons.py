"""The sentences say what the rule decided, never the contrary."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from etl.match import compare
from etl.match.compare import circumstances
from etl.match.reasons import reasons
from etl.records import StoredText
from etl.text import text_hash

NOON = datetime(2031, 5, 6, 12, tzinfo=UTC)
STORY = (
    "The wool market of Upper Tarn will move to the old tram depot in the spring, the town council decided on Monday.\n\n"
    "Dealers had asked for a roof since the snow of 1962, when a whole season's cloth was lost in a single night.\n\n"
    "The depot has stood empty for eleven years. Its rails will stay, so that bales can be pushed from door to door, and "
    "the council has found an engineer, Berta Lind, who still knows how the turntable works.\n\n"
    "Some neighbours fear the smell. The council has promised them a wall, a row of limes and a market that is closed on "
    "Sundays, and will ask them again after a year whether that is enough."
)
OTHER = "Nobody knows who painted the lighthouse green.\n\nThe keeper was asleep, and the ferry had left at noon."
NOTICE = "The bank of {} left its lending rate at {} percent on {} and said it would look at it again in a month."


def stored(number: int, body: str, hours: float | None = 0.0, site: str | None = None) -> StoredText:
    at = None if hours is None else NOON + timedelta(hours=hours)
    hashes = tuple(map(text_hash, body.split("\n\n")))
    return StoredText(number, f"id{number}", body, at, "minute", site, text_hash(body), hashes, None, "made")


def why(left: StoredText, right: StoredText) -> str:
    return "\n".join(reasons(left, right, circumstances(left, right)))


def test_a_copy_is_told_by_what_it_holds():
    assert "equal in normal form" in why(stored(1, STORY), stored(2, STORY.upper()))
    cut = STORY[: STORY.index("\n\nSome")]
    assert "Nearly all of the shorter one is in the other" in why(stored(1, STORY), stored(2, cut, 2.0))
    assert "contained: the shorter has" in why(stored(1, STORY), stored(2, cut, 2.0))


def test_a_form_is_told_by_what_stands_in_its_slots():
    first, second = NOTICE.format("Tarn", "4.25", "Monday"), NOTICE.format("Lind", "3.75", "Friday")
    assert "as in two notices of one form" in why(stored(1, first), stored(2, second, 1.0))


def test_a_follow_up_is_told_by_its_opening():
    fresh = "Berta Lind turned the old table of the depot for the first time on Tuesday, in front of half of the town."
    later = "\n\n".join([fresh, *STORY.split("\n\n")[1:]])
    assert "tells on" in why(stored(1, STORY, site="a"), stored(2, later, 20.0, "a"))


def test_the_next_notice_is_told_by_time():
    notice = NOTICE.format("Tarn", "4.25", "Monday")
    assert "a notice and the next of its kind" in why(stored(1, notice), stored(2, notice, 90.0))


def test_nothing_shared_is_said_so():
    assert why(stored(1, STORY), stored(2, OTHER)) == "They have no three words in a row in common."
    assert why(stored(1, STORY), stored(2, "***")) == "One of them has no word."


PARTS = st.lists(st.sampled_from([*STORY.split("\n\n"), *OTHER.split("\n\n"), NOTICE]), min_size=1, max_size=5)


@settings(max_examples=100, deadline=None)
@given(PARTS.map("\n\n".join), PARTS.map("\n\n".join), st.sampled_from([None, 0.0, 30.0, 90.0]), st.booleans())
def test_they_agree_with_the_rule_whoever_comes_first(left, right, hours, one_site):
    one, other = stored(1, left, 0.0, "a"), stored(2, right, hours, "a" if one_site else "b")
    found = reasons(one, other, circumstances(one, other))
    assert (
        found
        == reasons(other, one, circumstances(other, one))
        == reasons(replace(one, article_id=9), other, circumstances(one, other))
    )
    match = compare(one, other)
    relation = match.relation if match else None
    assert all(len(sentence) > 10 for sentence in found)
    assert any(sentence.startswith(("near:", "contained:")) for sentence in found) == (
        relation in ("near", "contained")
    )
    assert ("equal in normal form" in found[0]) == (one.text_hash == other.text_hash)
    assert len(found) > 1 or relation in (None, "exact", "shares_passage")
