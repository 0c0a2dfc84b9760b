"""What reports of earlier runs say of an article that was taken down: headlines, addresses, paragraphs."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, select, update

from etl.db.schema import run

GONE = "(taken down)"


def scrub_reports(conn: Connection, said: Collection[str]) -> None:
    """Put GONE in place of everything that reports and parameters of runs have of `said`."""
    if not said:
        return
    whole, longest = frozenset(said), sorted((s for s in said if _is_address(s)), key=len, reverse=True)
    rows = select(run.c.run_id, run.c.report, run.c.parameters).order_by(run.c.run_id)
    for run_id, report, parameters in conn.execute(rows).all():
        values = {"report": _scrubbed(report, whole, longest), "parameters": _scrubbed(parameters, whole, longest)}
        if values != {"report": report, "parameters": parameters}:
            conn.execute(update(run).where(run.c.run_id == run_id).values(values))


def _is_address(text: str) -> bool:
    """Addresses may stand in the middle of a message; other texts are looked for as a whole."""
    return ":" in text and " " not in text


def _scrubbed(value: Any, whole: frozenset[str], inside: Collection[str]) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        return {_scrubbed(key, whole, inside): _scrubbed(held, whole, inside) for key, held in value.items()}
    if isinstance(value, list):
        return [_scrubbed(held, whole, inside) for held in value]
    if not isinstance(value, str):
        return value
    if value in whole:
        return GONE
    for address in inside:
        value = value.replace(address, GONE)
    return value
