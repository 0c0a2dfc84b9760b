"""Class names in lower case: what everything that reads them cuts to words."""

from __future__ import annotations

import re
from collections.abc import Sequence

_CAPITAL_INSIDE = re.compile(r"[A-Z](?<=[a-z0-9].)")  # begins with what is rare, and so is quickly searched for


def lowered(names: Sequence[str]) -> list[str]:
    """Return the names of each element in lower case, with a hyphen in front of what was a capital inside a word.

    All at once, for the calls for each cost more than the work.
    """
    joined = "\n".join(names)
    if joined.count("\n") >= len(names):
        joined = "\n".join([each.replace("\n", " ") for each in names])
    return _CAPITAL_INSIDE.sub(r"-\g<0>", joined).lower().split("\n") if names else []
