"""The date that readers see: beside the headline, called so, or alone on the page; never one in prose."""

from datetime import UTC, datetime

import pytest

from etl.dates import written_in
from etl.parse import parse
from etl.records import RawDocument

TEXT = "The old ferry between the two towns sails again in spring, the board of the port has said after a long debate."
STORY = f"<p>{TEXT}</p><p>{TEXT} It sank on 3 March 2019 beside the lock.</p>"


def published(body, html='lang="en"', head="", uri="file:///x.html"):
    page = f"<!doctype html><html {html}><head>{head}</head><body>{body}</body></html>"
    found = parse(RawDocument(uri, page.encode(), "text/html", datetime(2026, 1, 1, tzinfo=UTC))).metadata.published
    return found and (found.iso(), found.origin)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("<p>22 October 2024</p>", "2024-10-22"),
        ("<p>By Ann Lee · October 22, 2024 · 3 comments</p>", "2024-10-22"),
        ("<div>Published on Oct 22, 2024 01:52 PM</div>", "2024-10-22T13:52:00"),
        ("<p>Written: 2024-10-22 15:03:30 / Updated: 2024-10-23 15:30:46</p>", "2024-10-22T15:03:30"),
        ("<p>Updated: 2024-10-23 / Written: 2024-10-22</p>", "2024-10-22"),
        ("<p>22 | 10 | 2024 Local</p>", "2024-10-22"),
        ("<p>22. 10. 2024</p>", "2024-10-22"),
        ("<p>22-Oct-2024</p>", "2024-10-22"),
        ("<p><a href='/ann'>Ann Lee writes from the port</a> 22.10.2024</p>", "2024-10-22"),
        (f"<p>Release of 22 October 2024 | Orle – {TEXT} {TEXT}</p>", "2024-10-22"),
    ],
)
def test_a_date_beside_the_headline_is_that_of_publication(line, expected):
    assert published(f"<h1>Ferry returns</h1>{line}{STORY}") == (expected, "text")
    if "Release" not in line and "<a " not in line:
        assert published(f"{line}<h1>Ferry returns</h1>{STORY}")[0] == expected


@pytest.mark.parametrize(
    "body",
    [
        f"<h1>Ferry returns</h1>{STORY}",
        f"<h1>Ferry returns</h1><p>Updated: 22 October 2024</p>{STORY}",
        f"<h1>Ferry returns</h1><p>On show until 22 October 2024</p>{STORY}",
        f"<h1>Ferry returns</h1><p>It sails on 22 October 2024.</p>{STORY}",
        f"<h1>Ferry returns</h1><figure><figcaption>The ferry on 22 October 2024</figcaption></figure>{STORY}",
        f"<h1>Ferry returns</h1>{STORY}<p>© 2024</p>",
        f"<h1>Ferry returns</h1>{STORY}<h2>More</h2><p>21 October 2024</p><p>22 October 2024</p>",
        f"<h1>Ferry returns</h1>{STORY}<p>Bo Ek, posted on 22.10.2024</p><p>Cy Dow, posted on 24.10.2024</p>",
        f"<h1>Ferry returns</h1>{STORY}<h3><a href='/x'>Ferry returns</a></h3><p>9.9.2024</p><p>8.9.2024</p>",
    ],
)
def test_other_dates_are_not(body):
    assert published(body) is None


def test_far_from_the_headline_it_has_to_be_called_so_or_the_only_one():
    story = f"<h1>Ferry returns</h1>{STORY}"
    assert published(f"{story}<p>Filed under ferries. Posted on 22 October 2024 by Ann</p>") == ("2024-10-22", "text")
    assert published(f"{story}<p>22 October 2024</p>") == ("2024-10-22", "text")


@pytest.mark.parametrize(
    ("lang", "date"),
    [("de", "22. Okt. 2024"), ("fr", "22 octobre 2024"), ("es", "22 de octubre de 2024"), ("pl", "22 października 2024"),
     ("ru", "22 октября 2024"), ("it", "22 ottobre 2024"), ("cs", "22. října 2024"), ("ja", "2024年10月22日")],
)  # fmt: skip
def test_months_of_many_languages(lang, date):
    assert published(f"<h1>Ferry returns</h1><p>{date}</p>{STORY}", f'lang="{lang}"')[0] == "2024-10-22"


def test_what_is_stated_comes_first_and_a_vague_tag_after_what_is_shown():
    page = f"<h1>Ferry returns</h1><p>22 October 2024</p>{STORY}"
    stated, vague = (
        '<meta property="{}" content="2024-10-2{}">'.format(*x) for x in (("x:publishedDate", 1), ("date", 4))
    )
    assert published(page, head=stated) == ("2024-10-21", "meta")
    assert published(page, head=vague) == ("2024-10-22", "text")
    assert published(f"<h1>Ferry returns</h1>{STORY}", head=vague) == ("2024-10-24", "meta")


@pytest.mark.parametrize("name", ["video:release_date", "article:modified_time", "expirationdate", "publisher"])
def test_tags_of_other_dates_are_not_read_as_publication(name):
    head = f'<meta name="{name}" content="2024-10-22">'
    assert published(f"<h1>Ferry returns</h1>{STORY}", head=head) is None


def test_elements_called_published_count_where_they_agree():
    abbr = '<p><abbr class="published" title="2024-10-{}T08:00:00Z">x</abbr></p>'
    assert published(STORY + abbr.format(22)) == ("2024-10-22T08:00:00Z", "time")
    row = abbr.format(20) + abbr.format(21)
    assert published(f"<h1>Ferry returns</h1><p>22.10.2024</p>{STORY}{row}") == ("2024-10-22", "text")


@pytest.mark.parametrize("text", ["", "12 of 2024", "1.2.3.2024", "10.10.10.10", "no day 2024-10", "2024-10-22-17"])
def test_no_date_is_found_where_none_is(text):
    assert list(written_in(text)) == []


@pytest.mark.parametrize("noise", ["1" * 200_000, "2024-" * 40_000, "12. " * 50_000, "May 5, " * 30_000])
def test_no_date_is_found_in_noise(noise):
    assert published(f"<h1>Ferry</h1><p>{noise}</p>{STORY}") is None
