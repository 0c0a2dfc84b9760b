"""Every rule with lines it removes and near misses it keeps."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.parse import parse
from etl.records import KnownParagraphs, RawDocument
from etl.strip import strip
from etl.strip.facts import Line
from etl.strip.rules import repeat
from etl.text import text_hash

LEAD = "The harbour of Westmere will stay closed until the new sea wall is finished, the town council decided."
MIDDLE = "Fishermen have asked for another place to land their catch while the work goes on at the old pier."
END = "The council will meet again in two weeks to hear what the engineers have found under the water."

# rule, line, where it stands: in the middle of the prose or after it
REMOVED = [
    ("ad", "AD", "middle"),
    ("ad", "Advertisement", "middle"),
    ("ad", "ANZEIGE", "middle"),
    ("ad", "Publicité", "middle"),
    ("ad", "Реклама", "middle"),
    ("ad", "Story continues below advertisement", "middle"),
    ("share", "Share", "middle"),
    ("share", "Share this article:", "after"),
    ("share", "Facebook Twitter WhatsApp", "after"),
    ("share", "Поділитися новиною", "after"),
    ("share", "Compartir en Facebook", "middle"),
    ("follow", "Follow us on Instagram", "after"),
    ("follow", "Folgen Sie uns auf Facebook!", "after"),
    ("follow", "Підписуйтесь на наш канал у Telegram", "middle"),
    ("related", "Related posts", "after"),
    ("related", "Mehr zum Thema", "after"),
    ("related", "Read also: Ferry to the islands gets a new captain", "middle"),
    ("related", "Читайте также: Паром получил нового капитана", "middle"),
    ("related", "More like this", "after"),
    ("comment_form", "Please enter your comment!", "after"),
    ("comment_form", "Leave a Reply", "after"),
    ("comment_form", "Your email address will not be published. Required fields are marked *", "after"),
    ("comment_form", "12 comments", "after"),
    ("comment_form", "Залишити коментар", "after"),
    ("newsletter", "Sign up for our newsletter and never miss a story.", "middle"),
    ("newsletter", "Abonnez-vous à notre newsletter", "after"),
    ("consent", "We use cookies to make this site better for you.", "after"),
    ("copyright", "© 2031 The Westmere Gazette", "after"),
    ("copyright", "All rights reserved.", "after"),
    ("copyright", "Todos los derechos reservados", "after"),
    ("tags", "Tags: harbour, council, fishing", "after"),
    ("tags", "Теги: порт, рада", "after"),
    ("source", "Source: Westmere Gazette", "after"),
    ("loading", "Loading...", "after"),
    ("caption", "Photo: J. Alder", "middle"),
    ("caption", "The old pier at low tide / UNIAN", "middle"),
    ("caption", "The old pier at low tide, on Tuesday. (AP Photo/Jo Alder)", "middle"),
    ("caption", "Der alte Hafen von Westmere. Foto: dpa", "middle"),
    ("caption", "The old pier at low tide, May 3. REUTERS/Jo Alder", "middle"),
    ("caption", "The old pier at low tide. Photograph: Jo Alder/AFP", "middle"),
    ("caption", "Старий причал у день закриття. Фото: УНІАН", "middle"),
    ("caption", "Der alte Hafen am Abend. dpa/Jo Alder", "middle"),
    ("caption", "Le vieux port. Photo Jo Alder/AFP", "middle"),
    ("caption", "The old pier at low tide Photo by Jo Alder", "middle"),
    ("caption", "The old pier at low tide. Photo: Getty Images", "middle"),
    ("newsletter", "Get the day's news in your inbox: subscribe to our newsletter", "after"),
    ("newsletter", "Newsletter abonnieren und keine Nachricht mehr verpassen", "after"),
    ("newsletter", "Щоранку головне: підпишіться на нашу розсилку", "after"),
    ("newsletter", "Read on in our app: it is quicker and free of charge.", "middle"),
    ("newsletter", "Lisez la suite dans notre application : plus rapide et gratuite.", "middle"),
    ("follow", "Follow Jo Alder on X", "after"),
    ("source", "Reporting by Jo Alder and Mika Sorn; Editing by Ann Lee", "after"),
    ("source", "THE ASSOCIATED PRESS", "after"),
    ("comment_form", "Comments (3)", "after"),
    ("tags", "#pier #westmere", "after"),
    ("related", "More from Jo Alder", "after"),
    ("navigation", "← Ferry stays in port", "after"),
    ("navigation", "Back to top", "after"),
    ("navigation", "Следующая новость", "after"),
    ("timestamp", "Updated: 3 May 2031, 14:05", "after"),
    ("timestamp", "3 hours ago", "after"),
    ("reading_time", "4 min read", "after"),
    ("byline", "By Jo Alder", "after"),
    ("byline", "Staff Reporter", "after"),
    ("source", "Reuters", "after"),
    ("source", "(AFP)", "after"),
    ("byline", "Автор: Олена Петренко", "after"),
]

KEPT = [
    "An ad in the local paper had announced it months ago.",
    "Advertisement revenue has paid for the old pier until now.",
    "Share prices of the building firm fell after the vote.",
    "Share the work, share the pay, the fishermen used to say.",
    "Facebook and Twitter were full of pictures of the wall.",
    "Follow the money, one of the fishermen told the council.",
    "Related parties must report every contract to the council.",
    "More like this will follow, the engineers have promised.",
    "Comments from the fishermen were read out by the mayor.",
    "Newsletters of the council had warned of the closure in spring.",
    "Cookies and tea were served while the council was voting.",
    "Copyright law was no reason to hide the plans, the judge said.",
    "Sources in the council say that the vote was close.",
    "Loading and unloading will be forbidden until the autumn.",
    "Photo albums of the old harbour were shown in the library.",
    "The mayor declined to comment on the matter (Reuters).",
    "She took the photo in May and showed it to the council.",
    "Back to the harbour is what most of the fishermen want.",
    "On 3 May 2031 the first stone will be laid by the mayor.",
    "By Monday evening the water was back in the basin.",
    "Staff reporters had asked for the plans since the winter.",
    "Reuters and two other agencies had sent their people.",
    "Three hours ago nobody knew how the council would vote.",
    "It is a four-minute read, the mayor said of the report.",
    "Read also the small print, the engineer told the council.",
    "More from the talks is expected on Friday.",
    "More about the wall was said in the evening session of the council.",
    "Spam that lands in your inbox is often fraud, the police said.",
    "Follow the coast road to Cray and turn left on Mill Lane.",
    "Photo by photo, the restorers went through the archive of the harbour.",
    "The image: a pier that nobody wants to pay for.",
    "It was confirmed to the council by AP/Reuters.",
    "The council's app holds every plan, and the town can read it free of charge.",
    "The site uses cookies, the watchdog said, without asking anybody.",
    "“Subscribe to our newsletter,” the leaflet of the council said.",
    "“You can download our app,” said the mayor.",
    "Reporting by the council showed that the pillars were rotten.",
    "Editing by the clerk had made the report hard to read.",
    "March 5, 2026 will be remembered as the day on which the pier was closed.",
    "March 5, 2026 Westmere council voted for the wall and against the pier.",
    "The tram was built by Siemens/Alstom.",
    "#1 pier in the country, the sign says.",
    "He was born in 1950/51, nobody knows.",
    "Comments 3 and 4 of the report were struck out.",
    "The archive: a room without windows.",
    "The best credit: a loan without interest.",
    "In the comments below the video, fishermen made fun of the plan.",
    "Find the pier on Google News? Nobody could.",
    "Join the fishermen on Threads Street at noon.",
]


def _dump(line: str, place: str) -> str:
    parts = [LEAD, line, MIDDLE, END] if place == "middle" else [LEAD, MIDDLE, END, line]
    return "\n\n".join(parts)


@pytest.mark.parametrize(("rule", "line", "place"), REMOVED)
def test_a_rule_removes_its_line_and_says_so(clean_text, rule, line, place):
    article = clean_text(_dump(line, place))
    assert [(r.rule, r.text) for r in article.removed] == [(rule, line)]
    assert [p.text for p in article.paragraphs] == [LEAD, MIDDLE, END]


@pytest.mark.parametrize("place", ["middle", "after"])
@pytest.mark.parametrize("line", KEPT)
def test_a_near_miss_stays(clean_text, line, place):
    article = clean_text(_dump(line, place))
    assert article.removed == ()
    assert line in article.body


def test_a_bare_date_between_paragraphs_is_a_subheading(clean_text):
    article = clean_text(_dump("7 October 2030", "middle"))
    assert article.removed == ()
    assert [p.kind for p in article.paragraphs] == ["text", "heading", "text", "text"]


def test_titles_after_a_related_line_go_up_to_the_next_prose(clean_text):
    titles = ["Ferry to the islands gets a new captain", "Lighthouse opens for visitors"]
    article = clean_text("\n\n".join([LEAD, "Read also:", *titles, MIDDLE, "The view from the pier", END]))
    assert [r.text for r in article.removed] == ["Read also:", *titles]
    assert {r.rule for r in article.removed} == {"related"}
    assert "The view from the pier" in article.body


def test_a_question_after_the_last_paragraph_is_a_title_too(clean_text):
    article = clean_text("\n\n".join([LEAD, MIDDLE, END, "Related stories", "Will the ferry ever run again?", "Lamps"]))
    assert [r.text for r in article.removed] == ["Related stories", "Will the ferry ever run again?", "Lamps"]


def test_a_paragraph_said_twice_is_kept_once(clean_text):
    article = clean_text("\n\n".join([LEAD, MIDDLE, MIDDLE, END]))
    assert [(r.position, r.rule) for r in article.removed] == [(2, "repeat")]


def test_a_nearly_equal_paragraph_is_a_repeat(clean_text):
    article = clean_text("\n\n".join([LEAD, MIDDLE, END, MIDDLE.replace("asked", "begged")]))
    assert [(r.position, r.rule) for r in article.removed] == [(3, "repeat")]


def _line(index: int, row: list[str]) -> Line:
    return Line(index, " ".join(row), "text", "", (0,), 0.0, False, 1, len(row), tuple(row))


@given(st.lists(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=30), max_size=6))
def test_lines_with_nine_words_in_ten_in_common_are_looked_at(rows):
    alike = repeat._alike([_line(i, row) for i, row in enumerate(rows)])
    for (i, a), (j, b) in combinations(enumerate(map(Counter, rows)), 2):
        if (a & b).total() >= 0.9 * max(a.total(), b.total()):
            assert {i, j} <= alike


def test_a_template_with_other_numbers_is_no_repeat(clean_text):
    row = "The number of boats that land their catch at the old pier of Westmere each day fell to {} in the spring."
    article = clean_text("\n\n".join([LEAD, row.format(14), row.format(9), END]))
    assert article.removed == ()


def test_a_question_put_to_two_people_is_no_repeat(clean_text):
    question = "What do you think of the new sea wall?"
    article = clean_text("\n\n".join([LEAD, question, MIDDLE, question, END]))
    assert article.removed == ()


def test_known_paragraphs_of_the_publisher_go_and_those_of_others_stay():
    known = KnownParagraphs({"Westmere Gazette": frozenset([text_hash(END)])})
    body = "\\n\\n".join([LEAD, MIDDLE, END])
    removed = {}
    for publisher in ("Westmere Gazette", "Other Paper"):
        line = f'{{"id": "1", "text": "{body}", "publisher": "{publisher}"}}'
        raw = RawDocument("file:///d.jsonl#1", line.encode(), "application/json", datetime(2031, 5, 6, tzinfo=UTC))
        removed[publisher] = [(r.rule, r.text) for r in strip(parse(raw), known).removed]
    assert removed == {"Westmere Gazette": [("known", END)], "Other Paper": []}


def test_a_menu_around_a_dump_goes_and_a_table_after_it_stays(clean_text):
    menu = ["Harbour Radio", "Weather Watch", "Market Square", "Letters Page", "Town Diary"]
    table = ["Spring: 14 boats", "Summer: 22 boats", "Autumn: 9 boats", "Winter: 3 boats", "Total: 48 boats"]
    article = clean_text("\n\n".join([LEAD, MIDDLE, END, *table]))
    assert article.removed == ()
    article = clean_text("\n\n".join([LEAD, MIDDLE, END, *menu]))
    assert {(r.rule, r.text) for r in article.removed} == {("navigation", m) for m in menu}
