"""One batch of stored documents: taken through the pipeline again, from the bytes that were kept.

What cleaning makes of a document changes when its site is known better, and when the rules are new. Like every
batch it may be executed again at any time: what comes out as it stands is not written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

from etl.accounts import BatchReport, Changes
from etl.careful import fold_carefully
from etl.db.connect import Database
from etl.db.known import known_paragraphs
from etl.db.load import store
from etl.db.stale import marks_of
from etl.db.stored import Selection, StoredDocument, stored_articles, stored_documents
from etl.difference import difference
from etl.fingerprint import SCHEME
from etl.pipeline import Clock
from etl.records import Folded, Rejected
from etl.strip import RULE_VERSION

Result = Folded | Rejected
Results = Mapping[tuple[str, str], Result]  # by natural key


@dataclass(frozen=True, slots=True)
class Refold:
    """A reference to stored documents: small, picklable, the same for every worker."""

    database_url: str
    run_id: int
    selection: Selection  # articles with all their documents, and rejected documents
    dry: bool = False  # only say what would change

    @property
    def label(self) -> str:
        """What a person would call it."""
        articles, documents = self.selection.article_ids, self.selection.document_ids
        if not articles:
            return f"{len(documents)} rejected documents from number {documents[0]}" if documents else "nothing"
        return f"{len(articles)} stored articles from number {articles[0]}"


def refold_job(job: Refold, engine: Database) -> BatchReport:
    """Fold stored documents again and store what came out otherwise. Safe to repeat.

    raises  Transient when the same call may work in a moment.
    """
    clock = Clock()
    marks = marks_of(engine, job.selection.article_ids)
    documents = clock.measure("read", lambda: stored_documents(engine, job.selection))
    results = _fold(engine, documents, clock)
    changes = _changes(engine, documents, results)
    if not job.dry:
        folded = [r for r in results.values() if isinstance(r, Folded)]
        refused = [r for r in results.values() if isinstance(r, Rejected)]
        clock.measure(
            "load",
            lambda: store(engine, job.run_id, folded, refused, SCHEME, RULE_VERSION, again=True, marks=marks),
        )
    return _report(documents, results, changes, clock)


def _fold(engine: Database, documents: Sequence[StoredDocument], clock: Clock) -> dict[tuple[str, str], Result]:
    """Return what comes out of each document whose bytes are there, by its natural key.

    An article whose remaining documents are all refused is left as it is: what was pruned may not be.
    """
    raws = [one.raw for one in documents if one.raw is not None]
    found: dict[tuple[str, str], Result] = {}
    for result in fold_carefully(raws, known_paragraphs(engine), clock):
        if result.raw is not None:
            found[(result.raw.uri, result.raw.sha256)] = result
    pruned = {one.article_id for one in documents if one.raw is None and one.article_id is not None}
    came_through = {one.article_id for one in documents if isinstance(found.get(_key(one)), Folded)}
    for one in documents:
        if one.article_id in pruned - came_through:
            found.pop(_key(one), None)
    return found


def _changes(
    engine: Database, documents: Sequence[StoredDocument], results: Mapping[tuple[str, str], Result]
) -> Changes:
    current = {one.article_id: one for one in documents if one.article_id is not None and one.is_current}
    before = stored_articles(engine, sorted(current))
    found = Changes(
        loaded=sum(one.article_id is None and isinstance(results.get(_key(one)), Folded) for one in documents),
        pruned=sum(_key(one) not in results for one in documents if one.article_id is None or one.is_current),
    )
    pairs = ((before[i], results.get(_key(one))) for i, one in sorted(current.items()))
    return reduce(Changes.plus, (difference(old, new) for old, new in pairs if new is not None), found)


def _report(documents: Sequence[StoredDocument], results: Results, changes: Changes, clock: Clock) -> BatchReport:
    refused = [r for r in results.values() if isinstance(r, Rejected)]
    loaded = changes.changed + changes.loaded
    return BatchReport(
        read=len(documents),
        loaded=loaded,
        unchanged=len(documents) - loaded - len(refused),
        rejected=len(refused),
        bytes_read=sum(len(one.raw.body) for one in documents if one.raw is not None),
        reasons=dict(sorted(Counter(f"{r.stage}/{r.reason}" for r in refused).items())),
        rules=_rules(results.values()),
        seconds=clock.seconds,
        changes=changes,
    )


def _rules(results: Iterable[Result]) -> dict[str, int]:
    found = (block.rule for r in results if isinstance(r, Folded) for block in r.article.removed)
    return dict(sorted(Counter(found).items()))


def _key(one: StoredDocument) -> tuple[str, str]:
    return (one.uri, one.sha256)
