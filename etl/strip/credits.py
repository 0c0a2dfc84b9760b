"""What a text says of its making: authors, agency, dateline, dates."""

from __future__ import annotations

import re
from functools import cache

from etl import agencies
from etl.agencies import agency_in, credited
from etl.dates import moment
from etl.records import Moment
from etl.strip.facts import Line
from etl.strip.names import bare_authors, may_name_agency
from etl.strip.page import Page
from etl.strip.phrases import load
from etl.strip.reading import read
from etl.strip.shapes import has_day, moment_label, trimmed

_DATELINE_CHARS = 90
_ALL_CAPS_PLACE = re.compile(
    r"^(?P<dateline>[A-ZÀ-ÞА-ЯІЇЄҐ][A-ZÀ-ÞА-ЯІЇЄҐ .'’-]{2,40}(?:, [^\W\d_][\w. ]{1,25})?)\s?[–—-]{1,2}\s+(?=\S)"
)
_LINE_CREDIT_WORDS = 6


def byline_at(page: Page) -> dict[int, tuple[str, ...]]:
    """Return the lines that are a byline, with their people: before the prose, or directly behind it."""
    found: dict[int, tuple[str, ...]] = {}
    head = {*page.head.headline_at, *page.head.standfirst_at}
    for line in page.near:
        if not page.at_edge(line.index) or line.index in head or not page.in_reach(line.index):
            continue
        if people := line.authors or (_stands_like_byline(page, line) and bare_authors(line.text)):
            found[line.index] = people
    return found


def _stands_like_byline(page: Page, line: Line) -> bool:
    """Return whether a line of names alone is a byline by its place.

    Under the headline, or the first line behind the last paragraph. A name over the first paragraph of a text
    without a headline may be anything, and so may one among the titles that follow a story.
    """
    if any(h.section not in ("byline", "timestamp") for h in line.hits) or page.is_heading(line):
        return False
    if page.before(line.index):
        return any(at < line.index for at in page.head.headline_at)
    return line.index == page.last_prose + 1 and _is_end(page, line.index + 1)


def _is_end(page: Page, index: int) -> bool:
    """Return whether the text is over here: nothing follows, or something that says it is left over."""
    if index >= len(page.lines):
        return True
    line = page.lines[index]
    return bool(line.hits) or line.moment or line.copyright or not page.in_body(index)


def published_in(page: Page, languages: tuple[str, ...]) -> Moment | None:
    """Return the date of publication that stands on a line of its own at the edge of the text, never one in prose."""
    return _dated(page, languages, "published")


def modified_in(page: Page, languages: tuple[str, ...]) -> Moment | None:
    """Return the date of the last change, likewise; it always has a label."""
    return _dated(page, languages, "modified")


def _dated(page: Page, languages: tuple[str, ...], kind: str) -> Moment | None:
    for line in page.near:
        if not line.moment or not has_day(line.text):
            continue
        label = moment_label(line.text)
        if not (page.at_edge(line.index) or label):
            continue
        if (label or "published") == kind and (found := moment(_unlabelled(line.text), "text", languages)):
            return found
    return None


def _unlabelled(text: str) -> str:
    """Return a date without "Published:" in front of it, or a bar behind it."""
    text = text.strip(" |•·,;–—-")
    label = _date_label().match(text)
    return text[label.end() :] if label else text


@cache
def _date_label() -> re.Pattern[str]:
    """Return a pattern of "Published:" and its like, the longest first."""
    labels = load().entries("timestamp", "published") | load().entries("timestamp", "modified")
    ordered = sorted(labels, key=lambda entry: (-len(entry), entry))
    patterns = (r"\W+".join(map(re.escape, label.split())) for label in ordered)
    return re.compile(rf"(?:{'|'.join(patterns)})\b[\s:]*", re.IGNORECASE)


