"""Folding with an eye on the worker: a document that takes too long ends its process, and one can tell which it was.

A crash in a library of C, memory without end or a loop that never returns cannot be caught where they happen. What
is done about them is in `isolation.py`; here is what takes place inside the worker.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from etl.pipeline import Clock, fold_batch
from etl.records import Folded, KnownParagraphs, RawDocument, Rejected

REASON = "killed-worker"
Key = tuple[str, str]  # (uri, sha256), the natural key of a document


@dataclass(frozen=True, slots=True)
class Care:
    """How documents are folded in this process."""

    cpu_s: float  # of one document; where it takes longer the process ends
    announce: Callable[[Key | None], None] | None = None  # told of each document before, and None after the last
    killers: Mapping[Key, str] = field(default_factory=dict)  # documents that are not to be tried: why


_CARE: ContextVar[Care | None] = ContextVar("newsfold_care", default=None)


def take_care(care: Care) -> None:
    """Fold with care in this process from now on."""
    _CARE.set(care)


@contextmanager
def unlimited() -> Iterator[None]:
    """Lift the limit of the last document when the batch is done, and when it fails."""
    try:
        yield
    finally:
        _limit_cpu(0)


def fold_carefully(
    raws: Iterable[RawDocument], known: KnownParagraphs, clock: Clock | None = None
) -> Iterator[Folded | Rejected]:
    """Fold as `fold_batch` does, within the limits of this process if it has any."""
    care = _CARE.get()
    if care is None:
        yield from fold_batch(raws, known, clock)
    elif care.announce is None:
        yield from fold_batch(_each_limited(raws, care.cpu_s), known, clock)
        _limit_cpu(0)
    else:
        for raw in raws:
            yield from _fold_announced(raw, known, clock, care, care.announce)
        care.announce(None)


def _fold_announced(
    raw: RawDocument, known: KnownParagraphs, clock: Clock | None, care: Care, announce: Callable[[Key | None], None]
) -> Iterator[Folded | Rejected]:
    """Fold one document by itself, so that it is the one to blame; memory that it may not have is a death too."""
    if detail := care.killers.get((raw.uri, raw.sha256)):
        yield Rejected(raw.uri, "parse", REASON, detail, raw)
        return
    announce((raw.uri, raw.sha256))
    for result in fold_batch(_each_limited([raw], care.cpu_s), known, clock):
        starved = isinstance(result, Rejected) and result.detail.startswith("MemoryError")
        yield Rejected(raw.uri, "parse", REASON, "needs more memory than it may have", raw) if starved else result
    _limit_cpu(0)


def _each_limited(raws: Iterable[RawDocument], cpu_s: float) -> Iterator[RawDocument]:
    """Yield documents, each with its own time until the next is asked for."""
    for raw in raws:
        _limit_cpu(cpu_s)
        yield raw


def _limit_cpu(more_s: float) -> None:
    """Let this process use so many more seconds of a processor; 0: as many as it likes.

    The signal that comes then is handled by nobody, and so ends the process wherever it is.
    """
    signal.setitimer(signal.ITIMER_PROF, more_s)
