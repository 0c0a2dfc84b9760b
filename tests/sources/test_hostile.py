"""Broken and hostile files, each made here: what is sound is read, what is not is said, and nothing is raised."""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import struct
import zipfile
import zlib

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from etl.records import RawDocument, Rejected
from etl.sources import Passed
from tests.sources.made import (
    LIMIT,
    answer,
    documents,
    packed,
    page,
    passed,
    read_all,
    reasons,
    record,
    response,
    zipped,
)

NOISE = random.Random(7).randbytes(3000)
LINE = b'{"id": %d, "text": "The ferry sailed."}\n'
JSONL = b"".join(LINE % n for n in range(40))
ROWS = b"id,title,text\n" + b"".join(b'%d,Ferry,"The ferry, sailed."\n' % n for n in range(20))
RECORDS = [response(n) for n in range(4)]


def damaged(data: bytes, at: int, by: int = 0xFF) -> bytes:
    return data[:at] + bytes([data[at] ^ by]) + data[at + 1 :]


def parquet(table: pa.Table, **options) -> bytes:
    out = io.BytesIO()
    pq.write_table(table, out, **options)
    return out.getvalue()


def flagged(data: bytes, flag: int = 0, method: int | None = None) -> bytes:
    """A zip file of one member with flags or a method of compression that it does not have."""
    changed = bytearray(data)
    for magic, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.index(magic) + at
        changed[place] |= flag
        if method is not None:
            struct.pack_into("<H", changed, place + 2, method)
    return bytes(changed)


