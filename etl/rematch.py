"""Matching again: fingerprints of another scheme made anew, then pairs and stories by today's rules, batch by batch.

The text of the articles is not touched. A run that is killed is repeated: what has been done is known by the scheme of
its fingerprint and by the matcher that compared it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import Protocol, TypeVar

from etl.accounts import BatchReport, Matched, Progress, Regrouping, RunReport
from etl.db.connect import Database, open_engine
from etl.db.existing import open_current, open_existing
from etl.db.fingerprints import kept_texts, of_other_schemes, replace_fingerprints
from etl.db.matching import Matching, matching
from etl.db.places import compared_otherwise, headlines, places, recount, undo
from etl.db.rows import chunks
from etl.db.schemes import scheme_id
from etl.db.upgrade import upgrade
from etl.execution import Execute, Watch, patiently
from etl.fingerprint import SCHEME, fingerprint
from etl.match import group
from etl.match.rule import THRESHOLDS, Thresholds
from etl.match.version import matcher
from etl.matching import verify
from etl.records import Matcher
from etl.regroup import Places, changes, regrouping, shown
from etl.run import finish
from etl.settings import Settings
from etl.settle import Settled, settle
from etl.under_way import under_way

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Scope:
    """What is matched again: everything that other rules compared, unless it is narrowed.

    Fingerprints of another scheme are always made anew: articles of different schemes cannot be compared.
    """

    since: datetime | None = None  # UTC; only what was published, or else fetched, then or later
    everything: bool = False  # also what today's rules compared
    thresholds: Thresholds = THRESHOLDS  # other ones to try them; what is ingested later is matched by today's

    @property
    def matcher(self) -> Matcher:
        return matcher(self.thresholds)


@dataclass(slots=True)
class _Done:
    before: Places = field(default_factory=dict)
    fingerprinted: int = 0
    compared: int = 0
    pairs: int = 0


class _Do(Protocol):
    """Do a step inside a transaction of a matcher: one of its own, or one that all steps share."""

    def __call__(self, step: Callable[[Matching], T], /) -> T: ...


def rematch(
    settings: Settings,
    execute: Execute,
    scope: Scope,
    *,
    dry: bool = False,
    flow: str = "rematch",
    watch: Watch = lambda _: None,
) -> RunReport:
    """Find candidates, pairs and stories again; return how the stories changed.

    Each batch is a transaction, so that readers and other runs are let through. Where nothing is decided otherwise
    than before, no row changes. At the end, as after every run, what is known of the sites is brought up to date;
    what that does to the stories is not in the account of how they changed.

    dry     do all but the end in one transaction, and take it back; other writers wait meanwhile.
    raises  DatabaseError where there is no database.
    """
    started_at = datetime.now(UTC)
    if dry:
        engine = open_current(settings.database_url)
        done, after = patiently(partial(_preview, engine, settings, scope, watch))
        account = _account(engine, scope, done, after)
        settled = Settled(Matched(done.compared, done.pairs))
        name = f"{flow}, dry run"
        return finish(engine, settings, 0, name, started_at, BatchReport(), (), settled, regrouping=account)
    engine = _open(settings)
    with under_way(engine, flow, _parameters(scope)) as run_id:
        do = partial(_apart, engine, scope)
        done = _rematch(do, settings, scope, run_id, watch)
        account = _account(engine, scope, done, do(_places))
        settled = settle(engine, settings, execute, run_id, watch, scope.thresholds)
    settled.add(done.compared, done.pairs)
    return finish(engine, settings, run_id, flow, started_at, BatchReport(), (), settled, regrouping=account)


def _open(settings: Settings) -> Database:
    open_existing(settings.database_url).dispose()
    engine = open_engine(settings.database_url)
    upgrade(engine)
    return engine


def _preview(engine: Database, settings: Settings, scope: Scope, watch: Watch) -> tuple[_Done, Places]:
    """Return what was done, and the places of the articles after it; the database is as it was."""
    with matching(engine, SCHEME.name, scope.matcher) as table:
        done = _rematch(lambda step: step(_of_today(table)), settings, scope, None, watch)
        after = _places(table)
        undo(table.conn)
    return done, after


def _apart(engine: Database, scope: Scope, step: Callable[[Matching], T]) -> T:
    """Do a step in a transaction of its own, again where it failed for a passing reason."""

    def once() -> T:
        with matching(engine, SCHEME.name, scope.matcher) as table:
            return step(_of_today(table))

    return patiently(once)


def _of_today(table: Matching) -> Matching:
    """Give the matcher the key of today's scheme, which may be in no row yet."""
    return replace(table, scheme_id=scheme_id(table.conn, SCHEME))


def _rematch(do: _Do, settings: Settings, scope: Scope, run_id: int | None, watch: Watch) -> _Done:
    done = _Done(do(_places))
    for ids in chunks(do(_foreign), settings.batch_size):
        done.fingerprinted += do(partial(_fingerprint, ids, run_id))
        watch(Progress("fingerprint", 0, 0, done.fingerprinted))
    for ids in chunks(do(partial(_wanted, scope)), settings.batch_size):
        done.pairs += do(partial(_match, ids, scope.thresholds))
        done.compared += len(ids)
        watch(Progress("match", 0, 0, done.compared))
    return done


def _places(table: Matching) -> Places:
    return places(table.conn)


def _foreign(table: Matching) -> list[int]:
    return of_other_schemes(table.conn, SCHEME.name)


def _wanted(scope: Scope, table: Matching) -> list[int]:
    return compared_otherwise(table.conn, None if scope.everything else scope.matcher.name, scope.since)


def _fingerprint(ids: Sequence[int], run_id: int | None, table: Matching) -> int:
    """Make the fingerprints of a batch anew; return how many."""
    kept = kept_texts(table.conn, ids)
    prints = fingerprint([one.clean for one in kept])
    replace_fingerprints(table.conn, run_id, table.scheme_id, kept, prints)
    return len(kept)


def _match(ids: Sequence[int], thresholds: Thresholds, table: Matching) -> int:
    """Compare the articles of a batch with all others, and renew the stories around them; return the pairs.

    A story is regrouped with the batch that holds the last of its articles, when all its pairs are of today.
    """
    matches = list(verify(table.candidates(ids), table.texts, thresholds))
    table.save_matches(ids, matches)
    recount(table.conn, table.save_stories(group(*table.neighbourhood(ids)), ids))
    return len(matches)


def _account(engine: Database, scope: Scope, done: _Done, after: Places) -> Regrouping:
    found = changes(done.before, after)
    named = {story for change in shown(found) for story, _ in (*change.before, *change.after)}
    account = regrouping(done.before, after, headlines(engine, named), found)
    return replace(account, scheme=SCHEME.name, matcher=scope.matcher.name, fingerprinted=done.fingerprinted)


def _parameters(scope: Scope) -> dict[str, object]:
    return {
        "scheme": SCHEME.name,
        "matcher": scope.matcher.name,
        "since": scope.since and scope.since.isoformat(),
        "all": scope.everything,
    }
