"""The sample is what its truth says: files, strings, counts and broken bytes, checked without any stage."""

from __future__ import annotations

import base64
import json
import tomllib
from collections import Counter
from functools import cache
from html.parser import HTMLParser

import pytest

from etl.polling.source_files import read_source_file
from etl.resources import seeds
from etl.text import count_words, fold_space

SAMPLE = seeds() / "sample"
TRUTH = tomllib.loads((SAMPLE / "truth.toml").read_text(encoding="utf-8"))
DOCUMENTS = TRUTH["document"]
NAMES = [d["file"] for d in DOCUMENTS]
DUMPS = {d["file"] for d in DOCUMENTS if d["file"].endswith(".txt")}
PAGES = {d["file"] for d in DOCUMENTS if d["file"].endswith(".html")}
JUNK = {
    "byline-head", "byline-tail", "follow-us", "related-posts", "read-also", "caption", "reading-time",
    "headline-repeated", "paragraph-repeated", "inline-share", "comment-form", "more-like-this", "ad-line",
    "date-in-front", "headline-comma", "newsletter", "cookie-notice",
}  # fmt: skip


class _Text(HTMLParser):
    """Collects everything a page shows, and its block ends as spaces."""

    _INLINE = frozenset({"a", "b", "strong", "span", "em", "i"})

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag, attrs):
        self._silent += tag in ("script", "style")
        self.parts.append("" if tag in self._INLINE else " ")

    def handle_endtag(self, tag):
        self._silent -= tag in ("script", "style")
        self.parts.append("" if tag in self._INLINE else " ")

    def handle_data(self, data):
        if not self._silent:
            self.parts.append(data)


def _shown(page: str) -> str:
    parser = _Text()
    parser.feed(page)
    parser.close()
    return fold_space("".join(parser.parts))


@cache
def _lines() -> list[str]:
    return (SAMPLE / "records.jsonl").read_text(encoding="utf-8").splitlines()


@cache
def _records() -> dict[str, dict]:
    broken = {r["line"] for r in TRUTH["rejected"] if "line" in r}
    found = [json.loads(line) for number, line in enumerate(_lines(), 1) if number not in broken]
    return {record["id"]: record for record in found}


def _record_source(record: dict) -> tuple[str, str]:
    """Return what is shown and the source of it, for one record."""
    page = record.get("html") or base64.b64decode(record.get("html_b64", "")).decode()
    given = [record.get(k, "") for k in ("text", "content", "headline", "title", "author")]
    given += [" ".join(a) if isinstance(a := record.get("authors", ""), list) else a]
    return fold_space(" ".join([_shown(page), *given])), page


@cache
def _texts(name: str) -> tuple[str, str]:
    """Return what is shown and the source of it, decoded as the truth says."""
    file, _, record = name.partition("#")
    if record:
        return _record_source(_records()[record])
    charset = next((d.get("charset", "utf-8-sig") for d in DOCUMENTS if d["file"] == name), "utf-8")
    source = (SAMPLE / file).read_bytes().decode(charset)
    return (_shown(source) if file.endswith(".html") else fold_space(source)), source


def _of(name: str) -> dict:
    return next(d for d in DOCUMENTS if d["file"] == name)


def test_every_file_is_mentioned_and_every_mentioned_file_exists():
    present = {
        str(p.relative_to(SAMPLE)) for p in SAMPLE.rglob("*") if p.suffix in {".txt", ".html", ".jsonl"} and p.is_file()
    }
    mentioned = {d["file"].partition("#")[0] for d in [*DOCUMENTS, *TRUTH["rejected"]]}
    assert mentioned == present


def test_every_record_is_mentioned_once():
    mentioned = [name.partition("#")[2] for name in NAMES if "#" in name]
    assert sorted(mentioned) == sorted(_records())


def test_counts_add_up():
    counts = TRUTH["counts"]
    files_without_records = sum(1 for p in SAMPLE.rglob("*") if p.suffix in {".txt", ".html"})
    assert counts["read"] == files_without_records + len(_lines())
    assert counts["loaded"] == len(DOCUMENTS) == len(set(NAMES))
    assert counts["rejected"] == len(TRUTH["rejected"])
    assert counts["read"] == counts["loaded"] + counts["rejected"]
    assert counts["articles"] == counts["loaded"] - sum(len(v["earlier"]) for v in TRUTH["version"])
    assert counts["copies"] == sum(len(s["members"]) - 1 for s in TRUTH["story"])
    assert counts["stories"] == counts["articles"] - counts["copies"]


@pytest.mark.parametrize("name", NAMES)
def test_strings_of_the_truth_are_in_the_document(name):
    document, (shown, source) = _of(name), _texts(name)
    for key in ("kept", "removed", "repeated", "headings"):
        missing = [s for s in document.get(key, []) if s not in shown]
        assert not missing, f"{key}: {missing}"
    assert document["begins"] in shown
    assert document["ends"] in shown
    assert document.get("headline", "") in shown
    assert document.get("standfirst", "") in shown
    assert all(s in shown or s in source for s in document.get("absent", []))
    assert all(author in shown or author in source for author in document.get("authors", []))


@pytest.mark.parametrize("name", NAMES)
def test_strings_are_folded_and_do_not_contradict_one_another(name):
    document = _of(name)
    stay = [document["begins"], document["ends"], *document["kept"], *document.get("headings", [])]
    stay += document.get("repeated", [])
    go = document["removed"] + document.get("absent", [])
    assert all(s == fold_space(s) and s for s in stay + go)
    assert not [(a, b) for a in stay for b in go if b in a]


