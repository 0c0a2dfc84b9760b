"""How well pages and text dumps are cleaned, and at what cost. Run by hand:

    .venv/bin/python tests/benchmarks/extraction.py CORPORA [--corpus aeb ...] [--peer trafilatura]

CORPORA is a folder with aeb-dev.jsonl.gz, fundus-dev.jsonl.gz, trafeval-dev.jsonl.gz and textdumps-dev.jsonl.gz: JSON
lines with `id, url, html_b64` (or `text_in`), and the truth: `text, text_nolead, title, authors, date, with_, without`.
They come from article-extraction-benchmark (commit 4a3bc97), fundus (18da6e5) and trafilatura (e90b0ef).

Everything goes through `newsfold clean --jsonl -`; its CPU is user + system with start-up. With --peer trafilatura, if
it is installed, that library is scored on the same pages and its CPU is what ours is compared with.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import json
import re
import resource
import subprocess
import sys
import time
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from scores import best, bodies, page_score, snippet_f1

NEWSFOLD = Path(sys.executable).with_name("newsfold")
CORPORA = ("aeb", "fundus", "trafeval", "textdumps")
Row = dict[str, Any]


def load(folder: Path, corpus: str) -> list[Row]:
    with gzip.open(folder / f"{corpus}-dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def newsfold(rows: Sequence[Row]) -> tuple[dict[str, Row], float]:
    """Return the answers by id, and CPU seconds."""
    given = [{"id": r["id"], "url": r["url"]} | _content(r) for r in rows]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    lines = "".join(json.dumps(line) + "\n" for line in given).encode()
    out = subprocess.run([NEWSFOLD, "clean", "--jsonl", "-"], input=lines, stdout=subprocess.PIPE, check=True).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {row["id"]: row for row in map(json.loads, out.splitlines())}, cpu


def _content(row: Row) -> Row:
    return {"text": row["text_in"]} if "text_in" in row else {"html_b64": row["html_b64"]}


def trafilatura(rows: Sequence[Row]) -> tuple[dict[str, Row], float]:
    """Return the answers of trafilatura.extract by id, and its CPU seconds."""
    from trafilatura import extract

    answers, cpu = {}, 0.0
    for row in rows:
        html = base64.b64decode(row["html_b64"])
        start = time.process_time()
        text = extract(html, url=row["url"], include_comments=False)
        cpu += time.process_time() - start
        answers[row["id"]] = {"text": text or ""}
    return answers, cpu


def report(rows: Sequence[Row], answers: dict[str, Row]) -> Iterable[str]:
    """Yield a line for each measure that these rows have a truth for."""
    true = [r for r in rows if r.get("text")]
    if true:
        scores = bodies([_body_score(r, answers.get(r["id"], {})) for r in true])
        yield f"body F1 {scores.f1:.4f} (P {scores.precision:.3f}, R {scores.recall:.3f}), exact {scores.accuracy:.3f}"
        yield f"pages under F1 0.5: {scores.low} of {len(true)}"
    told = [r for r in rows if r.get("with_") or r.get("without")]
    if told:
        found = ((_whole(answers.get(r["id"], {})), r["with_"], r["without"]) for r in told)
        yield f"snippets F1 {snippet_f1(found):.4f} ({len(told)} pages)"
    yield from _metadata(rows, answers)


def _body_score(row: Row, answer: Row) -> tuple[float, float, bool]:
    """Score one page; where the truth knows the standfirst, it counts neither way."""
    if row.get("text_nolead") is None:
        return page_score(row["text"], answer.get("text") or "")
    return best({row["text"], row["text_nolead"]}, [answer.get("text") or "", _whole(answer)])


def _whole(answer: Row) -> str:
    return "\n".join(part for part in (answer.get("standfirst"), answer.get("text")) if part)


def _metadata(rows: Sequence[Row], answers: dict[str, Row]) -> Iterable[str]:
    titled = [r for r in rows if r.get("title")]
    if not titled or not any("headline" in a for a in answers.values()):
        return
    pairs = [(_key(r["title"]), _key(answers.get(r["id"], {}).get("headline"))) for r in titled]
    yield f"headline exact {sum(a == b for a, b in pairs) / len(pairs):.3f} ({len(pairs)} pages)"
    dated = [(r, str(answers.get(r["id"], {}).get("published_at"))[:10]) for r in rows if r.get("date")]
    if dated:
        same = sum(day in (r["date"], r.get("date_alt")) for r, day in dated)
        missing = sum(day == "None" for _, day in dated)
        other = len(dated) - same - missing
        yield f"date same day {same / len(dated):.3f} ({len(dated)} pages; {other} another day, {missing} none)"
    signed = [(r, answers.get(r["id"], {}).get("authors")) for r in rows if r.get("authors") is not None]
    sets = [({_key(x) for x in r["authors"]}, {_key(x) for x in found or []}) for r, found in signed]
    right, wrong = sum(len(a & b) for a, b in sets), sum(len(a ^ b) for a, b in sets)
    yield f"authors F1 {2 * right / max(1, 2 * right + wrong):.3f} ({len(sets)} pages)"


def _key(text: str | None) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", unicodedata.normalize("NFKC", text or "").casefold()))


def parts(corpus: str, rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Return the rows by what is scored together: dumps by the tool that made them and the corpus of the page."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        name = f"{corpus}, {row['dumper']}, {row['id'].partition('/')[0]}" if "dumper" in row else corpus
        found.setdefault(name, []).append(row)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--corpus", action="append", choices=CORPORA)
    parser.add_argument("--peer", action="append", choices=["trafilatura"], default=[])
    args = parser.parse_args()
    for corpus in args.corpus or CORPORA:
        rows = load(args.folder, corpus)
        voices: dict[str, Callable[[Sequence[Row]], tuple[dict[str, Row], float]]] = {"newsfold": newsfold}
        if corpus != "textdumps":
            voices |= {name: globals()[name] for name in args.peer}
        costs = {}
        for name, voice in voices.items():
            answers, costs[name] = voice(rows)
            for part, some in parts(corpus, rows).items():
                print(f"{part} | {name}: " + "; ".join(report(some, answers)), flush=True)
        for name, cpu in costs.items():
            ratio = f", {cpu / costs['trafilatura']:.2f} x trafilatura.extract" if "trafilatura" in costs else ""
            print(f"{corpus} | {name}: CPU {cpu:.1f} s for {len(rows)}, {cpu * 1e3 / len(rows):.1f} ms each{ratio}")


if __name__ == "__main__":
    main()
