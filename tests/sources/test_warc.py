import gzip

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.records import RawDocument, Rejected
from etl.sources import Passed, plan
from tests.sources.made import answer, documents, packed, page, passed, read_all, reasons, record, response

RECORDS = [response(n) for n in range(12)]
FORMS = {
    "plain": ("a.warc", b"".join(RECORDS)),
    "gz": ("a.warc.gz", packed(RECORDS)),
    "gz, one member": ("a.warc.gz", packed([b"".join(RECORDS)])),
    "zst": ("a.warc.zst", b"".join(map(zstandard.compress, RECORDS))),
    "zst, one frame": ("a.warc.zst", zstandard.compress(b"".join(RECORDS))),
}


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("chunk", [1, 5, 12, 100])
def test_every_page_is_read_once_whatever_the_ranges(tmp_path, name, chunk):
    file, data = FORMS[name]
    (tmp_path / file).write_bytes(data)
    found = read_all(tmp_path / file, chunk)
    assert [(raw.uri, raw.body) for raw in found] == [(f"https://news.example/{n}", page(n)) for n in range(12)]


@pytest.mark.parametrize("name", ["plain", "gz", "zst"])
def test_ranges_are_exact_and_follow_one_another(tmp_path, name):
    file, data = FORMS[name]
    (tmp_path / file).write_bytes(data)
    refs = list(plan([str(tmp_path / file)]).refs(5))
    assert [ref.documents for ref in refs] == [5, 5, 2]
    assert [ref.start for ref in refs] == [0, *(ref.end for ref in refs[:-1])]
    assert refs[-1].end == len(data)


def test_a_document_knows_where_and_when_it_was_fetched(tmp_path):
    path = tmp_path / "a.warc"
    path.write_bytes(record(answer(page(1), "text/html; charset=windows-1251"), "https://news.example/1"))
    [raw] = read_all(path)
    assert (raw.uri, raw.media_type, raw.charset) == ("https://news.example/1", "text/html", "windows-1251")
    assert raw.fetched_at.isoformat() == "2026-01-02T03:04:05+00:00"


def test_texts_made_from_pages_and_resources_are_read(tmp_path):
    path = tmp_path / "a.wet.warc.gz"
    wet = record("Die Fähre".encode(), WARC_Type="conversion", Content_Type="text/plain")
    resource = record(page(3), WARC_Type="resource", Content_Type="text/html")
    path.write_bytes(packed([wet, resource]))
    text, html = read_all(path)
    assert (text.media_type, text.charset, text.body.decode()) == ("text/plain", "utf-8", "Die Fähre")
    assert (html.media_type, html.charset, html.body) == ("text/html", None, page(3))


def test_what_is_no_page_is_counted_by_kind(tmp_path):
    path = tmp_path / "a.warc"
    path.write_bytes(
        b"".join(
            [
                record(b"software: test", WARC_Type="warcinfo", Content_Type="application/warc-fields"),
                record(b"GET / HTTP/1.1\r\n\r\n", WARC_Type="request"),
                response(1, status=404),
                response(2, media_type="image/png"),
                record(b"", WARC_Type="revisit"),
                response(3),
            ]
        )
    )
    found = read_all(path, 2)
    assert len(documents(found)) == 1
    assert passed(found) == [
        "an answer with status 404",
        "neither page nor text: image",
        "a page that an archive found unchanged (revisit)",
    ]


@pytest.mark.parametrize("name", ["plain", "gz", "zst"])
@pytest.mark.parametrize("where", range(0, 12, 3))
def test_behind_a_damaged_record_reading_goes_on(tmp_path, name, where):
    file, data = FORMS[name]
    refs_path = tmp_path / file
    refs_path.write_bytes(data)
    at = list(plan([str(refs_path)]).refs(1))[where].start
    damaged = data[: at + 12] + b"\xff\xfe\xfd" + data[at + 15 :]
    refs_path.write_bytes(damaged)
    found = read_all(refs_path, 4)
    lost = {f"https://news.example/{n}" for n in range(12)} - {raw.uri for raw in documents(found)}
    assert f"https://news.example/{where}" in lost
    assert len(lost) <= 2, "at most the damaged one and the one before, whose end nobody can see"
    assert reasons(found)


@settings(max_examples=150, deadline=None)
@given(data=st.data(), form=st.sampled_from(sorted(FORMS)), chunk=st.sampled_from([1, 3, 100]))
def test_no_damage_raises_or_makes_up_a_page(tmp_path_factory, data, form, chunk):
    file, whole = FORMS[form]
    at = data.draw(st.integers(0, len(whole)))
    cut, new = data.draw(st.integers(0, 300)), data.draw(st.binary(max_size=40))
    path = tmp_path_factory.mktemp("fuzz") / file
    path.write_bytes(whole[:at] + new + whole[at + cut :])
    found = read_all(path, chunk)
    assert all(isinstance(one, RawDocument | Rejected | Passed) for one in found)
    if not form.startswith(("plain", "zst")):  # these have a checksum
        assert {raw.body for raw in documents(found)} <= {page(n) for n in range(12)}


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=2000))
def test_bytes_of_any_kind_are_refused_or_read(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("fuzz") / "a.warc"
    for noise in (data, b"WARC/1.0\r\n" + data, record(data), gzip.compress(data)):
        path.write_bytes(noise)
        assert all(isinstance(one, RawDocument | Rejected | Passed) for one in read_all(path))
