"""A run that is told to stop ends soon, also in the midst of a batch."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

GRACE_SECONDS = 2.0


@contextmanager
def prompt() -> Iterator[None]:
    """End this process soon after SIGTERM, by which workers cancel a run, comes inside the block.

    Prefect answers it by an exception, after which the threads that fold batches are waited for, minutes where they
    read the web. Whatever a process leaves undone is safe: a batch is one transaction, and the next run takes it up.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGTERM)

    def stop(number: int, frame: FrameType | None) -> None:
        end = threading.Timer(GRACE_SECONDS, os._exit, (128 + number,))
        end.daemon = True
        end.start()
        if callable(before):
            before(number, frame)
        else:
            os._exit(128 + number)

    signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
