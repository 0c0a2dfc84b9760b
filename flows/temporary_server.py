"""Prefect's temporary server, which a run that is killed would leave behind."""

import subprocess
import sys
from functools import cache

# Waits for the end of its standard input, which comes when whoever holds the other end is gone, however that went.
_WATCHMAN = """
import os, pathlib, signal, sys
sys.stdin.read()
pid = int(sys.argv[1])
try:
    if b"prefect.server.api.server" in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes():
        os.kill(pid, signal.SIGTERM)
except OSError:
    pass
"""


def let_it_end_with_this_process() -> None:
    """Have the temporary server ended when this process is killed, if this process has started one."""
    module = sys.modules.get("prefect.server.api.server")  # loaded by whoever starts one
    server = module.SubprocessASGIServer().server_process if module else None
    if server is not None and server.poll() is None:
        _watchman(server.pid)


@cache
def _watchman(pid: int) -> "subprocess.Popen[bytes]":
    """Start what ends a server after this process; the cache keeps the pipe open, and there is one a server."""
    command = [sys.executable, "-S", "-c", _WATCHMAN, str(pid)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)  # noqa: S603 - our own words
