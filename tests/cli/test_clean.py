"""`newsfold clean`: the contract of its lines, and text for the eye."""

import base64
import json
import subprocess
import sys
from pathlib import Path

from tests.support import SAMPLE

NEWSFOLD = Path(sys.executable).with_name("newsfold")
FIELDS = {
    "id", "url", "headline", "standfirst", "text", "authors", "published_at", "published_raw", "published_precision",
    "modified_at", "language", "publisher", "section", "agency", "dateline", "removed", "keywords",
    "is_accessible_for_free", "declared_language", "repaired", "origins",
}  # fmt: skip
PAGE = b"""<!doctype html><html lang=en><title>Ferry sails again - The Post</title><body><nav><a href=/>Home</a></nav>
<article><h1>Ferry sails again</h1><p>The ferry to Osterhall will sail again on Friday, the port authority said on
Tuesday after a week of repairs.</p><p>Two of its four engines had been flooded when a hatch was left open in the storm,
and divers had to be called from the mainland.</p><p>Share</p></article></body></html>"""


def clean(*args: str, lines: list[dict] | None = None, raw: bytes = b"") -> str:
    given = raw or "".join(json.dumps(line) + "\n" for line in lines or []).encode()
    done = subprocess.run([NEWSFOLD, "clean", *args], input=given, capture_output=True, check=True)
    return done.stdout.decode()


def test_records_come_out_in_the_agreed_shape():
    records = [
        {"id": "a", "url": "https://post.example/ferry?utm_source=x", "html_b64": base64.b64encode(PAGE).decode()},
        {"id": "b", "url": "https://post.example/b", "html": PAGE.decode()},
        {"id": "c", "url": "https://post.example/c", "text": "The ferry will sail on Friday, the port said.\n\nShare"},
        {
            "id": "d",
            "text": "The ferry sails again.",
            "headline": "Given",
            "authors": ["Ann Lee"],
            "published_at": "2026-03-02",
        },
        {"id": "e", "url": "https://post.example/e"},
    ]
    found = {row["id"]: row for row in map(json.loads, clean("--jsonl", "-", lines=records).splitlines())}
    assert list(found) == ["a", "b", "c", "d", "e"]
    assert all(set(found[key]) >= FIELDS for key in "abcd")
    assert found["a"]["url"] == "https://post.example/ferry?utm_source=x"
    assert found["a"]["headline"] == "Ferry sails again"
    assert found["a"]["text"] == found["b"]["text"]
    assert found["a"]["text"].startswith("The ferry to Osterhall")
    assert {"text": "Share", "rule": "share"}.items() <= found["a"]["removed"][-1].items()
    assert found["a"]["origins"] == {"headline": "h1", "language": "html", "publisher": "url"}
    assert {"headline": "given", "authors": "given", "published": "given"}.items() <= found["d"]["origins"].items()
    assert found["c"]["text"] == "The ferry will sail on Friday, the port said."
    assert (found["d"]["headline"], found["d"]["authors"], found["d"]["published_at"]) == (
        "Given",
        ["Ann Lee"],
        "2026-03-02",
    )
    assert (found["e"]["text"], found["e"]["rejected"]["reason"]) == ("", "no-text")


def test_one_page_on_standard_input():
    (row,) = map(json.loads, clean("--jsonl", "-", raw=PAGE).splitlines())
    assert row["headline"] == "Ferry sails again"


def test_the_same_page_comes_out_the_same_whatever_came_before():
    one, two = {"id": "a", "html": PAGE.decode()}, {"id": "b", "text": "Something else stood here before, at length."}
    alone = json.loads(clean("--jsonl", "-", lines=[one]))
    assert alone in [json.loads(line) for line in clean("--jsonl", "-", lines=[two, one, two]).splitlines()]


def test_text_shows_removed_lines_in_their_place_with_their_rule():
    shown = clean(str(SAMPLE / "flood-warning.txt"))
    assert "[comment_form]" in shown
    assert shown.index("[standfirst]") < shown.index("People in nine towns") < shown.index("[comment_form]")


def test_a_reader_that_leaves_is_no_failure(tmp_path):
    path = tmp_path / "long.txt"
    path.write_text("\n\n".join(f"On day {day} the ferry to Marrow Bay ran late again." for day in range(5_000)))
    command = [NEWSFOLD, "clean", "--jsonl", path]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout.read(1) == b"{"
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode == 0
