"""The pruned lxml tree as a BeautifulSoup tree, without a second parse and without attributes that nobody reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from bs4 import BeautifulSoup
from bs4.builder import HTMLTreeBuilder
from lxml import etree

from etl.parse.tree import READ


class _FromTree(HTMLTreeBuilder):
    """Feeds BeautifulSoup the events of a tree that lxml has already parsed."""

    NAME = "lxml-tree"
    features = [NAME]  # noqa: RUF012 -- declared so by BeautifulSoup

    def prepare_markup(self, markup: Any, *_: Any, **__: Any) -> Iterator[tuple[Any, None, None, bool]]:  # noqa: ANN401
        yield markup, None, None, False

    def feed(self, markup: Any) -> None:  # noqa: ANN401
        soup = self.soup
        if soup is None:
            raise ValueError("feed() before initialize_soup()")
        start, end, data = soup.handle_starttag, soup.handle_endtag, soup.handle_data
        for event, element in etree.iterwalk(markup, events=("start", "end")):
            if event == "start":
                attributes = element.attrib
                start(element.tag, None, None, {n: v for n, v in attributes.items() if n in READ} if attributes else {})
                if element.text:
                    data(element.text)
            else:
                end(element.tag)
                if element.tail:
                    data(element.tail)


def soup_of(root: etree._Element) -> BeautifulSoup:
    """Return the tree as BeautifulSoup's; attributes are plain strings, "class" too."""
    return BeautifulSoup(cast("Any", root), builder=_FromTree(multi_valued_attributes={}))
