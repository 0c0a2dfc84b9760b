"""What Prefect writes to the log of a run."""

import logging

from etl.errors import Transient, UserError

_LOGGERS = ("prefect.flow_runs", "prefect.engine")


def say_errors_in_one_line() -> None:
    """Leave the traceback out where an error was made for people: its message says it all."""
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_without_traceback)  # the same one is added once


def _without_traceback(record: logging.LogRecord) -> bool:
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, UserError | Transient):
        record.exc_info, record.msg, record.args = None, str(error), ()
    return True
