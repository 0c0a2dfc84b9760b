from pathlib import Path

import pytest

from etl.errors import InputError
from etl.sources import batches, plan, read


def documents(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"text of {name}")


def names(found) -> list[str]:
    return [Path(file.path).name for file, _ in found.files]


def test_a_folder_is_searched_to_the_bottom_in_the_order_of_addresses(tmp_path):
    documents(tmp_path, "b.txt", "a.html", "deep/er/c.jsonl", "notes.toml", ".hidden.txt")
    found = plan([str(tmp_path)])
    assert names(found) == ["a.html", "b.txt", "c.jsonl"]
    assert [form for _, form in found.files] == ["html", "text", "jsonl"]
    assert found.ignored == 1


def test_a_file_named_twice_is_read_once(tmp_path):
    documents(tmp_path, "a.txt")
    assert names(plan([str(tmp_path), str(tmp_path / "a.txt"), (tmp_path / "a.txt").as_uri()])) == ["a.txt"]


def test_a_glob_finds_files(tmp_path):
    documents(tmp_path, "x/a.txt", "y/b.txt", "y/c.html")
    assert names(plan([f"{tmp_path}/**/*.txt"])) == ["a.txt", "b.txt"]


@pytest.mark.parametrize(
    ("locator", "form", "said"),
    [
        ("missing.txt", "auto", "no such file or folder: "),
        ("*.nothing", "auto", "no file matches"),
        ("empty", "auto", "no documents in"),
        ("paper.pdf", "auto", "unknown format; newsfold reads"),
        (
            "paper.pdf",
            "pdf",
            "unknown format 'pdf': newsfold reads csv, html, json, jsonl, parquet, text, warc, zip or auto",
        ),
        ("https://news.example/a", "auto", "only newsfold ingest reads addresses"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_line(tmp_path, monkeypatch, locator, form, said):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    documents(tmp_path, "paper.pdf")
    with pytest.raises(InputError) as err:
        plan([locator], form)
    assert said in str(err.value)
    assert "\n" not in str(err.value)


def test_a_format_that_is_given_wins_over_the_name(tmp_path):
    documents(tmp_path, "page.dat")
    assert [form for _, form in plan([str(tmp_path / "page.dat")], "html").files] == ["html"]


def test_batches_hold_every_document_once(tmp_path):
    documents(tmp_path, *(f"{n:02}.txt" for n in range(10)))
    (tmp_path / "z.jsonl").write_text("".join(f'{{"id": {n}, "text": "t"}}\n' for n in range(25)))
    grouped = list(batches(plan([str(tmp_path)]).refs(4), [4]))
    assert all(sum(ref.documents for ref in batch) <= 4 for batch in grouped)
    uris = [raw.uri for batch in grouped for raw in read(batch, "test", 1 << 20)]
    assert len(uris) == len(set(uris)) == 35


def test_batches_are_of_the_sizes_that_are_asked_for_and_the_last_of_them_is_that_of_the_rest(tmp_path):
    documents(tmp_path, *(f"{n:02}.txt" for n in range(12)))
    grouped = batches(plan([str(tmp_path)]).refs(100), iter([5, 3, 2]))
    assert [len(batch) for batch in grouped] == [5, 3, 2, 2]


def test_the_number_of_documents_is_known_where_each_file_is_one(tmp_path):
    documents(tmp_path, "a.txt", "b.html")
    assert plan([str(tmp_path)]).is_of_pages
    (tmp_path / "z.jsonl").write_text('{"id": 1, "text": "t"}')
    assert not plan([str(tmp_path)]).is_of_pages
