import gzip
import random

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.sources import compressed
from etl.sources.compressed import lines
from tests.sources.made import documents, read_all

PACKERS = {"gz": gzip.compress, "zst": zstandard.compress, "plain": bytes}


@settings(max_examples=60, deadline=None)
@given(
    found=st.lists(st.binary(max_size=60).map(lambda b: b.replace(b"\n", b" "))),
    packer=st.sampled_from(sorted(PACKERS)),
    step=st.integers(1, 200),
    last=st.booleans(),
)
def test_each_line_belongs_to_one_range(tmp_path_factory, found, packer, step, last):
    path = tmp_path_factory.mktemp("lines") / "a"
    data = b"\n".join(found) + (b"\n" if last else b"")
    path.write_bytes(PACKERS[packer](data))
    size = path.stat().st_size
    before = compressed.BLOCK_BYTES
    compressed.BLOCK_BYTES = 32  # so that small files have many blocks
    try:
        got = [line for start in range(0, size, step) for _, line in lines(path, start, start + step, 1 << 20)]
    finally:
        compressed.BLOCK_BYTES = before
    assert b"".join(got) == data


@pytest.mark.parametrize("suffix", ["jsonl.gz", "jsonl.zst", "csv.gz"])
def test_a_file_of_many_ranges_gives_each_record_once(tmp_path, monkeypatch, suffix):
    monkeypatch.setattr(compressed, "RANGE_BYTES", 1 << 16)
    noise = random.Random(3)
    rows = [f'{{"id": {n}, "text": "{noise.randbytes(60).hex()}"}}\n' for n in range(4000)]
    if "csv" in suffix:
        rows = ["id,text\n", *(f'{n},"{noise.randbytes(60).hex()}\nfurther"\n' for n in range(4000))]
    path = tmp_path / f"a.{suffix}"
    path.write_bytes((zstandard.compress if "zst" in suffix else gzip.compress)("".join(rows).encode()))
    assert path.stat().st_size > 3 * compressed.RANGE_BYTES
    found = read_all(path)
    assert [raw.uri.partition("#")[2] for raw in documents(found)] == [str(n) for n in range(4000)]


def test_damage_is_told_once_however_many_ranges_there_are(tmp_path, monkeypatch):
    monkeypatch.setattr(compressed, "RANGE_BYTES", 1 << 16)
    rows = "".join(f'{{"id": {n}, "text": "{random.Random(n).randbytes(60).hex()}"}}\n' for n in range(6000))
    data = bytearray(gzip.compress(rows.encode()))
    data[len(data) // 2] ^= 0xFF
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(data)
    found = read_all(path)
    assert len(found) - len(documents(found)) <= 2
    assert 1000 < len(documents(found)) < 4000


def test_single_pages_and_texts_may_be_packed(tmp_path):
    (tmp_path / "a.html.gz").write_bytes(gzip.compress(b"<p>The ferry sailed."))
    (tmp_path / "b.txt.zst").write_bytes(zstandard.compress(b"It came back."))
    (tmp_path / "c.png.gz").write_bytes(gzip.compress(b"no"))
    found = read_all(tmp_path)
    assert [(raw.media_type, raw.body) for raw in found] == [
        ("text/html", b"<p>The ferry sailed."),
        ("text/plain", b"It came back."),
    ]
