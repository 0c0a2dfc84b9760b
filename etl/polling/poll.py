"""A poll: ask the sources that are due for what is new, then read, fold and load it as any run does.

    due sources -> lists -> items remembered, as pending -> batches of items: page, fold, load, done -> match, report

The state of a source and its new items are written together, and an item is done only when its document is stored.
So a poll that is killed is taken up by the next one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

from etl import schedule
from etl.accounts import BatchFailure, BatchReport, Progress, RunReport
from etl.db.connect import Database, open_engine, writing
from etl.db.items import pending_items, remember
from etl.db.sources import StoredSource, polled_sources, save_parts, save_states
from etl.db.upgrade import upgrade
from etl.download import gate_of, policy_of
from etl.errors import InputError
from etl.execution import Execute, Watch, patiently
from etl.fetch import Clock, SystemClock
from etl.polling import unlisted
from etl.polling.groups import groups
from etl.polling.lists import Look, look_at
from etl.polling.tally import Tally
from etl.polling.visits import Visits
from etl.run import finish
from etl.schedule import SourceState
from etl.settings import Settings
from etl.settle import settle
from etl.under_way import under_way

LISTS = ("feed", "sitemap")  # kinds that list items; the others are read themselves
LOOKS_AT_ONCE = 100  # sources whose state is written in one transaction, where they come faster than that
PAGES_A_SOURCE = 150  # read in one poll: a new sitemap may name 50,000, and the other sources wait
ITEMS_A_BATCH = 50  # at the usual 5 s that is four minutes for one host


@dataclass(frozen=True, slots=True)
class _Poll:
    """A poll under way."""

    settings: Settings
    execute: Execute
    engine: Database
    run_id: int
    names: Collection[str]
    clock: Clock
    watch: Watch
    tally: Tally = field(default_factory=Tally)


def poll(
    settings: Settings,
    execute: Execute,
    *,
    names: Collection[str] = (),
    everything: bool = False,
    clock: Clock | None = None,
    watch: Watch = lambda _: None,
) -> RunReport:
    """Ask the sources that are due, or those named, or all; load what is new; return what was done.

    raises  InputError for a name that no source has; DatabaseError, SettingsError before anything is written.
    """
    clock = clock or SystemClock()
    started_at = datetime.now(UTC)  # of this machine, as in every row of a run
    engine = open_engine(settings.database_url)
    upgrade(engine)
    wanted = _wanted(engine, names, everything, clock)
    with under_way(engine, "poll", {"sources": sorted(names), "all": everything}) as run_id:
        this = _Poll(settings, execute, engine, run_id, names, clock, watch)
        total, failures = _read_all(this, wanted)
        watch(Progress("match", total.bytes_read, 0, total.read))
        settled = settle(engine, settings, execute, run_id, watch)
    states = {one.wanted.name: one.state for one in polled_sources(engine, names)}
    polled = this.tally.polled(states, len(pending_items(engine, None, names)))
    return finish(engine, settings, run_id, "poll", started_at, total, failures, settled, polled=polled)


def _wanted(engine: Database, names: Collection[str], everything: bool, clock: Clock) -> list[StoredSource]:
    found = polled_sources(engine, names)
    if missing := sorted(set(names) - {one.wanted.name for one in found}):
        raise InputError(f"no source is called {missing[0]!r}; newsfold sources list shows what there is")
    now = clock.now()
    return [one for one in found if names or everything or schedule.is_due(one.state, now)]


def _read_all(this: _Poll, wanted: Sequence[StoredSource]) -> tuple[BatchReport, list[BatchFailure]]:
    """Ask all sources, and read what they have; return the sum of what the batches did, and those that failed."""
    asyncio.run(_ask(this, [one for one in wanted if one.wanted.kind in LISTS]))
    total, failures = _visit(this)
    for one in wanted:
        if one.wanted.kind not in LISTS:
            report, failed = _read_unlisted(this, one)
            total, failures = total.plus(report), [*failures, *failed]
    return total, failures


async def _ask(this: _Poll, wanted: Sequence[StoredSource]) -> None:
    """Ask all lists; write what came of them as it comes."""
    policy = policy_of(this.settings)
    async with (
        aclosing(look_at(wanted, policy, gate_of(policy, this.engine, this.clock), this.clock)) as looks,
        aclosing(groups(looks, LOOKS_AT_ONCE)) as come,
    ):
        async for group in come:
            await asyncio.to_thread(patiently, partial(_keep, this, group))


def _keep(this: _Poll, looks: Sequence[Look]) -> None:
    """Write the state of some sources and the items of their lists, in one transaction."""
    now = this.clock.now()
    kept = list[tuple[Look, SourceState, int, int]]()
    with writing(this.engine) as conn:
        for look in looks:
            key = look.source.source_id
            new, changed = remember(conn, key, look.entries, now) if look.entries else (0, 0)
            kept.append((look, look.after(new, now), new, changed))
            if look.parts is not None:
                save_parts(conn, key, look.parts)
        save_states(conn, {look.source.source_id: state for look, state, _, _ in kept})
    for look, state, new, changed in kept:
        this.tally.add(look.source.wanted.name, look.source.state, state, look.entries is not None)
        this.tally.new += new
        this.tally.renewed += changed


def _visit(this: _Poll) -> tuple[BatchReport, list[BatchFailure]]:
    """Read the pages of all items that wait for it, those that an earlier poll left too."""
    total, failures = BatchReport(), list[BatchFailure]()
    ids = pending_items(this.engine, this.clock.now(), this.names, PAGES_A_SOURCE)
    for outcome in this.execute(_batches(this, ids)):
        if isinstance(outcome, BatchFailure):
            failures.append(outcome)
        else:
            total = total.plus(outcome)
            this.watch(Progress("fold", total.read, len(ids), total.read))
    return total, failures


def _batches(this: _Poll, ids: Sequence[int]) -> Iterator[Visits]:
    """Yield batches that hold items of many sources each, so that no worker waits for one host alone."""
    count = -(-len(ids) // min(this.settings.batch_size, ITEMS_A_BATCH))
    policy = policy_of(this.settings)
    for at in range(count):
        yield Visits(this.settings.database_url, this.run_id, tuple(ids[at::count]), policy, this.clock)


def _read_unlisted(this: _Poll, one: StoredSource) -> tuple[BatchReport, Sequence[BatchFailure]]:
    """Read a source that is no list; its state is written in the end."""
    report, failures = BatchReport(), tuple[BatchFailure, ...]()
    try:
        report, failures = unlisted.read(one, this.settings, this.execute, this.run_id, this.watch)
        state = unlisted.after(one, report, failures, this.clock.now())
    except InputError as err:
        state = unlisted.missing(one, err, this.clock.now())
    with writing(this.engine) as conn:
        save_states(conn, {one.source_id: state})
    this.tally.add(one.wanted.name, one.state, state, report.loaded > 0)
    return report, failures