def linked(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo(name)
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return out.getvalue()


def overlapping() -> bytes:
    """Two members of a directory that are the same bytes."""
    data = zipped({"a.txt": b"x" * 500, "b.txt": b"y" * 500})
    second = data.rindex(b"PK\x01\x02")
    return data[: second + 42] + struct.pack("<I", 1) + data[second + 46 :]


def wide(columns: int) -> bytes:
    return ",".join(f"c{n}" for n in range(columns)).encode() + b"\n" + b"x," * columns + b"\n"


def row_of(cells: list[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue().encode()


GZ, ZST = gzip.compress(JSONL, mtime=0), zstandard.compress(JSONL)
TABLE = pa.table({"id": [1, 2], "text": ["The ferry sailed.", "It came back."]})
PARQUET = parquet(TABLE)
ZIP = zipped({"a.txt": b"The ferry sailed.", "b.html": page(1)})
NONE, BROKEN = set(), {"broken"}

# name of the file -> its bytes, how many documents come out of it, the reasons of its rejections
CASES: dict[str, tuple[str, bytes, int, set[str]]] = {
    # gzip and zstd
    "gz: empty": ("a.jsonl.gz", b"", 0, NONE),
    "gz: only a head": ("a.jsonl.gz", GZ[:10], 0, BROKEN),
    "gz: half a head": ("a.jsonl.gz", GZ[:5], 0, BROKEN),
    "gz: no gzip at all": ("a.jsonl.gz", JSONL, 40, NONE),
    "gz: noise behind a head": ("a.jsonl.gz", GZ[:10] + NOISE, 0, BROKEN),
    "gz: wrong checksum": ("a.jsonl.gz", damaged(GZ, -8), 0, BROKEN),
    "gz: wrong length": ("a.jsonl.gz", damaged(GZ, -1), 0, BROKEN),
    "gz: no end": ("a.jsonl.gz", GZ[:-8], 40, BROKEN),
    "gz: noise behind the end": ("a.jsonl.gz", GZ + b"\x01" + NOISE, 40, BROKEN),
    "gz: zeros behind the end": ("a.jsonl.gz", GZ + bytes(512), 40, NONE),
    "gz: two members": ("a.jsonl.gz", gzip.compress(JSONL[:100]) + gzip.compress(JSONL[100:]), 40, NONE),
    "gz: a bomb": ("a.jsonl.gz", gzip.compress(bytes(70 << 20)), 0, {"bomb"}),
    "gz: a bomb behind a record": ("a.jsonl.gz", gzip.compress(LINE % 1 + bytes(70 << 20)), 1, {"bomb"}),
    "gz: a page that is too large": ("a.html.gz", gzip.compress(bytes(LIMIT + 1)), 0, {"too-large"}),
    "gz: a page that is a bomb": ("a.html.gz", gzip.compress(bytes(70 << 20)), 0, {"too-large"}),
    "gz: half a page": ("a.html.gz", gzip.compress(page(1))[:-20], 0, BROKEN),
    "gz: a text in order": ("a.txt.gz", gzip.compress(b"The ferry sailed."), 1, NONE),
    "zst: empty": ("a.jsonl.zst", b"", 0, NONE),
    "zst: only a head": ("a.jsonl.zst", ZST[:6], 0, BROKEN),
    "zst: half": ("a.jsonl.zst", ZST[: len(ZST) // 2], 0, BROKEN),
    "zst: no end": ("a.jsonl.zst", ZST[:-1], 0, BROKEN),
    "zst: noise behind the end": ("a.jsonl.zst", ZST + NOISE, 40, BROKEN),
    "zst: noise behind a head": ("a.jsonl.zst", ZST[:4] + b"\xff" * 99, 0, BROKEN),
    "zst: two frames": ("a.jsonl.zst", ZST + zstandard.compress(LINE % 99), 41, NONE),
    "zst: a bomb": ("a.jsonl.zst", zstandard.compress(bytes(300 << 20)), 0, {"bomb"}),
    "zst: a page that is a bomb": ("a.html.zst", zstandard.compress(bytes(300 << 20)), 0, {"too-large"}),
    "zst: half a page": ("a.html.zst", zstandard.compress(page(1))[:-9], 0, BROKEN),
    # zip
    "zip: empty file": ("a.zip", b"", 0, BROKEN),
    "zip: no member": ("a.zip", zipped({}), 0, NONE),
    "zip: noise": ("a.zip", NOISE, 0, BROKEN),
    "zip: text": ("a.zip", b"this is no zip file", 0, BROKEN),
    "zip: no directory": ("a.zip", ZIP[: ZIP.index(b"PK\x01\x02")], 0, BROKEN),
    "zip: half a directory": ("a.zip", ZIP[:-30], 0, BROKEN),
    "zip: a directory that says too much": ("a.zip", damaged(ZIP, -10, 0x40), 0, BROKEN),
    "zip: damaged member": ("a.zip", damaged(ZIP, 36), 1, BROKEN),
    "zip: noise in front": ("a.zip", NOISE + ZIP, 2, NONE),
    "zip: encrypted": ("a.zip", flagged(zipped({"a.txt": b"secret"}), flag=1), 0, {"encrypted"}),
    "zip: unknown compression": ("a.zip", flagged(zipped({"a.txt": b"x"}), method=77), 0, BROKEN),
    "zip: leads upwards": ("a.zip", zipped({"../../a.txt": b"x", "b.txt": b"y"}), 1, {"unsafe-name"}),
    "zip: leads upwards inside": ("a.zip", zipped({"x/../../a.txt": b"x"}), 0, {"unsafe-name"}),
    "zip: leads upwards on Windows": ("a.zip", zipped({"..\\a.txt": b"x"}), 0, {"unsafe-name"}),
    "zip: absolute": ("a.zip", zipped({"/etc/a.txt": b"x"}), 0, {"unsafe-name"}),
    "zip: absolute on Windows": ("a.zip", zipped({"C:\\a.txt": b"x"}), 0, {"unsafe-name"}),
    "zip: a link": ("a.zip", linked("a.txt"), 0, {"link"}),
    "zip: members over each other": ("a.zip", overlapping(), 0, {"bomb"}),
    "zip: a bomb": ("a.zip", zipped({"a.jsonl": bytes(70 << 20)}), 0, {"bomb"}),
    "zip: a page that is too large": ("a.zip", zipped({"a.html": bytes(LIMIT + 1)}), 0, {"too-large"}),
    "zip: one in one": ("a.zip", zipped({"b.zip": ZIP}), 2, NONE),
    "zip: one in one in one": ("a.zip", zipped({"b.zip": zipped({"c.zip": ZIP}), "d.txt": b"x"}), 1, {"nested"}),
    "zip: itself broken inside": ("a.zip", zipped({"b.zip": NOISE, "d.txt": b"x"}), 1, BROKEN),
    "zip: half a gz inside": ("a.zip", zipped({"b.jsonl.gz": GZ[:-8], "d.txt": b"x"}), 41, BROKEN),
    "zip: garbage as Parquet inside": ("a.zip", zipped({"b.parquet": NOISE, "d.txt": b"x"}), 1, {"parquet"}),
    "zip: other files": ("a.zip", zipped({"a.png": NOISE, "__MACOSX/a.txt": b"x", "d.txt": b"x"}), 1, NONE),
    "zip: one name twice": ("a.zip", ZIP, 2, NONE),
    # CSV
    "csv: empty": ("a.csv", b"", 0, NONE),
    "csv: blank lines": ("a.csv", b"\n\n\n", 0, {"csv"}),
    "csv: only a header": ("a.csv", b"id,text\n", 0, NONE),
    "csv: a header without line feed": ("a.csv", b"id,text", 0, NONE),
    "csv: NULs": ("a.csv", b"id,text\n1,The\x00ferry\n\x00,\x00\n", 2, NONE),
    "csv: only NULs": ("a.csv", bytes(5000), 0, NONE),
    "csv: noise": ("a.csv", b"id,text\n" + NOISE.replace(b'"', b"").replace(b"\n", b"").replace(b"\r", b"").replace(b",", b""), 1, NONE),
    "csv: UTF-16": ("a.csv", "id,text\n1,a\n".encode("utf-16"), 0, {"csv"}),
    "csv: Latin-1": ("a.csv", "id,text\n1,Fähre\n".encode("latin-1"), 1, NONE),
    "csv: a quote that never closes": ("a.csv", ROWS + b'20,"Ferry,text\n' + b"21,a,b\n22,c,d\n", 22, {"csv"}),
    "csv: a quote in the last row": ("a.csv", ROWS + b'20,"Ferry', 20, {"csv"}),
    "csv: a quote in a header": ("a.csv", b'id,"text\n1,a\n', 0, {"csv"}),
    "csv: text behind a quote": ("a.csv", b'id,text\n1,"a"b\n2,c\n', 1, {"csv"}),
    "csv: quotes doubled": ("a.csv", b'id,text\n1,"a ""b"" c"\n', 1, NONE),
    "csv: many quotes": ("a.csv", b"id,text\n" + b'"' * 4001 + b"\n2,c\n", 1, {"csv"}),
    "csv: a million columns": ("a.csv", wide(10_000), 0, {"csv"}),
    "csv: too many cells": ("a.csv", b"id,text\n1,a,b,c\n2,d\n", 1, {"csv"}),
    "csv: too few cells": ("a.csv", b"id,text,title\n1,a\n", 1, NONE),
    "csv: empty cells behind": ("a.csv", b"id,text\n1,a,,,\n", 1, NONE),
    "csv: empty rows": ("a.csv", b"id,text\n,\n,,\n1,a\n", 1, NONE),
    "csv: one name twice": ("a.csv", b"text,text\na,b\n", 1, NONE),
    "csv: columns without names": ("a.csv", b"id,,text\n1,x,a\n", 1, NONE),
    "csv: a cell that is too large": ("a.csv", b"id,text\n1," + b"x" * LIMIT * 2 + b"\n2,a\n", 1, {"csv"}),
    "csv: a header that is too large": ("a.csv", b"x" * LIMIT * 2 + b"\n2,a\n", 0, {"csv"}),
    "csv: a quoted cell that is too large": ("a.csv", b'id,text\n1,"' + b"x" * LIMIT * 2 + b'\n"\n2,a\n', 1, {"csv"}),
    "csv: carriage returns alone": ("a.csv", b"id,text\r1,a\r2,b\r", 0, {"csv"}),
    "csv: half a gz": ("a.csv.gz", gzip.compress(ROWS)[:-8], 20, BROKEN),
    "tsv: in order": ("a.tsv", b"id\ttext\n1\ta, b\n", 1, NONE),
    "csv: semicolons": ("a.csv", b"id;text\n1;a, b\n", 1, NONE),
    # JSON
    "json: empty list": ("a.json", b"[]", 0, NONE),
    "json: half a list": ("a.json", b'[{"id": 1', 0, {"json"}),
    "json: a deep list": ("a.json", b"[" * 30_000, 0, {"json"}),
    "json: too large": ("a.json", b"[" + b" " * LIMIT + b"]", 0, {"too-large"}),
    "json: a list of numbers": ("a.json", b"[1, 2]", 2, NONE),
    # Parquet
    "parquet: empty file": ("a.parquet", b"", 0, {"parquet"}),
    "parquet: noise": ("a.parquet", NOISE, 0, {"parquet"}),
    "parquet: only magic": ("a.parquet", b"PAR1PAR1", 0, {"parquet"}),
    "parquet: noise between magic": ("a.parquet", b"PAR1" + NOISE + b"PAR1", 0, {"parquet"}),
    "parquet: a footer that says too much": ("a.parquet", PARQUET[:-8] + b"\xff\xff\xff\x7fPAR1", 0, {"parquet"}),
    "parquet: a footer that says nothing": ("a.parquet", PARQUET[:-8] + bytes(4) + b"PAR1", 0, {"parquet"}),
    "parquet: half": ("a.parquet", PARQUET[: len(PARQUET) // 2], 0, {"parquet"}),
    "parquet: damaged pages": ("a.parquet", PARQUET[:4] + bytes(120) + PARQUET[124:], 0, {"parquet"}),
    "parquet: text": ("a.parquet", JSONL, 0, {"parquet"}),
    "parquet: no rows": ("a.parquet", parquet(TABLE.slice(0, 0)), 0, NONE),
    "parquet: too many columns": ("a.parquet", parquet(pa.table({f"c{n}": [n] for n in range(1001)})), 0, {"parquet"}),
    "parquet: a cell that is too large": ("a.parquet", parquet(pa.table({"text": ["x" * LIMIT * 2, "a"]})), 1, {"too-large"}),
    "parquet: bytes, dates, nothing": (
        "a.parquet",
        parquet(pa.table({"html": [b"\xff<p>a"], "date": pa.array([1], pa.date32()), "x": pa.array([None], pa.int8())})),
        1,
        NONE,
    ),
    "parquet: packed with gzip": ("a.parquet.gz", gzip.compress(PARQUET), 0, {"parquet"}),
    # WARC
    "warc: empty": ("a.warc", b"", 0, NONE),
    "warc: noise": ("a.warc", NOISE, 0, BROKEN),
    "warc: text": ("a.warc", JSONL, 0, BROKEN),
    "warc: only a version": ("a.warc", b"WARC/1.0\r\n", 0, BROKEN),
    "warc: version 1.1": ("a.warc", RECORDS[0].replace(b"WARC/1.0", b"WARC/1.1"), 1, NONE),
    "warc: unknown version": ("a.warc", RECORDS[0].replace(b"WARC/1.0", b"WARC/9.9") + RECORDS[1], 1, BROKEN),
    "warc: a length that is too long": ("a.warc", response(0) + response(1, lie=300) + response(2), 2, BROKEN),
    "warc: a length that is too short": ("a.warc", response(0) + response(1, lie=-50) + response(2), 2, BROKEN),
    "warc: a length beyond the file": ("a.warc", response(0) + response(1, lie=10**4) + response(2), 2, BROKEN),
    "warc: an enormous length": ("a.warc", response(0, lie=10**12) + response(1), 1, {"too-large"}),
    "warc: a negative length": ("a.warc", record(b"x", Content_Length="-1") + response(1), 1, BROKEN),
    "warc: a length of words": ("a.warc", record(b"x", Content_Length="many") + response(1), 1, BROKEN),
    "warc: no length": ("a.warc", record(b"x", Content_Length="") + response(1), 1, BROKEN),
    "warc: cut off": ("a.warc", (RECORDS[0] + RECORDS[1])[:-40], 1, BROKEN),
    "warc: noise between": ("a.warc", RECORDS[0] + NOISE + b"\r\n\r\n" + RECORDS[1], 1, BROKEN),
    "warc: an endless header": ("a.warc", record(b"x", X="y" * 70_000) + RECORDS[1], 1, BROKEN),
    "warc: no address": ("a.warc", record(answer(page(1)), uri=""), 1, NONE),
    "warc: address in brackets": ("a.warc", record(answer(page(1)), uri="<https://news.example/x>"), 1, NONE),
    "warc: no date": ("a.warc", record(answer(page(1)), WARC_Date=""), 1, NONE),
    "warc: a date of words": ("a.warc", record(answer(page(1)), WARC_Date="yesterday"), 1, NONE),
    "warc: gz, no end": ("a.warc.gz", packed(RECORDS)[:-60], 3, BROKEN),
    "warc: gz, damaged": ("a.warc.gz", damaged(packed(RECORDS), len(packed(RECORDS[:1])) + 60), 3, BROKEN),
    "warc: gz, wrong checksum": ("a.warc.gz", damaged(packed(RECORDS), len(packed(RECORDS[:1])) - 6), 3, BROKEN),
    "warc: gz, a length that is too long": ("a.warc.gz", packed([response(0, lie=90), *RECORDS[1:]]), 3, BROKEN),
    "warc: gz, a length that is too short": ("a.warc.gz", packed([response(0, lie=-9), *RECORDS[1:]]), 3, BROKEN),
    "warc: gz, noise between": ("a.warc.gz", packed(RECORDS[:2]) + NOISE + packed(RECORDS[2:]), 4, BROKEN),
    "warc: gz, one member": ("a.warc.gz", packed([b"".join(RECORDS)]), 4, NONE),
    "warc: gz, a bomb": ("a.warc.gz", packed([record(answer(bytes(9 << 20))), RECORDS[1]]), 1, {"too-large"}),
    "warc: zst": ("a.warc.zst", b"".join(map(zstandard.compress, RECORDS)), 4, NONE),
    "warc: zst, no end": ("a.warc.zst", b"".join(map(zstandard.compress, RECORDS))[:-40], 3, BROKEN),
    "warc: http without head": ("a.warc", record(b"no http at all") + RECORDS[1], 1, NONE),
    "warc: http with an endless head": ("a.warc", record(answer(b"x", extra="A: b\r\n" * 9000)) + RECORDS[1], 1, BROKEN),
    "warc: status of words": ("a.warc", record(b"HTTP/1.1 fine\r\n\r\nx") + RECORDS[1], 1, NONE),
    "warc: gzip content": ("a.warc", response(1) + record(answer(gzip.compress(page(2)), extra="Content-Encoding: gzip\r\n")), 2, NONE),
    "warc: gzip content that is none": ("a.warc", record(answer(b"plain", extra="Content-Encoding: gzip\r\n")) + RECORDS[1], 1, BROKEN),
    "warc: a page in clear called gzip": ("a.warc", record(answer(page(2), extra="Content-Encoding: gzip\r\n")), 1, NONE),
    "warc: gzip content, a bomb": (
        "a.warc",
        record(answer(gzip.compress(bytes(30 << 20)), extra="Content-Encoding: gzip\r\n")) + RECORDS[1],
        1,
        {"too-large"},
    ),
    "warc: deflate content": ("a.warc", record(answer(zlib.compress(page(2)), extra="Content-Encoding: deflate\r\n")), 1, NONE),
    "warc: unknown content coding": ("a.warc", record(answer(b"x", extra="Content-Encoding: rot13\r\n")) + RECORDS[1], 1, BROKEN),
    "warc: chunked": ("a.warc", record(answer(b"5\r\n<p>Hi\r\n0\r\n\r\n", extra="Transfer-Encoding: chunked\r\n")), 1, NONE),
    "warc: chunks that lie": ("a.warc", record(answer(b"ffff\r\nHi", extra="Transfer-Encoding: chunked\r\n")) + RECORDS[1], 1, BROKEN),
    "warc: chunks of nonsense": ("a.warc", record(answer(b"zz\r\nHi", extra="Transfer-Encoding: chunked\r\n")) + RECORDS[1], 1, BROKEN),
    "warc: other answers": ("a.warc", response(1, status=404) + response(2, media_type="image/png") + RECORDS[3], 1, NONE),
    "warc: a record inside a page": ("a.warc", record(answer(b"<p>\r\n\r\n" + RECORDS[2])) + RECORDS[1], 2, NONE),
}  # fmt: skip


def test_there_are_a_hundred():
    assert len(CASES) >= 100


@pytest.mark.parametrize("name", CASES)
def test_each_ends_in_documents_or_in_a_rejection(name, tmp_path):
    file, data, wanted, why = CASES[name]
    path = tmp_path / file
    path.write_bytes(data)
    found = read_all(path)
    assert (len(documents(found)), set(reasons(found))) == (wanted, why), found
    assert all(isinstance(one, RawDocument | Rejected | Passed) for one in found)
    for one in found:
        if isinstance(one, Rejected):
            assert one.stage == "read"
            assert len(one.detail) > 10, "a person must understand why"
            assert "Traceback" not in one.detail
        elif isinstance(one, RawDocument):
            assert len(one.body) <= LIMIT
    assert [p.name for p in tmp_path.iterdir()] == [file], "nothing is left behind"
    assert read_all(path) == found


@pytest.mark.parametrize("name", [name for name in CASES if name.startswith(("csv", "warc", "gz", "zip"))][::3])
def test_the_size_of_ranges_changes_nothing(name, tmp_path):
    file, data, *_ = CASES[name]
    path = tmp_path / file
    path.write_bytes(data)
    one_by_one, together = read_all(path, 1), read_all(path, 1000)
    assert documents(one_by_one) == documents(together)
    assert passed(one_by_one) == passed(together)


def test_a_page_that_holds_a_record_cannot_speak_for_another_site(tmp_path):
    """The borders of ranges follow the lengths of records; a page between two of them may say what it likes."""
    forged = response(7).replace(b"news.example", b"bank.example")
    path = tmp_path / "a.warc"
    path.write_bytes(
        b"".join(record(answer(b"<p>\r\n\r\n" + forged * 3), f"https://news.example/{n}") for n in range(9))
    )
    for chunk in (1, 2, 100):
        assert {raw.uri for raw in documents(read_all(path, chunk))} == {f"https://news.example/{n}" for n in range(9)}


def test_a_stored_record_inside_a_packed_page_cannot_either(tmp_path):
    forged = gzip.compress(response(7).replace(b"news.example", b"bank.example"))
    stored = zlib.compressobj(0, zlib.DEFLATED, 31)
    member = stored.compress(record(answer(forged * 5), "https://news.example/a")) + stored.flush()
    path = tmp_path / "a.warc.gz"
    path.write_bytes(packed([response(1)]) + member + packed([response(2)]))
    assert forged in path.read_bytes()
    for chunk in (1, 2):
        uris = [raw.uri for raw in documents(read_all(path, chunk))]
        assert uris == ["https://news.example/1", "https://news.example/a", "https://news.example/2"]


def test_a_record_is_one_json_line_whatever_was_in_the_cells(tmp_path):
    path = tmp_path / "a.csv"
    cells = ['a "quoted" word', "two\nlines", "tab\there", "null \x00", "a\u2028b", "emoji \U0001f40d"]
    path.write_bytes(b"a,b,c,d,e,f\n" + row_of(cells))
    [raw] = documents(read_all(path))
    assert list(json.loads(raw.body).values()) == cells
    assert b"\n" not in raw.body
