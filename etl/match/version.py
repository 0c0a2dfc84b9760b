"""The rules of matching under a name that no two sets of numbers share; stored with what they decided."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict

from etl.match.group import GROUPING, Grouping
from etl.match.rule import THRESHOLDS, Thresholds
from etl.records import Matcher

RULES = "3"  # raised when the code decides otherwise by the same numbers


def matcher(thresholds: Thresholds = THRESHOLDS, grouping: Grouping = GROUPING) -> Matcher:
    """Return the matcher of these numbers; its name ends in a digest of them."""
    parameters = {"rules": RULES, "pairs": asdict(thresholds), "stories": asdict(grouping)}
    spelled = json.dumps(parameters, sort_keys=True).encode()
    return Matcher(f"match{RULES}-{hashlib.blake2b(spelled, digest_size=4).hexdigest()}", parameters)


MATCHER = matcher()