@pytest.mark.parametrize("name", NAMES)
def test_body_has_an_order(name):
    document, (shown, _) = _of(name), _texts(name)
    start, end = shown.index(document["begins"]), shown.rindex(document["ends"])
    assert start < end
    places = [shown.index(s, start) for s in document.get("headings", [])]
    assert places == sorted(places)
    assert all(start <= shown.index(s, start) <= end + len(document["ends"]) for s in document["kept"])


def test_what_is_repeated_stands_twice():
    repeating = [d for d in DOCUMENTS if "repeated" in d]
    assert repeating
    for document in repeating:
        shown, _ = _texts(document["file"])
        assert [shown.count(s) for s in document["repeated"]] == [2] * len(document["repeated"])


def test_every_kind_of_junk_occurs_at_least_twice_in_dumps_and_on_pages():
    seen = {where: Counter(j for d in DOCUMENTS if d["file"] in where_set for j in d["junk"])
            for where, where_set in (("dumps", DUMPS), ("pages", PAGES))}  # fmt: skip
    assert {j for counter in seen.values() for j in counter} == JUNK
    assert not [(where, j) for where, counter in seen.items() for j in JUNK if counter[j] < 2]


def test_a_junk_kind_is_claimed_only_with_something_to_remove():
    assert not [d["file"] for d in DOCUMENTS if d["junk"] and not d["removed"]]


def test_published_matches_its_precision():
    for document in DOCUMENTS:
        assert ("published" in document) == ("precision" in document), document["file"]
        if "published" in document:
            assert (len(document["published"]) == len("2026-03-02")) == (document["precision"] == "day")


def test_stories_have_one_lead_and_it_is_the_earliest():
    for story in TRUTH["story"]:
        members = {m["file"]: m["role"] for m in story["members"]}
        assert [f for f, role in members.items() if role == "lead"] == [story["lead"]]
        assert min(members, key=lambda f: _of(f)["published"]) == story["lead"]
    joined = [m["file"] for s in TRUTH["story"] for m in s["members"]]
    assert len(joined) == len(set(joined))


def test_what_must_stay_apart_is_not_in_one_story():
    story_of = {m["file"]: s["lead"] for s in TRUTH["story"] for m in s["members"]}
    for pair in TRUTH["apart"]:
        assert {story_of.get(f, f) for f in pair["files"]} == set(pair["files"])
        assert all(f in NAMES for f in pair["files"])


def test_own_reports_share_one_quotation_of_25_to_35_words():
    left, right = (_texts(f)[0] for f in TRUTH["apart"][0]["files"])
    quotations = {q.partition("”")[0] for q in left.split("“")[1:]}
    shared = [q for q in quotations if q in right and count_words(q) > 8]
    assert [25 <= count_words(q) <= 35 for q in shared] == [True]


def test_versions_share_their_address_and_the_current_one_is_later():
    for version in TRUTH["version"]:
        documents = [_of(f) for f in (*version["earlier"], version["current"])]
        assert {d["canonical"] for d in documents} == {version["canonical"]}
        modified = [d["modified"] for d in documents]
        assert modified == sorted(set(modified))


def test_house_notice_stands_in_six_articles_of_its_site():
    (notice,) = TRUTH["boilerplate"]
    marked = {d["file"] for d in DOCUMENTS if d.get("house_notice")}
    assert marked == set(notice["files"])
    assert len({_of(f)["canonical"] for f in marked}) >= 6
    assert all(_texts(f)[0].count(notice["text"]) == 1 for f in marked)


def test_broken_files_are_broken_as_claimed():
    broken = {r["file"]: (r["stage"], r["reason"]) for r in TRUTH["rejected"]}
    assert (SAMPLE / "broken/empty.txt").read_bytes() == b""
    blank = (SAMPLE / "broken/blank.txt").read_bytes()
    assert blank
    assert fold_space(blank.decode()) == ""
    photo = (SAMPLE / "broken/photo.html").read_bytes()
    assert photo.startswith(b"\xff\xd8\xff")
    assert b"\0" in photo
    assert not (SAMPLE / "broken/truncated.html").read_text(encoding="utf-8").rstrip().endswith(">")
    assert set(broken.values()) == {("parse", "empty"), ("parse", "binary"), ("parse", "json"), ("strip", "no-article")}


def test_broken_line_is_not_json():
    (line,) = [r["line"] for r in TRUTH["rejected"] if r["file"] == "records.jsonl"]
    with pytest.raises(json.JSONDecodeError):
        json.loads(_lines()[line - 1])


def test_wrong_charsets_declare_utf8_and_are_not():
    wrong = [d for d in DOCUMENTS if "charset" in d]
    assert {d["charset"] for d in wrong} == {"windows-1251", "windows-1252"}
    for document in wrong:
        data = (SAMPLE / document["file"]).read_bytes()
        assert b"charset=utf-8" in data or b'charset="utf-8"' in data
        with pytest.raises(UnicodeDecodeError):
            data.decode("utf-8")


def test_dumps_hold_the_mess_of_the_world():
    dumps = [(SAMPLE / f).read_bytes() for f in DUMPS]
    for mark in (b"\r\n", b"\xef\xbb\xbf", b"\xc2\xa0", "“".encode(), "„".encode()):
        assert any(mark in d for d in dumps)
    assert any(not d.endswith(b"\n") for d in dumps)


def test_languages_are_as_asked():
    languages = Counter(d["language"] for d in DOCUMENTS)
    assert {k: v for k, v in languages.items() if k != "en"} == {"de": 2, "fr": 1, "es": 1, "uk": 1}


def test_sample_is_small():
    assert sum(p.stat().st_size for p in SAMPLE.rglob("*") if p.is_file()) < 300_000


def test_source_list_can_be_imported_and_names_the_sample():
    [source] = read_source_file(seeds() / "sources.toml")
    assert (source.name, source.kind, source.url) == ("sample", "folder", str(seeds() / "sample"))
