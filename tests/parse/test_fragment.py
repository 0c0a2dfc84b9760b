import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.parse.fragment import text_of


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("Plain words, a < b.", "Plain words, a < b."),
        ("Smith &amp; Sons", "Smith & Sons"),
        ("One.\n\nTwo &amp; three.", "One.\n\nTwo & three."),
        ("<p>One <b>more</b> try.</p><p>Two.</p>", "One more try.\n\nTwo."),
        ("One <i>more</i>.\n\nTwo.", "One more.\n\nTwo."),
        ("&lt;p&gt;One &amp;amp; two.&lt;/p&gt;", "One & two."),
        ("<img src=x> Teaser <a href=y>Read</a><script>z</script><p style='display:none'>no</p>", "Teaser Read"),
        ("<p>never <b>closed", "never closed"),
        ("<img src=x>", ""),
        ("", ""),
    ],
)
def test_markup_becomes_paragraphs(markup, text):
    assert text_of(markup) == text


def test_what_cannot_be_read_comes_back_as_it_is():
    assert text_of("<div>" * 5000 + "x") == "<div>" * 5000 + "x"
    assert text_of("<p>x" * 200_000) == "<p>x" * 200_000


@given(st.lists(st.text("ab .", min_size=1).filter(lambda t: t.strip()), min_size=1))
def test_each_paragraph_is_one_of_the_text(paragraphs):
    found = text_of("".join(f"<p>{each}</p>" for each in paragraphs))
    assert found == "\n\n".join(" ".join(each.split()) for each in paragraphs)
