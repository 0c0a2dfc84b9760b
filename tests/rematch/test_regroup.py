"""What became of the stories: told from where the articles stood before and where they stand after."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from etl.accounts import EXAMPLES
from etl.regroup import changes, regrouping, shown


def kinds(before: dict[int, int], after: dict[int, int]) -> list[str]:
    return [change.kind for change in changes(before, after)]


def test_a_story_that_falls_apart_has_split():
    [change] = changes({1: 1, 2: 1, 3: 1}, {1: 1, 2: 1})
    assert (change.kind, change.before, change.after) == ("split", ((1, 3),), ((1, 2), (3, 1)))
    assert kinds({1: 1, 2: 1}, {}) == ["split"]


def test_a_story_that_takes_in_another_has_merged():
    [change] = changes({1: 1, 2: 1}, {1: 1, 2: 1, 3: 1})
    assert (change.kind, change.before, change.after) == ("merged", ((1, 2), (3, 1)), ((1, 3),))


def test_the_same_articles_under_another_lead():
    [change] = changes({1: 1, 2: 1}, {1: 2, 2: 2})
    assert (change.kind, change.before, change.after) == ("led by another", ((1, 2),), ((2, 2),))


def test_an_article_that_changes_sides_splits_one_story_and_merges_into_the_other():
    assert kinds({1: 1, 2: 1, 3: 1, 4: 4, 5: 4}, {1: 1, 2: 1, 3: 4, 4: 4, 5: 4}) == ["split", "merged"]


def test_the_account_counts_all_and_shows_the_largest_with_their_headlines():
    before = {article: article // 10 * 10 for article in range(10, 200)}
    after = {a: s for a, s in before.items() if a % 10 < 9 or s == 50}
    account = regrouping(before, after, {10: "Quay"}, changes(before, after))
    assert (account.split, account.merged, account.led_by_another, account.moved) == (18, 0, 0, 18)
    assert len(account.examples) == EXAMPLES
    assert account.examples[0].before[0].headline == "Quay"
    assert [one.articles for one in account.examples[0].after] == [9, 1]


@st.composite
def places(draw):
    """A grouping of ten articles, each group led by one of its members."""
    of = draw(st.lists(st.integers(0, 5), min_size=10, max_size=10))
    groups = [[a for a in range(10) if of[a] == g] for g in set(of)]
    leads = {a: lead for group in groups for lead in [draw(st.sampled_from(group))] for a in group}
    sizes = Counter(leads.values())
    return {a: lead for a, lead in leads.items() if sizes[lead] > 1}


@given(places(), places())
def test_there_and_back_turns_splits_into_merges(before, after):
    there, back = Counter(kinds(before, after)), Counter(kinds(after, before))
    assert (there["split"], there["merged"]) == (back["merged"], back["split"])
    assert there["led by another"] == back["led by another"]
    assert (there == Counter()) == (before == after)
    assert set(shown(changes(before, after))) <= set(changes(before, after))
