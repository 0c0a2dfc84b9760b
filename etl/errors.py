"""What may go wrong, and what to do about it.

Three kinds, told apart by what follows: a `Reject` becomes a row in `rejection` and the run goes
on; a `Transient` is tried again; a `UserError` stops the command with one line and an exit code.
"""

from __future__ import annotations


class Reject(Exception):
    """One document cannot become an article. The run goes on, the document is kept as evidence."""

    def __init__(self, stage: str, reason: str, detail: str = "") -> None:
        """stage: read, parse, strip, fingerprint or load; reason: a stable short name; detail: for people."""
        super().__init__(stage, reason, detail)  # all three as args, so that it survives pickling
        self.stage, self.reason, self.detail = stage, reason, detail

    def __str__(self) -> str:
        return f"{self.stage}: {self.reason}" + (f" ({self.detail})" if self.detail else "")


class Transient(Exception):
    """The same call may work in a moment: a lock, a lost connection, a server that is restarting."""


class UserError(Exception):
    """What the user asked for cannot be done; the message says what was wrong, where, and what to do."""


class SettingsError(UserError):
    """A setting is missing or wrong."""


class DatabaseError(UserError):
    """The database cannot be used: unreachable, newer than this program, or not ours."""


class Unreachable(DatabaseError):
    """The database does not answer now; who has reached it before may wait for it."""


class InputError(UserError):
    """A path or format that was named on purpose cannot be read."""