def dateline_in(paragraph: str) -> tuple[str | None, str | None]:
    """Return the dateline and the agency that a first paragraph begins with; both may be None.

    "KYIV, Oct 22 (Reuters) - The ..." gives ("KYIV, Oct 22", "Reuters"), "KYIV — The ..." gives ("KYIV", None).
    """
    for pattern in _datelines():
        if found := pattern.match(paragraph[:_DATELINE_CHARS]):
            return found["dateline"].strip(" ,.-–—") or None, agency_in(found["agency"])
    found = _ALL_CAPS_PLACE.match(paragraph[:_DATELINE_CHARS])
    return (found["dateline"].strip(), None) if found else (None, None)


@cache
def _datelines() -> tuple[re.Pattern[str], ...]:
    name = agencies.pattern().pattern
    place = r"[A-ZÀ-ÞА-ЯІЇЄҐ][^()!?:;]{1,60}?"
    dash = r"\s?\.?\s?[–—-]{1,2}\s*(?=\S)"
    return (
        re.compile(rf"(?P<dateline>{place})\s*[(\[/](?P<agency>{name})[^)\]/]{{0,20}}[)\]/]{dash}"),
        re.compile(rf"\((?P<agency>{name})\){dash}(?P<dateline>{place})\s*[–—-]{{1,2}}\s"),
        re.compile(rf"(?P<dateline>{place})[.,]?\s[–—-]\s(?P<agency>{name})\.\s"),
        re.compile(rf"(?P<dateline>{place})\.\s(?P<agency>{name})\.\s"),
    )


def agency_of(page: Page, body: tuple[str, ...]) -> str | None:
    """Return the agency that a text is credited to: dateline, a line of its own, or "As X reported".

    The credit of a picture says nothing about the text.
    """
    by_dateline = dateline_in(body[0])[1] if body else None
    if by_dateline:
        return by_dateline
    return _in_credit_line(page) or _in_words(body)


def _in_credit_line(page: Page) -> str | None:
    """Return the agency of a short line at the edge ("Reuters", "Source: AFP", "By Jane Doe, AP")."""
    for line in page.near:
        if not page.at_edge(line.index) or not page.in_reach(line.index) or line.words > 2 * _LINE_CREDIT_WORDS:
            continue
        alone = agency_alone(line)
        told = alone or line.authors or line.says("source", "byline")
        if told and (found := agency_in(line.text) or alone):
            return found
    return None


def agency_alone(line: Line) -> str | None:
    """Return the agency that a line names, if it names nothing else."""
    may_be = len(line.row) <= 2 * _LINE_CREDIT_WORDS and not _agency_words().isdisjoint(line.row)
    return credited(trimmed(line.text)) if may_be else None


@cache
def _agency_words() -> frozenset[str]:
    return frozenset(word for name in agencies.load().by_byline for word in name.split())


def _in_words(body: tuple[str, ...]) -> str | None:
    """Return the agency that the text itself credits; that another paper reported something is a quotation."""
    for paragraph in body:
        if not may_name_agency(paragraph) or not _may_credit(paragraph):
            continue
        for name in agencies.pattern().finditer(paragraph):
            if _is_credited(paragraph[: name.start()], paragraph[name.end() :]):
                return agency_in(name[0])
    return None


def _may_credit(paragraph: str) -> bool:
    """Return whether a paragraph has the longest word of a form of credit, perhaps as the beginning of another one."""
    normal = read(paragraph).normal
    return any(word in normal for word in _telling_words())


@cache
def _telling_words() -> frozenset[str]:
    forms = (read(credit).normal.replace("'", " ").split() for credit in agencies.load().credits)
    return frozenset(max(words, key=len) for words in forms)


def _is_credited(before: str, after: str) -> bool:
    """Return whether the words around a name make a credit of it ("as ... reported")."""
    return any(
        (not front or front.search(before)) and (not back or back.match(after)) for front, back in _credit_forms()
    )


@cache
def _credit_forms() -> tuple[tuple[re.Pattern[str] | None, re.Pattern[str] | None], ...]:
    forms = []
    for credit in agencies.load().credits:
        front, _, back = (part.strip() for part in credit.partition("{}"))
        forms.append(
            (
                re.compile(rf"(?<!\w){re.escape(front)}\s+$", re.IGNORECASE) if front else None,
                re.compile(rf"\s?{re.escape(back)}", re.IGNORECASE) if back else None,
            )
        )
    return tuple(forms)
