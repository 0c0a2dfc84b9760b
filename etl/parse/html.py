"""A page to blocks and elements: lxml parses it once, BeautifulSoup gets what is left after pruning."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from lxml import etree

from etl.parse import blocks, limits, tree
from etl.parse.soup import soup_of
from etl.records import Block, Element


def cut(root: etree._Element) -> tuple[tuple[Block, ...], tuple[Element, ...]]:
    """Return blocks and elements of a parsed page; the tree is pruned in place and not to be read afterwards.

    raises  Reject "too-large".
    """
    tree.prune(root)
    limits.refuse_tree(root)
    with _collector_paused():
        top = soup_of(root).find(True)
        return blocks.cut(top) if top is not None else ((), ())


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Spare the garbage collector its rounds over a tree that grows and is all in use: a third of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
