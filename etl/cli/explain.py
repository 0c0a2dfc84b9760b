"""`newsfold explain`: all that is known of one article."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from etl.cli.console import print_json
from etl.cli.options import AsJson, Database
from etl.cli.reading import existing, new_table, print_tables
from etl.report.words import many, shortened

if TYPE_CHECKING:
    from rich.table import Table

Answer = dict[str, Any]


def register(app: typer.Typer) -> None:
    app.command()(explain)


def explain(
    article: Annotated[str, typer.Argument(help="Id, address, record id or the end of a file name.")],
    db: Database = None,
    as_json: AsJson = False,
) -> None:
    """Show every block of an article, kept or removed and by which rule; then its story and why."""
    from etl.db import read

    engine = existing(db)
    answer = read.explain(engine, read.find_article(engine, article))
    if as_json:
        return print_json(answer)
    print_tables(_fields(answer["article"]), _blocks(answer["blocks"]))
    for version in answer["versions"]:
        changes = f"{version['words_added']} words came, {version['words_removed']} went"
        print_tables(
            f"version {version['version']}: {version['headline'] or '-'}, replaced {version['replaced_at']}, {changes}"
        )
    print_tables(*_story(answer))
    return None


def _fields(article: Answer) -> Table:
    table = new_table("", "", "")
    zone = {"unknown": " (zone not known)", "stated": " (zone stated)"}.get(article["published_zone"] or "", "")
    clock = zone if article["published_precision"] != "day" else " (day only)"
    dated = f"{article['published']}{clock}, found as {article['published_raw']!r}" if article["published"] else None
    shown = ("article_id", "uri", "url", "publisher", "headline", "standfirst", "authors")
    more = ("modified", "agency", "dateline", "section", "keywords", "language", "declared_language", "word_count")
    for name in shown:
        table.add_row(name, str(article[name]) if article[name] else "-", _origin(article, name))
    table.add_row("published", dated or "not known", _origin(article, "published"))
    for name in more:
        if article[name]:
            text = "; ".join(article[name]) if name == "keywords" else str(article[name])
            table.add_row(name, text, _origin(article, name))
    if (free := article["is_accessible_for_free"]) is not None:
        table.add_row("free to read", "yes" if free else "no", _origin(article, "is_accessible_for_free"))
    if article["repaired"]:
        table.add_row("repaired", "broken letters (mojibake) were mended")
    return table


def _origin(article: Answer, name: str) -> str:
    found = article["origins"].get(name)
    return f"from {found}" if found else ""


def _blocks(blocks: list[Answer]) -> Table:
    from rich.text import Text

    table = new_table("block", "", "why", "text")
    for block in blocks:
        position = str(block["position"])
        if block["kept"]:
            table.add_row(position, "kept", block["kind"], Text(block["text"]))
        else:
            why = block["rule"] + (f": {block['detail']}" if block["detail"] else "")
            table.add_row(position, "removed", Text(why), Text(block["text"], style="dim strike"))
    return table


def _story(answer: Answer) -> list[Table | str]:
    members = answer["story"]["members"]
    if len(members) < 2:
        found: list[Table | str] = ["No copies: this article is a story by itself."]
    else:
        table = new_table(
            "article", "role", "relation", "contained", "covered", "jaccard", "shared", "publisher", "headline"
        )
        for row in members:
            scores = [_share(row[name]) for name in ("containment", "coverage", "jaccard")]
            shared = "" if row["shared_paragraphs"] is None else str(row["shared_paragraphs"])
            names = (row["publisher"] or "-", row["headline"] or "-")
            table.add_row(str(row["article_id"]), row["role"], row["relation"] or "", *scores, shared, *names)
        found = [f"Story {answer['story']['story_id']}: {len(members)} articles", table]
    return found + [_pair(pair) for pair in answer["pairs"]]


def _pair(pair: Answer) -> str:
    joined = "same story" if pair["same_story"] else "not joined"
    longest = max((p["text"] for p in pair["passages"]), key=len, default="")
    scores = ", ".join(f"{name} {_share(pair[name])}" for name in ("containment", "coverage", "jaccard"))
    passages = many(len(pair["passages"]), "passage")
    line = f"{pair['relation']} with article {pair['article_id']} ({joined}): {scores}, {passages}"
    return line + (f"\n  longest: {shortened(longest, 200)}" if longest else "")


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"
