"""A run that is told to stop ends soon, also in the midst of a batch, and still says so where that is kept."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from multiprocessing.connection import Connection, wait
from types import FrameType

GRACE_SECONDS = 2.0  # for the exception to take the process through its usual end
TELL_SECONDS = 3.0  # for a database or a server that is slow to hear of it
STOPS = (signal.SIGINT, signal.SIGTERM)

# What is left of a pool when its process ends at once is cleared by a process that warns of it; nobody need mind.
_QUIET = "ignore:resource_tracker:UserWarning"

LastWord = Callable[[], int | None]  # returns the exit code of the process; None: that of the signal

_last_words: list[LastWord] = []
_prompt = threading.Lock()  # held where a block is prompt already: signals are told of in one place of a process


@contextmanager
def last_word(say: LastWord) -> Iterator[None]:
    """Have something said where the process is ended in the midst of the block."""
    _last_words.append(say)
    try:
        yield
    finally:
        _last_words.remove(say)


@contextmanager
def prompt() -> Iterator[None]:
    """End this process soon after SIGTERM, by which runs are cancelled, or Ctrl-C comes inside the block.

    Python answers them by an exception, after which the threads that fold batches are waited for, minutes where they
    read the web. Whatever a process leaves undone is safe: a batch is one transaction, and the next run takes it up.
    """
    if threading.current_thread() is not threading.main_thread() or not _prompt.acquire(blocking=False):
        yield
        return
    os.environ.setdefault("PYTHONWARNINGS", _QUIET)
    over = threading.Event()
    with ExitStack() as stack:
        stack.callback(_prompt.release)
        heard, told = socket.socketpair()
        stack.callback(told.close)
        told.setblocking(False)
        threading.Thread(target=_listen, args=(heard, over), daemon=True).start()
        # Python tells of a signal here besides calling its handler. Where Prefect has its own, that must stay.
        stack.callback(signal.set_wakeup_fd, signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False))
        if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
            stack.callback(signal.signal, signal.SIGTERM, signal.signal(signal.SIGTERM, _leave))
        stack.callback(over.set)
        yield


def stopped_by(err: BaseException | None) -> BaseException | None:
    """Return what came from outside before an error: Ctrl-C, SIGTERM, Prefect's own of that; None where nothing did.

    It may come at any line, and a library that cleans up behind it fails in turn.
    """
    while isinstance(err, Exception):
        err = err.__context__
    return err


def leave_it_to_the_parent(gone: Connection | int) -> None:
    """Let Ctrl-C, which comes to all processes of a terminal, pass this one by, and end it when its parent is gone.

    gone  what is ready to be read then: a pipe of which the parent holds the other end, or the parent's sentinel.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch() -> None:
        wait([gone])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _leave(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def _listen(heard: socket.socket, over: threading.Event) -> None:
    """End this process when it is told to stop, and what it does is not over soon."""
    with heard:
        while number := heard.recv(1):
            if number[0] in STOPS and not over.wait(GRACE_SECONDS):
                os._exit(_say_all(128 + number[0]))


def _say_all(exit_code: int) -> int:
    """Say all last words at once, as long as there is time; return the code to exit with."""
    codes = list[int]()

    def hear(say: LastWord) -> None:
        with suppress(Exception):
            codes.extend(code for code in (say(),) if code is not None)

    threads = [threading.Thread(target=hear, args=(say,), daemon=True) for say in _last_words]
    last = time.monotonic() + TELL_SECONDS
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, last - time.monotonic()))
    return codes[0] if codes else exit_code
