"""Tables and files of records, and what their columns are called."""

import csv
import gzip
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.errors import InputError
from etl.records import RawDocument, Rejected
from etl.sources.wanted import columns
from tests.sources.made import packed, read_all, response, zipped

CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\r\x00"), max_size=30)


def bodies(found) -> list[dict]:
    return [json.loads(raw.body) for raw in found]


@settings(max_examples=80, deadline=None)
@given(rows=st.lists(st.tuples(CELLS, CELLS), max_size=8), delimiter=st.sampled_from(",;\t"))
def test_what_is_written_as_csv_comes_back(tmp_path_factory, rows, delimiter):
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerows([("title", "text"), *rows])
    wanted = [{n: v for n, v in zip(("title", "text"), row, strict=True) if v.strip()} for row in rows if any(row)]
    assert bodies(read_all(path)) == wanted


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from('a,";\n\r\t\x00é'), max_size=200), st.sampled_from([1, 100]))
def test_no_csv_raises(tmp_path_factory, text, chunk):
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    path.write_bytes(b"id,text\n" + text.encode())
    found = read_all(path, chunk)
    assert all(isinstance(one, RawDocument | Rejected) for one in found)


def test_parquet_is_read_in_row_groups_with_nested_columns(tmp_path):
    path = tmp_path / "a.parquet"
    table = pa.table(
        {
            "id": [str(n) for n in range(10)],
            "text": ["The ferry sailed."] * 10,
            "metadata": [{"url": f"https://news.example/{n}", "n": n} for n in range(10)],
        }
    )
    pq.write_table(table, path, row_group_size=4)
    found = read_all(path)
    assert [raw.uri.rpartition("#")[2] for raw in found] == [str(n) for n in range(10)]
    assert bodies(found)[3]["metadata"] == {"url": "https://news.example/3", "n": 3}


def test_a_json_file_holds_one_record_or_many(tmp_path):
    (tmp_path / "a.json").write_text('{\n "id": 1,\n "text": "a"\n}')
    (tmp_path / "b.json").write_text('[{"id": 1, "text": "a"}, {"id": 2, "text": "b"}]')
    assert [raw.uri.rpartition("/")[2] for raw in read_all(tmp_path)] == ["a.json", "b.json#1", "b.json#2"]


@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_columns_go_by_the_names_that_were_given(tmp_path, suffix):
    path = tmp_path / f"a.{suffix}"
    path.write_text(
        "nr,kop,inhoud\n7,Veerboot,De boot vaart.\n"
        if suffix == "csv"
        else '{"nr": "7", "kop": "Veerboot", "x": {"inhoud": "De boot vaart."}}\n'
    )
    text = "inhoud" if suffix == "csv" else "x.inhoud"
    [raw] = read_all(path, columns=columns(["id=nr", "headline = kop", f"text={text}", "url=missing"]))
    assert raw.uri == path.as_uri() + "#7"
    assert json.loads(raw.body).items() >= {"id": "7", "headline": "Veerboot", "text": "De boot vaart."}.items()
    assert "url" not in json.loads(raw.body)


@pytest.mark.parametrize("pair", ["headline", "=x", "headline=", ""])
def test_a_mapping_that_is_no_pair_is_refused(pair):
    with pytest.raises(InputError, match="say NAME=COLUMN"):
        columns([pair])


def test_a_zip_file_is_read_as_its_members_are(tmp_path):
    path = tmp_path / "week.zip"
    path.write_bytes(
        zipped(
            {
                "day/": b"",
                "day/a b.txt": b"The ferry sailed.",
                "day/b.jsonl.gz": gzip.compress(b'{"id": 5, "text": "x"}\n{"id": 6, "text": "y"}\n'),
                "day/c.warc.gz": packed([response(1)]),
                "day/d.csv": b"id,text\n8,z\n",
            }
        )
    )
    base = path.as_uri() + "!/day/"
    for chunk in (1, 100):
        assert [raw.uri.removeprefix(base) for raw in read_all(path, chunk)] == [
            "a%20b.txt",
            "b.jsonl.gz#5",
            "b.jsonl.gz#6",
            "https://news.example/1",
            "d.csv#8",
        ]
