"""Stories are a function of the set of articles and matches."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from etl.match import JOINING, group
from etl.records import Match, Relation, Standing, Story

START = datetime(2031, 5, 6, tzinfo=UTC)


def standing(number: int, hours: float | None = 0.0, word_count: int = 300) -> Standing:
    return Standing(number, f"id{number:04d}", None if hours is None else START + timedelta(hours=hours), word_count)


def match(a: int, b: int, relation: Relation = "near", containment: float = 0.95) -> Match:
    return Match(min(a, b), max(a, b), relation, 0.8, containment, 0.9, 0, ())


def members(stories: list[Story]) -> dict[int, dict[int, str]]:
    return {s.lead_id: {m.article_id: m.role for m in s.members} for s in stories}


def test_an_article_without_a_match_is_a_story_of_its_own():
    assert members(group([standing(1), standing(2)], [])) == {1: {1: "lead"}, 2: {2: "lead"}}
    assert group([], []) == []


def test_a_shared_passage_joins_nothing():
    assert "shares_passage" not in JOINING
    assert len(group([standing(1), standing(2)], [match(1, 2, "shares_passage")])) == 2


def test_the_lead_is_the_earliest_then_the_longest_then_the_smallest_identity():
    earliest = [standing(1, None, 900), standing(2, 5.0), standing(3, 1.0, 100)]
    assert group(earliest, [match(1, 2), match(2, 3), match(1, 3)])[0].lead_id == 3
    longest = [standing(1, 1.0, 200), standing(2, 1.0, 210)]
    assert group(longest, [match(1, 2)])[0].lead_id == 2
    assert group([standing(2), standing(1)], [match(1, 2)])[0].lead_id == 1
    swapped = [Standing(1, "z", START, 300), Standing(2, "a", START, 300)]
    assert group(swapped, [match(1, 2)])[0].lead_id == 2


def test_members_have_the_role_that_their_text_has():
    articles = [standing(1), standing(2, 1.0), standing(3, 1.0), standing(4, 1.0, 120), standing(5, 1.0, 700)]
    found = [match(1, 2, "exact"), match(1, 3), match(1, 4, "contained"), match(1, 5, "contained")]
    found += [match(2, 3), match(2, 4, "contained"), match(4, 5, "contained")]
    expected = {1: "lead", 2: "copy", 3: "copy", 4: "abridged", 5: "expanded"}
    assert members(group(articles, found)) == {1: expected}


def test_a_copy_that_meets_the_lead_through_a_representative_joins():
    articles = [standing(1), standing(2, 1.0), standing(3, 2.0, 290)]
    assert members(group(articles, [match(1, 2), match(2, 3)])) == {1: {1: "lead", 2: "copy", 3: "copy"}}


def test_a_weak_member_does_not_speak_for_the_lead():
    articles = [standing(1), standing(2, 1.0), standing(3, 2.0)]
    assert len(group(articles, [match(1, 2, containment=0.5), match(2, 3)])) == 2


def test_a_piece_that_the_lead_only_quotes_does_not_speak_for_it():
    articles = [standing(1, 0.0, 500), standing(2, 200.0, 100), standing(3, 201.0, 350)]
    found = [match(1, 2, "contained"), match(2, 3, "contained")]
    assert members(group(articles, found)) == {1: {1: "lead", 2: "abridged"}, 3: {3: "lead"}}
    shorter = [*articles[:2], standing(3, 201.0, 60)]  # what stands in a piece of the lead stands in the lead
    assert members(group(shorter, found)) == {1: {1: "lead", 2: "abridged", 3: "abridged"}}


def test_a_running_story_does_not_chain():
    articles = [standing(i, float(i)) for i in range(10)]
    stories = group(articles, [match(i, i + 1) for i in range(9)])
    assert max(len(s.members) for s in stories) <= 3


def test_news_in_brief_does_not_glue_the_stories_it_holds():
    pages = [standing(0, 20.0, 600)]
    stories = [standing(i, float(i), 60) for i in range(1, 11)]
    found = [match(0, i, "contained") for i in range(1, 11)]
    assert len(group(pages + stories, found)) == 11
    early = [Standing(0, "id0000", START - timedelta(hours=1), 600)]
    assert len(group(early + stories, found)) == 11


def test_a_long_version_keeps_its_teasers():
    articles = [standing(0, 5.0, 900), *[standing(i, float(i), 120) for i in range(1, 5)]]
    found = [match(0, i, "contained") for i in range(1, 5)] + [
        match(a, b) for a in range(1, 5) for b in range(a + 1, 5)
    ]
    assert len(group(articles, found)) == 1


def test_a_family_of_five_hundred_copies_is_one_story():
    articles = [standing(i, i / 10) for i in range(500)]
    found = [match(a, b) for a in range(500) for b in range(a + 1, min(a + 20, 500))] + [
        match(0, b) for b in range(20, 500)
    ]
    assert len(group(articles, found)) == 1


ARTICLES = st.lists(
    st.tuples(st.none() | st.integers(0, 4), st.sampled_from([40, 100, 300, 310])), min_size=1, max_size=12
).map(lambda rows: [standing(i, hours, size) for i, (hours, size) in enumerate(rows)])
RELATIONS = st.sampled_from(["exact", "near", "contained", "shares_passage"])
PAIRS = st.dictionaries(
    st.tuples(st.integers(0, 11), st.integers(0, 11)).filter(lambda p: p[0] < p[1]),
    st.tuples(RELATIONS, st.sampled_from([0.4, 0.8, 1.0])),
    max_size=40,
).map(lambda pairs: [match(a, b, relation, share) for (a, b), (relation, share) in pairs.items()])


@settings(max_examples=200, deadline=None)
@given(ARTICLES, PAIRS, st.randoms(use_true_random=False))
def test_stories_depend_on_the_set_alone(articles, pairs, chance):
    stories = group(articles, pairs)
    shuffled_articles, shuffled_pairs = list(articles), list(pairs)
    chance.shuffle(shuffled_articles)
    chance.shuffle(shuffled_pairs)
    assert group(shuffled_articles, shuffled_pairs) == stories


@settings(max_examples=200, deadline=None)
@given(ARTICLES, PAIRS, st.permutations(range(12)))
def test_stories_do_not_depend_on_the_ids_that_articles_happened_to_get(articles, pairs, ids):
    renamed = [Standing(ids[a.article_id], a.identity, a.published_at, a.word_count) for a in articles]
    again = [match(ids[m.left_id], ids[m.right_id], m.relation, m.containment) for m in pairs]
    expected = [(ids[s.lead_id], {(ids[m.article_id], m.role) for m in s.members}) for s in group(articles, pairs)]
    got = [(s.lead_id, {(m.article_id, m.role) for m in s.members}) for s in group(renamed, again)]
    assert got == expected


@settings(max_examples=200, deadline=None)
@given(ARTICLES, PAIRS)
def test_every_article_is_in_one_story_and_matches_something_there(articles, pairs):
    stories = group(articles, pairs)
    placed = [m.article_id for s in stories for m in s.members]
    assert sorted(placed) == sorted(a.article_id for a in articles)
    joined = {(m.left_id, m.right_id) for m in pairs if m.relation in JOINING}
    for story in stories:
        ids = {m.article_id for m in story.members}
        assert story.members[0].article_id == story.lead_id
        assert [m.role == "lead" for m in story.members] == [True] + [False] * (len(ids) - 1)
        for member in ids - {story.lead_id}:
            assert any((min(member, o), max(member, o)) in joined for o in ids)


def parts(articles: list[Standing], pairs: list[Match]) -> list[set[int]]:
    """Articles that joining pairs connect, however far around."""
    found = [{a.article_id} for a in articles]
    for pair in pairs:
        if pair.relation in JOINING:
            met = [part for part in found if pair.left_id in part or pair.right_id in part]
            if {pair.left_id, pair.right_id} <= set().union(*met):
                found = [*(part for part in found if part not in met), set().union(*met)]
    return found


@settings(max_examples=200, deadline=None)
@given(ARTICLES, PAIRS)
def test_what_is_not_connected_is_grouped_apart_with_the_same_result(articles, pairs):
    apart = []
    for part in parts(articles, pairs):
        mine = [a for a in articles if a.article_id in part]
        apart += group(mine, [p for p in pairs if p.left_id in part and p.right_id in part])
    assert sorted(apart, key=lambda s: s.lead_id) == sorted(group(articles, pairs), key=lambda s: s.lead_id)
