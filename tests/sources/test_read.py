import io
import json
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from etl.errors import InputError
from etl.records import RawDocument, Rejected
from etl.sources import plan, read, spooled
from etl.sources.compressed import is_packed

LIMIT = 1 << 16


def read_all(path: Path, chunk: int = 3, form: str = "auto"):
    return list(read(plan([str(path)], form).refs(chunk), "test", LIMIT))


@settings(max_examples=60, deadline=None)
@given(
    lines=st.lists(st.binary(min_size=0, max_size=40).map(lambda b: b.replace(b"\n", b" "))),
    chunk=st.integers(1, 7),
    last_newline=st.booleans(),
)
def test_every_line_of_a_jsonl_file_is_one_document_whatever_the_ranges(tmp_path_factory, lines, chunk, last_newline):
    path = tmp_path_factory.mktemp("lines") / "a.jsonl"
    path.write_bytes(b"\n".join(lines) + (b"\n" if last_newline else b""))
    assume(not is_packed(path))  # the first bytes tell, and these are made up
    assert [raw.body for raw in read_all(path, chunk)] == [line.strip() for line in lines if line.strip()]


def test_a_record_goes_by_its_id_and_keeps_its_line(tmp_path):
    path = tmp_path / "day.jsonl"
    line = json.dumps({"id": "x 1", "text": "Grüße"}).encode()
    path.write_bytes(line + b"\r\n")
    (raw,) = read_all(path)
    assert raw.uri == path.as_uri() + "#x%201"
    assert (raw.body, raw.media_type) == (line, "application/json")


def test_a_record_without_id_goes_by_its_content_not_its_place(tmp_path):
    one, two = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    one.write_text('{"text": "a"}\n{"text": "b"}\n')
    two.write_text('{"text": "b"}\n{"text": "a"}\n')
    names = [{raw.uri.rpartition("#")[2] for raw in read_all(path)} for path in (one, two)]
    assert names[0] == names[1]
    assert len(names[0]) == 2


def test_a_document_over_the_limit_is_a_rejection_and_the_next_is_read(tmp_path):
    (tmp_path / "big.txt").write_bytes(b"x" * (LIMIT + 1))
    (tmp_path / "big.jsonl").write_bytes(b'{"text": "' + b"y" * 3 * LIMIT + b'"}\n{"id": 2, "text": "z"}\n')
    big_line, next_line, big_file = read_all(tmp_path)
    assert isinstance(big_line, Rejected)
    assert isinstance(big_file, Rejected)
    assert (big_line.stage, big_line.reason) == (big_file.stage, big_file.reason) == ("read", "too-large")
    assert isinstance(next_line, RawDocument)
    assert next_line.uri.endswith("#2")


def test_a_file_that_is_gone_is_a_rejection(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("here")
    refs = list(plan([str(path)]).refs(1))
    path.unlink()
    (gone,) = read(refs, "test", LIMIT)
    assert isinstance(gone, Rejected)
    assert (gone.stage, gone.reason, gone.detail) == ("read", "unreadable", "No such file or directory")


def test_the_time_of_a_document_is_the_time_of_its_file(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("here")
    (raw,) = read_all(path)
    assert raw.fetched_at.timestamp() == int(path.stat().st_mtime)


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b'\n{"id": 1, "text": "a"}\n', "application/json"),
        (b"\xef\xbb\xbf<!doctype html><p>Hi", "text/html"),
        (b"Just words.", "text/plain"),
    ],
)
def test_standard_input_is_read_as_what_it_looks_like(data, media_type):
    with spooled(io.BytesIO(data), "auto") as file:
        (raw,) = read(plan([file]).refs(10), "test", LIMIT)
        assert raw.media_type == media_type
        assert raw.uri.startswith("stdin:")
    assert not file.path.exists()


def test_empty_standard_input_is_said():
    with pytest.raises(InputError, match="standard input is empty"), spooled(io.BytesIO(b""), "auto"):
        pass
