"""What only a run in this very process can be given, because it cannot or must not travel as a flow parameter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from etl.execution import Watch
from etl.settings import Settings
from etl.sources.ref import File


@dataclass(frozen=True, slots=True)
class Caller:
    """The command that runs a flow here and now."""

    settings: Settings  # may hold a password: Prefect stores parameters in clear
    watch: Watch  # its progress bar
    files: Mapping[str, File]  # spooled standard input, by address


_CALLER: ContextVar[Caller | None] = ContextVar("newsfold_caller", default=None)


@contextmanager
def calling(caller: Caller) -> Iterator[None]:
    """Make a caller known to the flows that run inside the block."""
    token = _CALLER.set(caller)
    try:
        yield
    finally:
        _CALLER.reset(token)


def current_caller() -> Caller | None:
    """Return who runs this flow in this process; None under a worker."""
    return _CALLER.get()
