"""Lines of a text dump -> numbers, in groups. Each group is a function; each of its features is a column (m,)."""

from __future__ import annotations

from collections.abc import Sequence

from etl.strip.facts import Line
from etl.strip.learned.columns import Columns
from etl.strip.lines.around import neighbours, rows, whole
from etl.strip.lines.places import place, repetition, sentence, title
from etl.strip.lines.sheet import Sheet
from etl.strip.lines.wording import facts, text


def groups(lines: Sequence[Line], headline: str | None, page: Sheet) -> dict[str, Columns]:
    """Return the features of a dump's lines by group; at least one line. The order is part of the model.

    headline  as given with the dump; None: its first line stands for it.
    """
    return {
        "text": text(lines, page),
        "facts": facts(lines),
        "sentence": sentence(page),
        "place": place(page),
        "title": title(lines, headline, page),
        "repetition": repetition(page),
        "neighbours": neighbours(page),
        "rows": rows(page),
        "page": whole(lines, page),
    }
