"""Standard input in the place of a path."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from etl.settings import Settings
    from etl.sources.ref import File


def with_stdin(paths: list[str], form: str, settings: Settings, stack: ExitStack) -> list[str | File]:
    """Return the paths, each once, with a file in place of "-" that lives until the stack is closed."""
    from etl.sources import spooled

    found: list[str | File] = []
    for path in dict.fromkeys(paths):
        if path == "-":
            found.append(stack.enter_context(spooled(sys.stdin.buffer, form, settings.spool_folder)))
        else:
            found.append(path)
    return found
