"""One rule a file, found by looking into this folder. A rule is a module with

NAME       what is written beside each removed block
PRIORITY   of several rules that name one line, the highest is reported
FIRM       whether the line says of itself what it is; softer rules are undone when together they take too much
judge      (page) -> the verdicts; it knows the page and nothing of other rules
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from etl.strip.verdicts import Rule


@cache
def discover() -> tuple[Rule, ...]:
    """Return all rules of this folder, by name."""
    modules = [import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]
    return tuple(sorted((Rule(m.NAME, m.PRIORITY, m.FIRM, m.judge) for m in modules), key=lambda r: r.name))
