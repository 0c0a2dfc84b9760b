import textwrap

from hypothesis import given
from hypothesis import strategies as st

from etl.parse.plain import cut
from etl.text import words

PARAGRAPH = (
    "The harbour board said on Tuesday that the old ferry would sail again in spring, after two years in dock and a "
    "dispute over who should pay for the new engine. Passengers on the islands had waited for the news since last "
    "autumn, when the replacement boat ran aground twice in a week and had to be towed home by the pilot."
)


def texts(text):
    return [block.text for block in cut(text)[0]]


def test_each_line_is_a_block_with_the_empty_lines_in_front_of_it():
    blocks, elements = cut("One\n\n\nTwo\nThree\n \t\nFour")
    assert [(b.text, b.gap_before, b.position) for b in blocks] == [
        ("One", 0, 0), ("Two", 2, 1), ("Three", 0, 2), ("Four", 1, 3),
    ]  # fmt: skip
    assert [(e.parent, e.tag) for e in elements] == [(-1, "")]


def test_a_mark_makes_a_list_item_and_stays_in_the_text():
    blocks, _ = cut("– Take steps\n• Two\n- three\n* four\n1. Five\n2) six\nSeven - eight\n-9 degrees\n— Said he")
    assert [b.kind for b in blocks] == ["list"] * 6 + ["text"] * 3
    assert blocks[0].text == "– Take steps"


def test_white_space_is_folded_and_quotes_stay_as_found():
    assert texts("Ukraine’s\u00a0\u00a0“side” \t it's\u200b") == ["Ukraine’s “side” it's"]


def test_all_kinds_of_line_ends_end_a_line():
    assert texts("a\r\nb\rc\r\r\nd\x0ce\u2028f") == ["a", "b", "c", "d", "e", "f"]


def test_hard_wrapped_text_is_joined_to_paragraphs():
    wrapped = "\n\n".join(textwrap.fill(PARAGRAPH, 72) for _ in range(3))
    assert texts("HARBOUR NEWS\n\n" + wrapped) == ["HARBOUR NEWS", *[PARAGRAPH] * 3]


def test_indented_paragraphs_without_blank_lines_are_parted():
    wrapped = "\n".join(textwrap.fill(PARAGRAPH, 68, initial_indent="    ") for _ in range(3))
    assert texts(wrapped) == [PARAGRAPH] * 3


def test_wrapped_list_items_stay_apart():
    wrapped = "\n".join(textwrap.fill("- " + PARAGRAPH, 72) for _ in range(2))
    assert texts(wrapped) == ["- " + PARAGRAPH] * 2


def test_lines_that_are_paragraphs_are_not_joined():
    lines = ["A short line", PARAGRAPH[:108], "Another line", PARAGRAPH, "The end"]
    assert texts("\n".join(lines)) == lines


def test_a_menu_of_short_lines_is_not_joined():
    lines = ["Home", "World news", "Sport and leisure in the region today, an overview of all", "Weather", "About us"]
    assert texts("\n".join(lines)) == lines


def test_sentences_on_lines_of_their_own_are_not_joined_to_a_menu():
    lines = [
        "The pilots of the harbour had asked for a second launch ever since the old one sank in the great storm.",
        "Nobody on the board would hear of it until the price of towing had eaten up what was saved on the boat.",
        "On Thursday it agreed to buy one after all, on the condition that the pilots paint it with their own hands.",
        "Harbour news and the tides, weather at sea, letters from our readers, jobs on the quay, about this paper",
    ]
    assert texts("\n".join(lines)) == lines


def test_titles_as_wide_as_a_column_are_not_joined():
    lines = [
        "Pilots Ask Once More for a Second Launch as Storms Become More Frequent",
        "Ferry Company Promises Old Prices and New Engines Until the Next Spring",
        "Council Votes to Plant Four Hundred Lime Trees Along the Eastern Avenue",
        "Museum of Clocks Finds a Note in the Case and Names a Carpenter of Tarn",
        "Library Will Stay Open Until Ten on Thursdays After a Trial in Autumn",
    ]
    assert texts("\n".join(lines)) == lines


@given(st.lists(st.text(alphabet="ab c", min_size=40, max_size=110).filter(str.strip), min_size=2, max_size=12))
def test_lines_that_end_as_sentences_are_never_joined(bodies):
    lines = [" ".join(("X" + each + ".").split()) for each in bodies]
    assert texts("\n".join(lines)) == lines


@given(st.text(alphabet=st.sampled_from("ab .\n–•1’\u00a0\t"), max_size=300))
def test_every_word_is_in_a_block_in_order(text):
    assert [w for t in texts(text) for w in words(t)] == [w for line in text.splitlines() for w in words(line)]
