"""Text dumps: the head, the tail, inline leftovers, kinds and credits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from etl import agencies
from etl.errors import Reject
from etl.records import KnownParagraphs
from etl.strip import strip

LEAD = "The ferry to the Orrin islands will run again from Monday, the company that owns it said in a statement."
MORE = "It had been in the yard since the storm in March tore away its bow door and flooded the lower deck."
LAST = "Tickets will cost as much as before, and bicycles travel for free until the end of the summer."
TITLE = "Ferry to the Orrin islands runs again after storm"


def _join(*lines: str) -> str:
    return "\n\n".join(lines)


def test_a_title_over_the_text_is_the_headline_without_its_comma(clean_text):
    article = clean_text(_join(TITLE + ",", LEAD, MORE, LAST))
    assert article.metadata.headline == TITLE
    assert [p.text for p in article.paragraphs] == [LEAD, MORE, LAST]


def test_a_text_that_begins_as_prose_has_no_headline(clean_text):
    article = clean_text(_join(LEAD, MORE, LAST))
    assert article.metadata.headline is None
    assert article.removed == ()


def test_a_headline_said_twice_goes_twice(clean_text):
    article = clean_text(f"{TITLE}\n\n3 min read\n{TITLE}\n\n{_join(LEAD, MORE, LAST)}")
    assert article.metadata.headline == TITLE
    assert [r.rule for r in article.removed] == ["headline", "reading_time", "headline"]


def test_the_name_of_the_site_behind_the_headline_is_cut(clean_text):
    article = clean_text(f"{TITLE} - Orrin Post\n{TITLE}\n{LEAD}\n{MORE}\n{LAST}")
    assert article.metadata.headline == TITLE
    assert [p.text for p in article.paragraphs] == [LEAD, MORE, LAST]


@pytest.mark.parametrize("after", ["By Jo Alder", "12.04.2031 09:15", "The ferry in the yard / AFP"])
def test_a_short_sentence_set_off_from_the_text_is_the_standfirst(clean_text, after):
    deck = "The company promises the old prices."
    article = clean_text(_join(TITLE, deck, after, LEAD, MORE, LAST))
    assert article.metadata.standfirst == deck
    assert [p.text for p in article.paragraphs] == [LEAD, MORE, LAST]


@pytest.mark.parametrize("first", ["The ferry is back in the water.", "ORRIN — The ferry is back in the water."])
def test_an_ordinary_first_paragraph_is_no_standfirst(clean_text, first):
    article = clean_text(_join(TITLE, first, LEAD, MORE, LAST))
    assert article.metadata.standfirst is None
    assert article.paragraphs[0].text == first


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("By Jo Alder", ("Jo Alder",)),
        ("Jo Alder", ("Jo Alder",)),
        ("By Jo Alder and Mika Sorn", ("Jo Alder", "Mika Sorn")),
        ("Von Anke Lührs", ("Anke Lührs",)),
        ("Par Hélène Dufay", ("Hélène Dufay",)),
        ("Por María del Roble", ("María del Roble",)),
        ("Di Carlo Benassi", ("Carlo Benassi",)),
        ("Автор: Олена Петренко", ("Олена Петренко",)),
        ("Текст: Игорь Лесной", ("Игорь Лесной",)),
    ],
)
@pytest.mark.parametrize("place", ["head", "tail"])
def test_a_byline_at_the_head_or_the_tail_gives_the_authors(clean_text, line, authors, place):
    body = [line, LEAD, MORE, LAST] if place == "head" else [LEAD, MORE, LAST, line, "Follow us on Facebook"]
    article = clean_text(_join(TITLE, *body))
    assert article.metadata.authors == authors
    assert line in [r.text for r in article.removed if r.rule == "byline"]
    assert [p.text for p in article.paragraphs] == [LEAD, MORE, LAST]


def test_a_name_between_two_paragraphs_is_a_subheading(clean_text):
    article = clean_text(_join(LEAD, "Jo Alder", MORE, LAST))
    assert article.metadata.authors == ()
    assert [p.kind for p in article.paragraphs] == ["text", "heading", "text", "text"]


@pytest.mark.parametrize(
    ("front", "iso"),
    [
        ("date 2031-04-12 ", "2031-04-12"),
        ("Published: 12 April 2031 ", "2031-04-12"),
        ("20:01 12.04.2031 ", "2031-04-12T20:01:00"),
        ("12.04.2031, 20:01 – ", "2031-04-12T20:01:00"),
        ("Опубліковано: 12.04.2031 ", "2031-04-12"),
    ],
)
def test_a_date_in_front_of_the_first_sentence_is_cut_loose(clean_text, front, iso):
    article = clean_text(_join(front + LEAD, MORE, LAST))
    assert article.metadata.published.iso() == iso
    assert [p.text for p in article.paragraphs] == [LEAD, MORE, LAST]


@pytest.mark.parametrize(
    "first",
    [
        "12 April 2031 was a dark day for the islands, and nobody who was there will ever forget it.",
        "April 12, 2031 Orrin storm victims were remembered on the quay by hundreds of their neighbours.",
        "On 12.04.2031 The Orrin Post wrote that the ferry would never leave the yard in one piece.",
    ],
)
def test_a_date_that_the_first_sentence_needs_stays(clean_text, first):
    article = clean_text(_join(first, MORE, LAST))
    assert article.metadata.published is None
    assert article.paragraphs[0].text == first


@pytest.mark.parametrize("front", ["March 5, 2031 ", "Mar 5, 2031, 12:45 pm ", "5 March 2031 — "])
def test_a_month_in_words_is_cut_loose_before_a_bar_or_an_opening_word(clean_text, front):
    article = clean_text(_join(front + LEAD, MORE, LAST))
    assert article.metadata.published.iso()[:10] == "2031-03-05"
    assert article.paragraphs[0].text == LEAD


def test_a_chronology_keeps_its_dates(clean_text):
    days = [f"March {day}, 2031 — {line}" for day, line in ((5, LEAD), (9, MORE), (12, LAST))]
    article = clean_text(_join(*days))
    assert article.metadata.published is None
    assert [p.text for p in article.paragraphs] == days


@pytest.mark.parametrize("caption", ["The ferry at sea. REUTERS/Jo Alder", "The ferry at sea. (AP Photo/Jo Alder)"])
def test_the_credit_of_a_picture_is_no_credit_of_the_text(clean_text, caption):
    article = clean_text(_join(TITLE, caption, LEAD, MORE, LAST))
    assert (article.metadata.agency, [r.rule for r in article.removed]) == (None, ["headline", "caption"])


def test_a_caption_does_not_hide_the_dateline(clean_text):
    first = "ORRIN, April 12 (Reuters) - " + LEAD
    metadata = clean_text(_join(TITLE, "The ferry at sea. REUTERS/Jo Alder", first, MORE, LAST)).metadata
    assert (metadata.dateline, metadata.agency) == ("ORRIN, April 12", "Reuters")


@pytest.mark.parametrize(
    "prompt", ["Share", "Share this", "Tweet", "Teilen", "Partager", "Поділитися", "Advertisement"]
)
def test_a_prompt_that_trails_a_sentence_is_cut_loose(clean_text, prompt):
    article = clean_text(_join(LEAD, f"{MORE} {prompt}", LAST))
    assert [p.text for p in article.paragraphs] == [LEAD, MORE, LAST]
    assert [r.text for r in article.removed] == [prompt]


def test_a_pointer_that_trails_a_sentence_is_cut_loose_with_its_title(clean_text):
    article = clean_text(_join(LEAD, f"{MORE} Read also: Lighthouse opens for visitors", LAST))
    assert [r.text for r in article.removed] == ["Read also: Lighthouse opens for visitors"]


def test_a_sentence_that_ends_in_share_stays_whole(clean_text):
    line = "Nobody on the islands has sold his share, and the company will not say who asked for the largest share."
    assert clean_text(_join(LEAD, line, LAST)).removed == ()


def test_a_line_of_credits_is_read_part_by_part(clean_text):
    article = clean_text(_join(TITLE, "By Jo Alder | 12 April 2031 | 3 min read", LEAD, MORE, LAST))
    assert [r.rule for r in article.removed] == ["headline", "byline", "timestamp", "reading_time"]
    assert article.metadata.authors == ("Jo Alder",)
    assert article.metadata.published.iso() == "2031-04-12"


def test_a_line_that_is_all_date_is_left_whole(clean_text):
    article = clean_text(_join(TITLE, "Stand: 12.04.2031, 14:20 Uhr", LEAD, MORE, LAST))
    assert [r.text for r in article.removed] == [TITLE, "Stand: 12.04.2031, 14:20 Uhr"]


def test_an_update_is_no_date_of_publication(clean_text):
    metadata = clean_text(_join(TITLE, "Updated: 2031-04-12 10:30", LEAD, MORE, LAST)).metadata
    assert metadata.published is None
    assert metadata.modified.iso() == "2031-04-12T10:30:00"


def test_no_date_is_taken_from_prose(clean_text):
    line = "The storm came on Monday, 3 March 2031, at 20:01, when most of the crew had gone ashore."
    assert clean_text(_join(LEAD, line, LAST)).metadata.published is None


def test_lists_subheadings_and_attributions_are_kept_with_their_kind(clean_text):
    quote = (
        "We never gave up on her. She is an old lady, and old ladies know how to swim. Jo Alder Captain of the ferry"
    )
    article = clean_text(_join(LEAD, "What happens next. And when", "– Repair the bow door.", quote, LAST))
    assert [p.kind for p in article.paragraphs] == ["text", "heading", "list", "text", "text"]
    assert article.removed == ()


@pytest.mark.parametrize(
    ("opening", "dateline", "agency"),
    [
        ("ORRIN, April 12 (Reuters) - ", "ORRIN, April 12", "Reuters"),
        ("ORRIN (AP) — ", "ORRIN", "AP"),
        ("Orrin (dpa) - ", "Orrin", "dpa"),
        ("ORRIN — ", "ORRIN", None),
    ],
)
def test_the_dateline_is_read_and_left_in_the_text(clean_text, opening, dateline, agency):
    article = clean_text(_join(opening + LEAD, MORE, LAST))
    assert (article.metadata.dateline, article.metadata.agency) == (dateline, agency)
    assert article.paragraphs[0].text == opening + LEAD


@pytest.mark.parametrize(
    ("line", "agency"),
    [
        ("According to the correspondent of UNIAN, the captain wept when he saw her in the water.", "UNIAN"),
        ("As Ukrinform reported, the ferry had lost her bow door in the storm of last March.", "Ukrinform"),
        ("The captain told Reuters that he had never doubted it, whatever the owners said.", None),
        ("Reuters reported last week that the ferry would be sold to a yard in the south.", None),
    ],
)
def test_an_agency_counts_where_the_text_credits_it(clean_text, line, agency):
    assert clean_text(_join(LEAD, line, LAST)).metadata.agency == agency


@pytest.mark.parametrize("form", [form for form in agencies.load().credits if "'{}" not in form])
def test_each_form_of_credit_is_found(clean_text, form):
    told = f"The ferry was lost, {form.format('Reuters')}, in the storm of last March."
    assert clean_text(_join(LEAD, told, LAST)).metadata.agency == "Reuters"


def test_text_without_any_prose_is_refused(clean_text):
    with pytest.raises(Reject) as caught:
        clean_text("Home\nNews\nShare\nAD")
    assert (caught.value.stage, caught.value.reason) == ("strip", "no-article")


def test_a_table_that_came_with_a_headline_is_an_article_and_without_one_is_not(parse_text):
    document = parse_text("Shr profit three cts vs loss seven cts\n\nNet profit 161,000\n\nRevs 24.3 mln vs 26.5 mln")
    listed = replace(document, metadata=replace(document.metadata, headline="Kasler first quarter"))
    assert len(strip(listed, KnownParagraphs()).paragraphs) == 3
    with pytest.raises(Reject, match="no-article"):
        strip(document, KnownParagraphs())
