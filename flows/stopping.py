"""A run that is told to stop ends soon, also in the midst of a batch."""

import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from prefect.client.orchestration import get_client
from prefect.runtime import flow_run
from prefect.states import Cancelled

GRACE_SECONDS = 2.0
TELL_SECONDS = 3.0  # for a server that is slow to hear of it
TERMINATED = 128 + signal.SIGTERM  # the exit code of a process that was told to stop


@contextmanager
def prompt() -> Iterator[None]:
    """End this process soon after SIGTERM, by which workers cancel a run, comes inside the block.

    Prefect answers it by an exception, after which the threads that fold batches are waited for, minutes where they
    read the web. Whatever a process leaves undone is safe: a batch is one transaction, and the next run takes it up.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    over = threading.Event()
    heard, told = socket.socketpair()
    told.setblocking(False)
    threading.Thread(target=_listen, args=(heard, over, flow_run.id), daemon=True).start()
    # Python tells of a signal here besides calling its handler, which must stay Prefect's own: it looks for that.
    before = signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)
    try:
        yield
    finally:
        over.set()
        signal.set_wakeup_fd(before)
        told.close()


def _listen(heard: socket.socket, over: threading.Event, run_id: str) -> None:
    """End this process when it is told to stop, and what it does is not over soon."""
    with heard:
        while number := heard.recv(1):
            if number[0] == signal.SIGTERM and not over.wait(GRACE_SECONDS):
                last = threading.Timer(TELL_SECONDS, os._exit, (TERMINATED,))
                last.daemon = True
                last.start()
                os._exit(_tell(run_id))


def _tell(run_id: str) -> int:
    """Mark the run as cancelled where somebody asked for that, and return the exit code."""
    with suppress(Exception), get_client(sync_client=True) as client:
        state = client.read_flow_run(run_id).state  # type: ignore[arg-type]  # an id as text is one too
        if state and state.is_cancelling():
            client.set_flow_run_state(run_id, Cancelled(message="stopped in the midst of its work"), force=True)
            return 0
    return TERMINATED
