"""What runs do, a line each, for machines that gather logs: ids, counts and reasons; never text, never a secret.

Off unless NEWSFOLD_LOG_FORMAT says text or json. Lines go to standard error.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import urlsplit, urlunsplit

LogFormat = Literal["text", "json"]

_LOGGER = logging.getLogger("newsfold")
_LOGGER.addHandler(logging.NullHandler())
_LOGGER.propagate = False  # Prefect keeps logs of its own


class _Formatter(logging.Formatter):
    def __init__(self, form: LogFormat) -> None:
        super().__init__()
        self.form = form

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        facts: dict[str, object] = getattr(record, "facts", {})
        if self.form == "json":
            told = {"time": at, "level": record.levelname.lower(), "event": record.getMessage()}
            return json.dumps(told | facts, ensure_ascii=False, default=str)
        named = " ".join(
            f"{name}={json.dumps(value, ensure_ascii=False, default=str)}" for name, value in facts.items()
        )
        return f"{at} {record.levelname.lower()} {record.getMessage()} {named}".rstrip()


def configure(form: LogFormat | None) -> None:
    """Write lines of this form from now on, or none."""
    for handler in list(_LOGGER.handlers):
        _LOGGER.removeHandler(handler)
    if form is None:
        _LOGGER.addHandler(logging.NullHandler())
        _LOGGER.setLevel(logging.CRITICAL)
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Formatter(form))
    _LOGGER.addHandler(handler)
    _LOGGER.setLevel(logging.INFO)


def form() -> LogFormat | None:
    """Return the form in which lines are written, for another process that is to do the same."""
    forms = (handler.formatter.form for handler in _LOGGER.handlers if isinstance(handler.formatter, _Formatter))
    return next(forms, None)


def info(event: str, **facts: object) -> None:
    """Write what happened. facts: ids, counts, names; values that JSON can hold."""
    _LOGGER.info(event, extra={"facts": facts})


def warning(event: str, **facts: object) -> None:
    """Write what somebody should look at."""
    _LOGGER.warning(event, extra={"facts": facts})


def address(uri: str) -> str:
    """Return an address without what may be a secret: user, password, query."""
    try:
        parts = urlsplit(uri)
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        return "(not an address)"
    return urlunsplit((parts.scheme, host, parts.path, "", parts.fragment))
