"""Documents made to hurt go through the command in a process of their own, which is killed when it takes too long."""

import json
import resource
import subprocess
import sys

import pytest

SECONDS = 10
BYTES = 1 << 30
SENTENCE = "The ferry sails again in spring, and the board said so on Tuesday after it had met twice."
GOOD = {"id": "good", "text": f"Ferry returns\n\n{SENTENCE}\n\n{SENTENCE.replace('ferry', 'pilot boat')}\n"}

PAGES = {
    "a tag of a million attributes": lambda: "<p " + " ".join(f"a{i}=1" for i in range(1_000_000)) + f">{SENTENCE}</p>",
    "attributes that quote the end of the tag": lambda: (
        "<p " + " ".join(f'a{i}=">"' for i in range(500_000)) + f">{SENTENCE}</p>"
    ),
    "200,000 nested tags": lambda: "<div>" * 200_000 + SENTENCE,
    "9,900 blocks 1,900 deep": lambda: "<div class=author>" * 1900 + f"<p>{SENTENCE}</p>" * 9_900,
    "300,000 equal paragraphs": lambda: f"<p>{SENTENCE}</p>" * 300_000,
    "9,900 paragraphs": lambda: "".join(f"<p>{i}. {SENTENCE}</p>" for i in range(9_900)),
    "50,000 elements": lambda: f"<div><ul><li><a href=/author/x>{SENTENCE}</a></ul></div>" * 9_900,
    "50 MB of one paragraph": lambda: "<p>" + "word " * 10_485_760,
    "30 MB of class names": lambda: f'<p class="{"x " * 15_000_000}">{SENTENCE}',
    "1.9 million characters": lambda: "<p>" + "word and more words. " * 90_000,
    "a megabyte on one line": lambda: "word " * 200_000,
    "nothing but NUL bytes": lambda: "\0" * 10_000_000,
    "plaintext": lambda: f"<p>{SENTENCE}</p><plaintext>" + "<p>two</p>" * 200_000,
    "CDATA": lambda: f"<p>{SENTENCE}</p><![CDATA[" + "x" * 10_000_000,
    "an entity bomb": lambda: (
        "<!DOCTYPE html [<!ENTITY a 'ha'>"
        + "".join(f"<!ENTITY {chr(98 + i)} '&{chr(97 + i)};&{chr(97 + i)};'>" for i in range(20))
        + "]><p>&u;&u;</p>"
    ),
    "mojibake": lambda: "<p>wÃ¶rd Ã¼nd â€œmehrâ€\x9d and so on and on" * 9_900,
    "JSON-LD of 30,000 dates in words": lambda: (
        '<script type="application/ld+json">['
        + ",".join('{"@type":"Article","datePublished":"am 3. Oktober 2001"}' for _ in range(30_000))
        + f"]</script><p>{SENTENCE}"
    ),
    "a byline of a million words": lambda: "<div class=byline>By " + "Ann Lee, " * 200_000,
}
TEXTS = {
    "100,000 equal lines": lambda: f"{SENTENCE}\n" * 100_000,
    "9,900 lines": lambda: "".join(f"{i}. {SENTENCE}\n" for i in range(9_900)),
    "a text of 1.9 million characters on one line": lambda: "word and more words. " * 90_000,
}


def answers(tmp_path, record):
    """What the command says of a document and of the good one after it, line by line."""
    lines = tmp_path / "lines.jsonl"
    with lines.open("w", encoding="utf-8") as file:
        for each in (record, GOOD):
            file.write(json.dumps(each) + "\n")
    done = subprocess.run(
        [sys.executable, "-c", "from etl.cli.main import main; main()", "clean", "--jsonl", str(lines)],
        capture_output=True,
        timeout=2 * SECONDS,  # of the clock; what counts is the processor's time
        preexec_fn=_limit,
        env={"PATH": "/usr/bin:/bin", "NEWSFOLD_MAX_DOCUMENT_MB": "1024", "OPENBLAS_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


def _limit():
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def is_settled(answer):
    """Whether a document came out as an article, or as a rejection with a reason; a fault of the program is neither."""
    reject = answer.get("rejected")
    return bool(answer["text"]) if reject is None else reject["reason"] not in ("", "fault")


@pytest.mark.parametrize("name", PAGES)
def test_a_hostile_page_is_settled_in_time_and_the_next_document_comes_out(tmp_path, name):
    hostile, good = answers(tmp_path, {"id": "hostile", "html": f"<html><body>{PAGES[name]()}"})
    assert is_settled(hostile)
    assert good["text"]


@pytest.mark.parametrize("name", TEXTS)
def test_a_hostile_text_is_settled_in_time_and_the_next_document_comes_out(tmp_path, name):
    hostile, good = answers(tmp_path, {"id": "hostile", "text": TEXTS[name]()})
    assert is_settled(hostile)
    assert good["text"]
