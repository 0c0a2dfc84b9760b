"""Taking down: articles go from everywhere, stay away, and what stood beside them is brought up to date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial

from etl.accounts import BatchReport, Progress, RunReport
from etl.db.connect import Database, open_engine
from etl.db.erase import erase
from etl.db.existing import open_existing
from etl.db.read import articles_named, find_article
from etl.db.upgrade import upgrade
from etl.execution import Execute, Watch, patiently
from etl.parse.address import is_web, normalised
from etl.run import finish
from etl.settings import Settings
from etl.settle import settle
from etl.under_way import under_way


def forget(
    settings: Settings, execute: Execute, names: Sequence[str], reason: str | None = None, watch: Watch = lambda _: None
) -> RunReport:
    """Take down the articles that are named, and all of the same text; return what went.

    They go in one transaction; stories are formed anew after it, and if that is cut short, by the next run.

    names   ids, identities, addresses, ends of file names. An address under which nothing is stored is kept out.
    reason  for the marks; not of the text.
    raises  InputError for a name that is neither, or several articles: nothing is taken down then.
            DatabaseError where there is no database.
    """
    started_at = datetime.now(UTC)
    open_existing(settings.database_url).dispose()
    engine = open_engine(settings.database_url)
    upgrade(engine)
    articles, addresses = _named(engine, names)
    with under_way(engine, "forget", {"names": len(names)}) as run_id:  # the names are not kept
        forgotten = patiently(partial(erase, engine, run_id, articles, addresses, reason, normalised))
        watch(Progress("match", 0, 0, forgotten.documents))
        settled = settle(engine, settings, execute, run_id, watch)
    return finish(engine, settings, run_id, "forget", started_at, BatchReport(), (), settled, forgotten=forgotten)


def _named(engine: Database, names: Sequence[str]) -> tuple[list[int], list[str]]:
    """Return the articles that are meant, and the addresses, each in all its forms."""
    articles, addresses = set[int](), set[str]()
    for name in names:
        one_form = normalised(name) if is_web(name) else None
        if one_form is None:
            articles.add(find_article(engine, name))
        else:
            addresses |= {name, one_form}
            articles.update(articles_named(engine, name) or articles_named(engine, one_form))
    return sorted(articles), sorted(addresses)
