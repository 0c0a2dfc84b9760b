"""`newsfold diff`: two articles side by side, and why they are one story or not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from etl.cli.console import note, plain_console, print_json
from etl.cli.options import AsJson, Database
from etl.cli.reading import existing

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from etl.report.comparison import Comparison, Side
    from etl.report.side_by_side import Piece, Row

Name = Annotated[str, typer.Argument(help="Id, address, record id or the end of a file name.")]

COLOURS = ("cyan", "green", "yellow", "magenta", "blue", "bright_cyan", "bright_green", "bright_magenta")


def register(app: typer.Typer) -> None:
    app.command()(diff)


def diff(
    left: Name,
    right: Name,
    db: Database = None,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write one page that shows the same.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show two articles side by side: shared passages, differing words, scores, and why they are one story or not."""
    from etl.comparison import comparison

    found = comparison(existing(db), left, right)
    if html is not None:
        _write(found, html)
    if as_json:
        named = {name: [one._asdict() for one in getattr(found, name)] for name in ("passages", "paragraphs")}
        print_json(asdict(found) | named | {"verdict": found.verdict})
    elif html is None:
        _show(found)


def _write(found: Comparison, path: Path) -> None:
    from etl.errors import InputError
    from etl.report.diff_page import diff_page

    try:
        path.write_text(diff_page(found), "utf-8")
    except OSError as err:
        raise InputError(f"{path}: cannot be written: {err.strerror}") from None
    note(f"{path}: {found.verdict}")


def _show(found: Comparison) -> None:
    """Two columns on a terminal; in a pipe plain lines, = for what both have, < and > for the rest."""
    console = plain_console()
    head = [found.verdict, found.scores, *(f"- {reason}" for reason in found.reasons)]
    if console.is_terminal:
        console.print("\n".join(head))
        console.print(_columns(found))
    else:
        print("\n".join([*head, *_plain(found)]))


def _columns(found: Comparison) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, expand=True, show_lines=True, padding=(0, 1))
    for side in (found.left, found.right):
        table.add_column(_facts(side), ratio=1, overflow="fold")
    for row in found.rows:
        table.add_row(_text(row.left), _text(row.right))
    return table


def _text(pieces: Sequence[Piece]) -> Text:
    """Passages in a colour each, differing words bold and underlined, the rest dim."""
    from rich.text import Text

    text = Text()
    for piece in pieces:
        colour = COLOURS[(piece.passage - 1) % len(COLOURS)] if piece.passage else "dim"
        text.append(piece.text, style=f"bold underline {colour}" if piece.differs else colour)
    return text


def _facts(side: Side) -> str:
    told = (side.publisher or "publisher not known", side.published or "date not known", f"{side.words} words")
    place = f"{side.role} in story {side.story_id}" if side.role else "not matched"
    return f"{side.article_id}  {side.headline or '(no headline)'}\n{', '.join((*told, place))}\n{side.address}"


def _plain(found: Comparison) -> Iterator[str]:
    for mark, side in (("<", found.left), (">", found.right)):
        yield f"{mark}{mark} " + _facts(side).replace("\n", f"\n{mark}{mark} ")
    yield "[...] stands in both, *...* differs between two paragraphs that correspond"
    for row in found.rows:
        yield from _plain_row(row)


def _plain_row(row: Row) -> Iterator[str]:
    if row.similarity == 1:
        yield "= " + "".join(piece.text for piece in row.left)
        return
    for mark, pieces in (("<", row.left), (">", row.right)):
        if pieces:
            yield f"{mark} " + "".join(_plain_runs(pieces))


def _plain_runs(pieces: Sequence[Piece]) -> Iterator[str]:
    inside: int | None = None
    for piece in pieces:
        if piece.passage != inside:
            yield ("]" if inside else "") + ("[" if piece.passage else "")
            inside = piece.passage
        yield f"*{piece.text}*" if piece.differs else piece.text
    yield "]" if inside else ""
