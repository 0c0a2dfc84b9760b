"""The name of the rules: it changes with the code of a rule and with every model that is trained anew."""

from __future__ import annotations

import re
from pathlib import Path

from etl.resources import seeds

_CODE = "3"  # raised by hand when a rule decides otherwise than before
_HEAD_BYTES = 64  # a model says its version first


def _model_version(path: Path) -> str:
    with path.open("rb") as file:
        found = re.search(rb'"version":"(\w+)"', file.read(_HEAD_BYTES))
    return found[1].decode() if found else "unknown"


# For example "1 body-7d702c2a": articles cleaned under another name are what `reclean` takes up.
RULE_VERSION = " ".join(
    [_CODE, *(f"{p.stem}-{_model_version(p)}" for p in sorted((seeds() / "models").glob("*.json")))]
)
