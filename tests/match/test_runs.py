"""Runs are those that a reader would find who looks word by word, and takes the longest each time."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from etl.match.reading import SHINGLE_WORDS, read
from etl.match.runs import Corpus, Run, run, share

# So few words that runs repeat; so short that all places of a repeated run are tried.
TEXTS = st.lists(st.sampled_from(["quay", "mill", "rye", "lamp"]), max_size=10)


def read_by_eye(left: list[str], right: list[str]) -> list[Run]:
    found, at, expected = list[Run](), 0, 0
    while at <= len(left) - SHINGLE_WORDS:
        lengths = {place: agreeing(left[at:], right[place:]) for place in range(len(right))}
        places = sorted(lengths, key=lambda p: (-lengths[p], abs(p - expected), p))
        if places and lengths[places[0]] >= SHINGLE_WORDS:
            found.append(run(at, places[0], lengths[places[0]]))
            at, expected = found[-1].left_end, found[-1].right_end
        else:
            at += 1
    return found


def agreeing(left: list[str], right: list[str]) -> int:
    pairs = zip(left, right, strict=False)
    return next((count for count, (a, b) in enumerate(pairs) if a != b), min(len(left), len(right)))


def shingles(text: list[str]) -> set[tuple[str, ...]]:
    return {tuple(text[at : at + SHINGLE_WORDS]) for at in range(len(text) - SHINGLE_WORDS + 1)}


@settings(max_examples=500, deadline=None)
@given(TEXTS, TEXTS)
@example(["quay"] * 10, ["quay"] * 7)
@example(["mill", "rye", "lamp", "quay", "mill", "rye", "lamp"], ["mill", "rye", "lamp", "mill", "rye", "lamp", "quay"])
def test_runs_are_the_longest_word_by_word(left, right):
    shared = share(read(" ".join(left)), read(" ".join(right)))
    assert list(shared.runs) == read_by_eye(left, right)
    mine, others = shingles(left), shingles(right)
    assert shared.containment == (len(mine & others) / len(mine) if mine and others else 0.0)


@settings(max_examples=200, deadline=None)
@given(st.lists(TEXTS, min_size=2, max_size=5), st.data())
def test_among_others_two_texts_share_what_they_share_alone(texts, data):
    readings = [read(" ".join(text)) for text in texts]
    corpus, places = Corpus(readings), st.integers(0, len(texts) - 1)
    for left, right in data.draw(st.lists(st.tuples(places, places), max_size=10)):
        assert corpus.share(left, right) == share(readings[left], readings[right])


@settings(max_examples=100, deadline=None)
@given(TEXTS, TEXTS, TEXTS)
def test_a_long_run_is_found_to_its_end(before, between, behind):
    story = [f"word{n}" for n in range(300)]
    one, other = [*before, *story, *between], [*behind, *story, *behind]
    [whole] = [r for r in share(read(" ".join(one)), read(" ".join(other))).runs if r.length >= len(story)]
    assert one[whole.left : whole.left_end] == other[whole.right : whole.right_end]
