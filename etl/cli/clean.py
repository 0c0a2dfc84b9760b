"""`newsfold clean`: cleaned articles on standard output, no database."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated, Any

import typer

from etl.cli.console import note, plain_console
from etl.cli.options import Columns, Format, Locators
from etl.cli.standard_input import with_stdin

if TYPE_CHECKING:
    from etl.records import CleanArticle, RawDocument, Rejected
    from etl.sources import Passed

READ_CHUNK = 100  # records read ahead


def register(app: typer.Typer) -> None:
    app.command()(clean)


def clean(
    paths: Locators,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="One JSON object a line, for programs.")] = False,
    form: Format = "auto",
    columns: Columns = None,
) -> None:
    """Clean documents and print them: what is kept, and what was removed by which rule."""
    from etl.settings import read_settings
    from etl.sources import plan, read, wanted

    settings = read_settings()
    with ExitStack() as stack:
        locators = with_stdin(paths, form, settings, stack)
        refs = plan(locators, form).refs(READ_CHUNK)
        named = wanted.columns(columns or [])
        show = _print_line if jsonl else _Pages().show
        for raw, article in _articles(read(refs, "clean", settings.max_document_mb << 20, named)):
            show(raw, article)


def _articles(
    arrived: Iterator[RawDocument | Rejected | Passed],
) -> Iterator[tuple[RawDocument | None, CleanArticle | Rejected]]:
    from etl.pipeline import Cleaned, Clock
    from etl.pipeline import clean as clean_one
    from etl.records import KnownParagraphs, Rejected
    from etl.sources import Passed

    known, clock = KnownParagraphs(), Clock()
    for raw in arrived:
        if isinstance(raw, Passed):
            continue
        if isinstance(raw, Rejected):
            yield None, raw
            continue
        result = clean_one(raw, known, clock)
        yield raw, result.article if isinstance(result, Cleaned) else result


def _print_line(raw: RawDocument | None, article: CleanArticle | Rejected) -> None:
    from etl.records import Rejected

    line = _rejected(raw, article) if isinstance(article, Rejected) else as_line(article)
    print(json.dumps(line, ensure_ascii=False))


def as_line(article: CleanArticle) -> dict[str, Any]:
    """Return an article in the shape that other programs rely on."""
    data = article.metadata
    return {
        "id": data.external_id or article.uri,
        "url": data.url or data.canonical_url,
        "headline": data.headline,
        "standfirst": data.standfirst,
        "text": article.body,
        "authors": list(data.authors),
        "published_at": data.published.iso() if data.published else None,
        "published_raw": data.published.raw if data.published else None,
        "published_precision": data.published.precision if data.published else None,
        "published_zone": data.published.zone if data.published else None,
        "modified_at": data.modified.iso() if data.modified else None,
        "language": data.language,
        "publisher": data.publisher,
        "section": data.section,
        "agency": data.agency,
        "dateline": data.dateline,
        "keywords": list(data.keywords),
        "is_accessible_for_free": data.is_accessible_for_free,
        "declared_language": data.declared_language,
        "repaired": data.repaired,
        "origins": dict(data.origins),
        "removed": [{"position": b.position, "text": b.text, "rule": b.rule} for b in article.removed],
    }


def _rejected(raw: RawDocument | None, rejected: Rejected) -> dict[str, Any]:
    """Return a line for a document without article, so that every document read has one."""
    record: dict[str, Any] = {}
    if raw is not None and raw.media_type == "application/json":
        try:
            found = json.loads(raw.body)
            record = found if isinstance(found, dict) else {}
        except (ValueError, RecursionError):
            note(f"{raw.uri}: not JSON")
    return {
        "id": record.get("id", rejected.uri),
        "url": record.get("url"),
        "headline": None,
        "standfirst": None,
        "text": "",
        "authors": [],
        "published_at": None,
        "removed": [],
        "rejected": {"stage": rejected.stage, "reason": rejected.reason, "detail": rejected.detail},
    }


class _Pages:
    """Articles for the eye: the text as it reads, removed lines in their place, struck and dimmed."""

    def __init__(self) -> None:
        self.console = plain_console(soft_wrap=True)

    def show(self, raw: RawDocument | None, article: CleanArticle | Rejected) -> None:
        from rich.rule import Rule
        from rich.text import Text

        from etl.records import Rejected

        self.console.print(Rule(article.uri.rsplit("/", 1)[-1], align="left"))
        if isinstance(article, Rejected):
            self.console.print(Text(f"rejected: {article.stage}/{article.reason} {article.detail}", style="red"))
            return
        for name, value in _heads(article):
            self.console.print(Text.assemble((f"{name}: ", "bold"), value))
        for _, text, rule in sorted(
            [(p.position, p.text, "") for p in article.paragraphs]
            + [(b.position, b.text, b.rule) for b in article.removed]
        ):
            if rule:
                self.console.print(Text.assemble(("- ", "dim"), (text, "dim strike"), (f"  [{rule}]", "dim italic")))
            else:
                self.console.print(Text(f"{text}\n"))


def _heads(article: CleanArticle) -> list[tuple[str, str]]:
    line = as_line(article)
    shown = ("headline", "standfirst", "authors", "published_at", "agency", "dateline", "language", "publisher")
    return [(n, "; ".join(v) if isinstance(v := line[n], list) else str(v)) for n in shown if line[n]]
