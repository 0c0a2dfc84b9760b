"""Text of strangers on a terminal: it is shown as it stands, and steers nothing."""

import json

import pytest

from tests.support import newsfold, run_ingest

TITLE = "\x1b]0;mine\x07"  # would name the window
HEADLINE = f"{TITLE}Ferry [video] :fire: late [/x]"
SENTENCE = (
    "The ferry to Marrow Bay ran late on Monday [b]again{0}, for the {1}th time, and {1}0 passengers waited in fog."
)


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    body = "\n\n".join(SENTENCE.format(TITLE, n) for n in range(4, 9))
    lines = [{"id": str(n), "headline": HEADLINE, "publisher": "[i]Post[/i]", "text": body} for n in range(2)]
    path = tmp_path_factory.mktemp("strangers") / "[b]records.jsonl"
    path.write_text("\n".join([*map(json.dumps, lines)]))
    return path


@pytest.fixture(scope="module")
def url(module_database_url, records):
    run_ingest(module_database_url, [records])
    return module_database_url


@pytest.fixture
def on_a_terminal(monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "200")


@pytest.mark.parametrize("command", [["stories"], ["explain", "1"], ["diff", "1", "2"], ["status"]])
def test_brackets_stay_and_control_characters_go(url, command, on_a_terminal):
    shown = newsfold(*command, "--db", url)
    assert "Ferry [video] :fire: late [/x]" in shown
    assert "\x1b]0" not in shown


def test_clean_shows_them_as_they_stand(records, on_a_terminal):
    shown = newsfold("clean", str(records))
    assert "Marrow Bay ran late on Monday [b]again" in shown
    assert "\x1b]0" not in shown


def test_the_detail_of_a_rejection_steers_nothing(url, tmp_path, on_a_terminal):
    table = tmp_path / "rows.csv"
    table.write_text(f"id,text\n1,a,{TITLE}b,c\n")
    run_ingest(url, [table])
    shown = newsfold("rejects", "--db", url)
    assert "]0;mine" in shown
    assert "\x1b]0" not in shown
