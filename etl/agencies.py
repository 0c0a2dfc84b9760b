"""News agencies: their names, and where a text names one. All stages share this one list."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from etl.resources import seeds
from etl.text import normal_form

# What may stand beside the name of an agency in a byline or a credit: "Nachrichtenagentur dpa", "AP Photo".
_BESIDE = re.compile(
    r"\b(?:nachrichtenagentur|news ?agency|agentur|agencia|agência|agenzia|agence|агент?ств[оа]|інформагентство)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Agencies:
    """The list of seeds/phrases/agencies.toml."""

    by_name: Mapping[str, str]  # name as texts write it -> the usual name
    by_byline: Mapping[str, str]  # normal form of what may be a whole byline -> the usual name
    credits: tuple[str, ...]  # "as {} reported"


@cache
def load() -> Agencies:
    """Return the agencies that ship with newsfold. Read once."""
    data = tomllib.loads((seeds() / "phrases" / "agencies.toml").read_text("utf-8"))
    by_name, by_byline = {}, {}
    for agency in data["agency"]:
        usual = agency["names"][0]
        by_name.update(dict.fromkeys(agency["names"], usual))
        by_byline.update({normal_form(name): usual for name in (*agency["names"], *agency.get("bylines", ()))})
    return Agencies(by_name, by_byline, tuple(data["credit"]["anywhere"]))


@cache
def pattern() -> re.Pattern[str]:
    """Return a pattern that finds any name of any agency as a whole word, with its case."""
    names = sorted(load().by_name, key=lambda name: (-len(name), name))
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, names))})(?![\w-])")


def agency_in(text: str) -> str | None:
    """Return the agency named first in a text, under its usual name."""
    found = pattern().search(text)
    return load().by_name[found[0]] if found else None


def is_agency(name: str) -> bool:
    """Return whether a text is the name of an agency and nothing else, with its case."""
    return name.strip() in load().by_name


def credited(byline: str) -> str | None:
    """Return the agency that a byline names, in whatever case, if it names nothing else."""
    known = load().by_byline
    return known.get(normal_form(byline)) or known.get(normal_form(_BESIDE.sub("", byline)))
