"""What the sources of a poll gave, as Markdown."""

from __future__ import annotations

from etl.accounts import Polled
from etl.report.words import many, one_line, table


def polled_report(polled: Polled) -> str:
    """Return the section about sources."""
    rows = [("unchanged", polled.unchanged), ("changed", polled.changed), ("failed", polled.failed)]
    counts = table(("outcome", "sources:"), [(name, f"{number:,}") for name, number in rows])
    lines = [f"## Sources\n\n{many(polled.due, 'source')} asked.\n\n{counts}\n\n{_items(polled)}"]
    if polled.troubles:
        troubles = [(one_line(t.name), one_line(t.health), one_line(t.detail)) for t in polled.troubles]
        lines.append("### Sources to look at\n\n" + table(("source", "health", "why"), troubles))
    if polled.moved:
        moves = [(one_line(name), one_line(url, widest=None)) for name, url in polled.moved]
        lines.append("### Moved for good\n\n" + table(("source", "now at"), moves))
    return "\n\n".join(lines)


def _items(polled: Polled) -> str:
    waiting = f", {polled.items_waiting:,} still to be read" if polled.items_waiting else ""
    return f"{many(polled.items_new, 'new item')}, {polled.items_changed:,} changed{waiting}."
