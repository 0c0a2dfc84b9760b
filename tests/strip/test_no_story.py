"""Documents in which nothing but a teaser, a form or a menu stands, and the lines that say so."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from etl.errors import Reject
from etl.parse import parse
from etl.records import CleanArticle, KnownParagraphs, RawDocument
from etl.strip import strip

TEASER = "The ferry to the islands will stay in port until its new engine has come from the yard in Cray."
STORY = "The captain said that he would rather wait for a month than go out with the old engine in November."
LATER = "The town pays for a bus to the bridge in the meantime, which runs every hour until nine in the evening."
WALL = "You have read all your free articles for May. Subscribe to read on."

REMOVED = [
    ("paywall", WALL),
    ("paywall", "To continue reading, choose one of our offers."),
    ("paywall", "Um weiterzulesen, wählen Sie ein Abo."),
    ("paywall", "Pour lire la suite, abonnez-vous dès maintenant."),
    ("paywall", "Para seguir leyendo, elige una de nuestras ofertas."),
    ("paywall", "Questo articolo è riservato agli abbonati."),
    ("paywall", "Para continuar lendo, escolha um plano."),
    ("paywall", "Чтобы продолжить чтение, оформите подписку."),
    ("paywall", "Щоб продовжити читання, оформіть передплату."),
    ("paywall", "Your name Your password Keep me signed in Forgot your password?"),
    ("comment_form", "Sign our guest book. Your name Your town Your message"),
    ("comment_form", "Comments are closed for this story."),
    ("navigation", "Home World Business Sport Opinion Weather Obituaries Search"),
    ("navigation", "Skip to the main content Open the menu"),
    ("navigation", "Have a news tip? Write to the editors."),
    ("weather", "Today mostly cloudy, high of 17. Tonight light rain, low of 9, wind 12 km/h."),
    ("weather", "Heute wolkig, Höchstwerte 17 Grad, Wind 12 km/h."),
]

KEPT = [
    "Subscriptions to the new bond rose by a third, the treasury said.",
    "Sign in the window: closed until spring.",
    "Tonight it will be cloudy with a low of 7, and the ferry stays in port.",
    "The world of business is no home for sport, the speaker said.",
    "Members of the council follow a code of conduct since March.",
    "The captain has read all the free papers in the port.",
    "Comments on the plan are open to the public until June.",
]


def record(headline: str | None, *lines: str) -> CleanArticle:
    body = json.dumps({"id": "1", "headline": headline, "text": "\n\n".join(lines)}).encode()
    document = parse(RawDocument("file:///paper.jsonl#1", body, "application/json", datetime(2031, 5, 6, tzinfo=UTC)))
    return strip(document, KnownParagraphs())


def refusal(headline: str | None, *lines: str) -> str:
    with pytest.raises(Reject) as refused:
        record(headline, *lines)
    return refused.value.reason


@pytest.mark.parametrize(("rule", "line"), REMOVED)
def test_furniture_between_the_paragraphs_goes(rule, line):
    article = record("Ferry stays in port", TEASER, STORY, line, LATER)
    assert [(r.rule, r.text) for r in article.removed] == [(rule, line)]


@pytest.mark.parametrize("line", KEPT)
def test_a_sentence_with_the_same_words_stays(line):
    assert line in record("Ferry stays in port", TEASER, STORY, line, LATER).body


def test_a_teaser_in_front_of_a_paywall_is_refused():
    assert refusal("Ferry stays in port", TEASER, WALL) == "paywall"


def test_a_teaser_that_is_also_the_headline_is_refused_in_front_of_a_paywall():
    assert refusal(TEASER, TEASER, WALL) == "paywall"


def test_a_story_with_a_paywall_line_is_a_story():
    assert record("Ferry stays in port", TEASER, STORY, LATER, WALL).body == "\n\n".join((TEASER, STORY, LATER))


@pytest.mark.parametrize(
    ("headline", "lines"),
    [
        ("Guest book of Jo Alder", ("Guest book of Jo Alder", REMOVED[10][1])),
        ("Weather in Cray", ("Weather in Cray", "CR4 1XY", REMOVED[15][1], REMOVED[9][1])),
    ],
)
def test_forms_and_boxes_alone_are_no_article(headline, lines):
    assert refusal(headline, *lines) == "no-article"


def test_a_table_of_results_with_a_headline_is_an_article():
    assert record("Results of the day", "Cray 3, Westmere 1", "Varlow 0, Marrow Bay 0", "Share").body.startswith(
        "Cray 3"
    )


def test_a_headline_that_is_the_first_paragraph_leaves_it_in_the_text():
    long = f"{TEASER[:-1]}, and nobody in the harbour knows when that will be."
    assert record(long, long, STORY, LATER).body == "\n\n".join((long, STORY, LATER))


def test_the_only_sentence_is_the_text_though_it_is_the_headline():
    assert record("Ferry stays in port.", "Ferry stays in port.").body == "Ferry stays in port."


def test_a_short_headline_with_a_full_stop_is_moved_out_of_the_text():
    assert record("Ferry stays in port.", "Ferry stays in port.", STORY).body == STORY
