"""What is known of each page of the web: enough to ask only for what changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Engine, delete, select

from etl.db.connect import reading, writing
from etl.db.prepare import address, storable
from etl.db.rows import chunks, insert
from etl.db.schema import page, rejection


@dataclass(frozen=True, slots=True)
class Page:
    """One address, and the document that came from it last."""

    url: str  # as it was asked for
    uri: str  # of the document: where the redirects ended
    sha256: str  # of the document
    etag: str | None
    last_modified: str | None
    checked_at: datetime
    changed_at: datetime


def known_pages(engine: Engine, urls: Iterable[str]) -> dict[str, Page]:
    """Return what is known of addresses, those of which nothing is left out. raises Transient."""
    stored = {address(url): url for url in urls}
    found: dict[str, Page] = {}
    with reading(engine) as conn:
        for part in chunks(sorted(stored)):
            for row in conn.execute(select(page).where(page.c.url.in_(part))).mappings():
                url = stored[row["url"]]
                found[url] = Page(**{**row, "url": url})
    return found


def save_pages(engine: Engine, pages: Sequence[Page]) -> None:
    """Keep what was found, after its documents are stored; that an address gave nothing before is forgotten.

    raises  Transient.
    """
    rows = [_row(one) for one in sorted(pages, key=lambda p: p.url)]
    if not rows:
        return
    with writing(engine) as conn:
        statement = insert(conn, page)
        renewed = {name: statement.excluded[name] for name in rows[0] if name != "url"}
        conn.execute(statement.on_conflict_do_update(index_elements=["url"], set_=renewed), rows)
        for part in chunks(row["url"] for row in rows):
            conn.execute(delete(rejection).where(rejection.c.uri.in_(part), rejection.c.sha256 == ""))


def _row(one: Page) -> dict[str, object]:
    kept = {name: storable(value) if isinstance(value, str) else value for name, value in asdict(one).items()}
    return kept | {"url": address(one.url), "uri": address(one.uri)}
