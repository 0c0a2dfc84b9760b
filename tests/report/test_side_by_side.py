"""Two bodies side by side: nothing is lost, what corresponds stands together, what differs is marked."""

from hypothesis import given, settings
from hypothesis import strategies as st

from etl.match.paragraphs import paragraph_pairs
from etl.match.passages import passages
from etl.match.reading import read
from etl.match.runs import share
from etl.records import ParagraphPair, Passage
from etl.report.side_by_side import Row, chain, differing, rows
from etl.text import text_hash

QUAY = "The harbour office will close the eastern quay for nine weeks while divers replace the oldest of its piles."
MILL = "A mill that had stood empty since the flood was sold on Friday to two brothers who mean to grind rye again."
OTHER = "Nobody has yet explained why the keeper ordered green curtain."


def found(left: list[str], right: list[str]) -> list[Row]:
    one, other = read("\n\n".join(left)), read("\n\n".join(right))
    runs = share(one, other).runs
    pairs = paragraph_pairs(runs, one, other, [text_hash(p) for p in left], [text_hash(p) for p in right])
    return rows("\n\n".join(left), "\n\n".join(right), passages(runs, one, other), pairs)


def texts(row: Row) -> tuple[str, str]:
    return "".join(p.text for p in row.left), "".join(p.text for p in row.right)


def test_equal_paragraphs_stand_side_by_side():
    aligned = found([QUAY, MILL], [OTHER, QUAY, MILL])
    assert [texts(row) for row in aligned] == [("", OTHER), (QUAY, QUAY), (MILL, MILL)]
    assert [row.similarity for row in aligned] == [None, 1.0, 1.0]
    assert {piece.passage for row in aligned[1:] for piece in row.left} == {1, None}  # the last full stop is no word


def test_a_word_that_differs_is_marked_on_both_sides():
    [row] = found([QUAY], [QUAY.replace("nine", "eleven")])
    assert [p.text for p in row.left if p.differs] == ["nine"]
    assert [p.text for p in row.right if p.differs] == ["eleven"]


def test_paragraphs_in_another_order_are_marked_but_not_aligned():
    aligned = found([QUAY, MILL], [MILL, QUAY])
    assert [row.similarity for row in aligned].count(1.0) == 1
    assert {p.passage for row in aligned for p in (*row.left, *row.right)} - {None} == {1, 2}


def test_the_chain_is_the_heaviest_that_rises():
    pairs = [ParagraphPair(0, 2, 1.0), ParagraphPair(1, 0, 0.6), ParagraphPair(2, 1, 0.6)]
    assert chain(pairs) == pairs[1:]
    assert chain([]) == []
    assert chain(pairs[:1]) == pairs[:1]


def test_differing_words_are_spans_of_either_text():
    assert differing("one two three", "one 2 three four") == ([(4, 7)], [(4, 5), (12, 16)])
    assert differing("", "word") == ([], [(0, 4)])


BODIES = st.lists(st.sampled_from([QUAY, MILL, OTHER, QUAY.replace("nine", "ten"), "Short."]), min_size=1, max_size=6)


@settings(max_examples=150, deadline=None)
@given(BODIES, BODIES)
def test_every_paragraph_stands_once_in_its_order(left, right):
    aligned = found(left, right)
    assert [a for a, _ in map(texts, aligned) if a] == left
    assert [b for _, b in map(texts, aligned) if b] == right


@given(st.text(alphabet="ab \n", min_size=1, max_size=40), st.integers(0, 40), st.integers(0, 40))
def test_passages_that_point_anywhere_lose_no_text(body, start, end):
    start, end = sorted((min(start, len(body)), min(end, len(body))))
    aligned = rows(body, body, [Passage(start, end, start, end)], [])
    assert "".join(a for a, _ in map(texts, aligned)) == body.replace("\n", "")
