"""Buttons to pass the story on."""

from __future__ import annotations

from collections.abc import Iterable

from etl.strip.page import Page
from etl.strip.phrases import load
from etl.strip.prompts import parts, prompts
from etl.strip.verdicts import Verdict

NAME, PRIORITY, FIRM = "share", 60, True
_FEWEST_NETWORKS, _MOST_NETWORKS = 2, 16


def judge(page: Page) -> Iterable[Verdict]:
    """Name share buttons, alone or in a row ("Facebook Twitter WhatsApp"); "Share prices fell." is neither."""
    yield from prompts(page, "share")
    yield from parts(page, "share")
    networks = load().entries("share", "networks")
    for line in page.near:
        row = line.row
        if _FEWEST_NETWORKS <= len(row) <= _MOST_NETWORKS and not line.full and networks.issuperset(row):
            yield Verdict(line.index, "networks")
