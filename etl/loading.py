"""Fold and load documents; and learn their sites meanwhile, so that later ones need not be cleaned again for it.

Pages of one site tend to stand together, a line of its template in each of them. What is learned in the midst of a
batch is what the end of the run would have learned: the batch only tells when it is worth while.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from etl.accounts import Matched
from etl.careful import fold_carefully
from etl.db.children import LEAST_WORDS
from etl.db.connect import Database
from etl.db.known import LEAST_STORIES, known_paragraphs
from etl.db.load import Also, Stored, store
from etl.errors import Transient
from etl.fingerprint import SCHEME
from etl.matching import MATCH_CHUNK, learn_chunk, match_chunk
from etl.pipeline import Clock
from etl.records import Folded, KnownParagraphs, RawDocument, Rejected
from etl.sources.wanted import Wanted
from etl.strip import RULE_VERSION

LOOK_EVERY = 10  # documents; to match and learn costs about as much as to fold two
LONGEST_WAIT_MS = 1000  # for another matcher, as long as some hundred documents take
ENOUGH = LEAST_STORIES + 1  # articles of one publisher that keep a paragraph: one may be the copy of another


@dataclass(slots=True)
class Loaded:
    """What became of some documents."""

    folded: list[Folded] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    outside: list[Folded] = field(default_factory=list)  # not stored: nobody asked for them
    stored: Stored = field(default_factory=lambda: Stored(0, 0))
    matched: Matched = field(default_factory=Matched)


@dataclass(frozen=True, slots=True)
class Loader:
    """Where documents go, and which of them."""

    engine: Database
    run_id: int
    wanted: Wanted
    clock: Clock

    def fold_and_load(self, raws: Sequence[RawDocument], unread: Sequence[Rejected], also: Also | None) -> Loaded:
        """Fold and load documents, in stretches where that lets a site be learned; with `also` in one transaction.

        raises  Transient when the same call may work in a moment; what is loaded by then is known the next time.
        """
        done, waiting = Loaded(), list[Folded | Rejected](unread)
        repeats, sites, pause = Repeats(), set[str](), LOOK_EVERY
        known = known_paragraphs(self.engine) if raws else KnownParagraphs()
        for at in range(0, len(raws), LOOK_EVERY):
            if sites and len(waiting) >= pause and also is None:
                self._load(waiting, None, done)
                more = learn_now(self.engine, self.run_id)
                before, known = known, _renewed(known, sites, self.engine)
                pause = 2 * pause if known == before else LOOK_EVERY  # copies of one story repeat each other too
                waiting, sites = [], set() if more else sites
                done.matched = done.matched.plus(more or Matched())
            results = list(fold_carefully(raws[at : at + LOOK_EVERY], known, self.clock))
            waiting += results
            sites |= repeats.show(one for one in results if isinstance(one, Folded))
        self._load(waiting, also, done)
        return done

    def _load(self, results: Iterable[Folded | Rejected], also: Also | None, done: Loaded) -> None:
        folded, rejected = [], []
        for one in results:
            if isinstance(one, Rejected):
                rejected.append(one)
            elif self.wanted.admits(one.article.metadata.published):
                folded.append(one)
            else:
                done.outside.append(one)
        stored = self.clock.measure(
            "load", lambda: store(self.engine, self.run_id, folded, rejected, SCHEME, RULE_VERSION, also=also)
        )
        done.folded += folded
        done.rejected += rejected
        done.stored = done.stored.plus(stored)


class Repeats:
    """The paragraphs that articles keep, counted by publisher."""

    def __init__(self) -> None:
        self._seen: Counter[tuple[str, int]] = Counter()

    def show(self, folded: Iterable[Folded]) -> set[str]:
        """Count those of further articles; return the publishers of which one has just been seen often enough.

        One that turns out to be no boilerplate, as where copies repeat each other, does not show again.
        """
        return {name for one in folded for name in self._count(one)}

    def _count(self, one: Folded) -> Iterator[str]:
        name, made = one.article.metadata.publisher, one.fingerprint
        if name is None:
            return
        kept = zip(made.paragraph_hashes, made.paragraph_words, strict=True)
        for text_hash in {text_hash for text_hash, words in kept if words >= LEAST_WORDS}:
            self._seen[name, text_hash] += 1
            if self._seen[name, text_hash] == ENOUGH:
                yield name


def learn_now(engine: Database, run_id: int) -> Matched | None:
    """Match and learn all that is stored. None: another matcher is at it, or the database is busy."""
    done, compared, more = Matched(), MATCH_CHUNK, True
    try:
        while compared == MATCH_CHUNK:
            compared, pairs = match_chunk(engine, longest_wait_ms=LONGEST_WAIT_MS) or (0, 0)
            done = done.plus(Matched(compared, pairs))
        while more:
            turned, more = learn_chunk(engine, run_id, longest_wait_ms=LONGEST_WAIT_MS)
            done = done.plus(Matched(learned=len(turned.learned), unlearned=len(turned.unlearned)))
    except Transient:
        return done if done.compared else None
    return done


def _renewed(known: KnownParagraphs, publishers: Collection[str], engine: Database) -> KnownParagraphs:
    """Return what is known, as it is now of some publishers."""
    now = known_paragraphs(engine, publishers)
    return KnownParagraphs({**known.by_publisher, **{name: now.of(name) for name in publishers}})
