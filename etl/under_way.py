"""A run from its beginning to its end: its row, a sign of life now and then, and how it ended if not as it should."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from etl.db.connect import Database
from etl.db.runs import cancel_run, finish_run, follows_one_cut_short, keep_alive, start_run
from etl.errors import Transient, UserError
from etl.execution import doubting, patiently
from etl.stopping import last_word, stopped_by

SIGN_OF_LIFE_SECONDS = 60.0


@contextmanager
def under_way(engine: Database, flow: str, parameters: Mapping[str, Any]) -> Iterator[int]:
    """Number a run, and say that it is alive for as long as the block runs; then that it failed or was cancelled.

    Where not even that can be written, the row stays as it is, and the next run finds that its process is gone.
    """
    run_id = patiently(partial(start_run, engine, flow, parameters))
    try:
        with (
            last_word(partial(cancel_run, engine, run_id)),
            doubting(follows_one_cut_short(engine, run_id)),
            _signs_of_life(engine, run_id),
        ):
            yield run_id
    except BaseException as err:
        why = stopped_by(err) or err
        with suppress(Exception):  # what ended the run is what is told
            _write_end(engine, run_id, why)
        if why is not err:
            raise why from None
        raise


def _write_end(engine: Database, run_id: int, err: BaseException) -> None:
    """Write how a run ended. Only what is no `Exception` comes from outside: Ctrl-C, SIGTERM, Prefect's own of that."""
    if not isinstance(err, Exception):
        cancel_run(engine, run_id)
        return
    why = str(err) if isinstance(err, UserError | Transient) else type(err).__name__
    finish_run(engine, run_id, "failed", {"error": why})


@contextmanager
def _signs_of_life(engine: Database, run_id: int) -> Iterator[None]:
    ended = threading.Event()
    signs = threading.Thread(target=_live, args=(engine, run_id, ended), daemon=True)
    signs.start()
    try:
        yield
    finally:
        ended.set()
        signs.join()


def _live(engine: Database, run_id: int, ended: threading.Event) -> None:
    """Give signs of life until the run has ended; one that cannot be written is not missed."""
    while not ended.wait(SIGN_OF_LIFE_SECONDS):
        with suppress(Exception):
            keep_alive(engine, run_id)
