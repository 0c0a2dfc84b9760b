"""A page to blocks and elements: lxml parses it once, BeautifulSoup gets what is left after pruning."""

from __future__ import annotations

from lxml import etree

from etl.parse import blocks, tree
from etl.parse.soup import soup_of
from etl.records import Block, Element


def cut(root: etree._Element) -> tuple[tuple[Block, ...], tuple[Element, ...]]:
    """Return blocks and elements of a parsed page; the tree is pruned in place and not to be read afterwards."""
    tree.prune(root)
    top = soup_of(root).find(True)
    return blocks.cut(top) if top is not None else ((), ())
