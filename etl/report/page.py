"""A database as one page of HTML: no script, nothing fetched, light or dark as the reader's system is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from etl.report.templating import templates

WIDTH, HEIGHT = 240, 48  # of a curve, in its own units
METRICS = {
    "documents": "new documents",
    "rejected": "rejected",
    "undated": "without a date",
    "no_headline": "without a headline",
    "no_author": "without an author",
    "daily_documents": "new in 24 hours",
}


class Point(Protocol):
    """One check."""

    def __getitem__(self, name: str, /) -> Any: ...  # noqa: ANN401 - value, alarm, metric


def database_page(overview: object) -> str:
    """Return the page of an `etl.db.overview.Overview`; every text of the articles is escaped."""
    pages = templates()
    pages.filters |= {"time": _time, "value": _value, "points": points, "web": _is_web}
    return pages.get_template("database.html").render(o=overview, metrics=METRICS, width=WIDTH, height=HEIGHT)


def points(checks: Sequence[Point]) -> list[tuple[float, float, bool]]:
    """Return where the checks of one metric stand in a curve: x, y, and whether it is an alarm. Shares go up to 1."""
    shares = checks[0]["metric"] not in ("documents", "daily_documents")
    top = 1.0 if shares else max(1.0, *(check["value"] for check in checks))
    step = (WIDTH - 8) / max(1, len(checks) - 1)
    return [
        (round(4 + i * step, 1), round(HEIGHT - 4 - (HEIGHT - 8) * check["value"] / top, 1), bool(check["alarm"]))
        for i, check in enumerate(checks)
    ]


def _time(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at else "–"


def _value(check: Point) -> str:
    whole = check["metric"] in ("documents", "daily_documents")
    return f"{check['value']:,.0f}" if whole else f"{check['value']:.0%}"


def _is_web(address: str | None) -> bool:
    """Only such an address becomes a link: others may run something."""
    return bool(address) and str(address).lower().startswith(("http://", "https://"))
