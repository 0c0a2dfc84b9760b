"""A page's tree to blocks and the tree of block-level elements around them, in one walk without recursion."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import cast

from lxml import etree

from etl.parse import limits
from etl.parse.tree import CELLS, DROPPED, HEADINGS, INLINE
from etl.records import Block, Element, Kind
from etl.text import fold_space

_KINDS: dict[str, Kind] = {
    **dict.fromkeys(HEADINGS, "heading"), "li": "list", "dt": "list", "dd": "list", "blockquote": "quote",
    "article": "text", "main": "text",  # an article inside a list item is not a list
}  # fmt: skip
_PHRASES = frozenset((*HEADINGS, "p"))  # a tag of the page's own making is inline inside these
_OWN_TAG = re.compile("[-:]")
_NAMING = ("class", "id", "itemprop", "data-testid", "data-component")
_MOST_NAME_CHARS = 1000  # of class, id and the like
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SILENT = ("aria-hidden", "true")
_NEVER_HIDDEN = frozenset(("html", "body"))  # hidden until a script has run, in many a framework

# What a tag does to the text around it. A tag that is not listed is block-level and ends a block.
_DROP, _GO_ON, _LINK, _CELL, _BREAK, _BLOCK = range(6)
_ROLES = {
    **dict.fromkeys(DROPPED, _DROP), **dict.fromkeys(INLINE, _GO_ON), "a": _LINK, **dict.fromkeys(CELLS, _CELL),
    "br": _BREAK,
}  # fmt: skip


Attributes = Sequence[tuple[str, str]]
_attributes = cast("Callable[[etree._Element], Attributes]", etree._Element.items)


@dataclass(slots=True, eq=False)
class _Node:
    """A block-level element that is open, or was."""

    element: etree._Element
    said: Attributes
    parent: _Node | None
    kind: Kind
    is_phrase: bool
    index: int = -1  # into the elements; -1: no block in it so far


@dataclass(slots=True, eq=False)
class _Run:
    """The text of a block as it is gathered."""

    parts: list[str] = field(default_factory=list)
    linked: list[str] = field(default_factory=list)  # those of the link that is open
    link_chars: int = 0  # of links that have ended

    def end_link(self) -> None:
        if self.linked:
            self.link_chars += len(" ".join("".join(self.linked).split()))
            self.linked.clear()


def cut(root: etree._Element) -> tuple[tuple[Block, ...], tuple[Element, ...]]:
    """Return the blocks of the tree in reading order, and the elements that hold them.

    Elements stand in document order, parents first; those without text are left out. So the blocks of
    an element and its descendants are one unbroken range.

    raises  Reject "too-large".
    """
    cutter = _Cutter(root)
    opened, role_of = cutter.open, _ROLES.get
    walk = etree.iterwalk(root, events=("start", "end"))
    next(walk)  # the root, which the cutter has
    if root.text:
        cutter.add(root.text)
    for event, element in walk:
        if event == "start":
            role = role_of(element.tag, _BLOCK)
            if role == _BLOCK:
                cutter.enter(element)
            elif role == _DROP:
                walk.skip_subtree()
                continue
            elif role != _GO_ON or ((said := _attributes(element)) and _hides(said)):
                cutter.enter_inline(element, role)
            text = element.text
        else:
            if element is opened[-1]:
                cutter.leave()
            text = element.tail
        if text and (cutter.run.parts or not text.isspace()):
            cutter.add(text)
    return tuple(cutter.blocks), tuple(cutter.elements)


class _Cutter:
    """Gathers text until a block ends."""

    def __init__(self, root: etree._Element) -> None:
        self.blocks: list[Block] = []
        self.elements: list[Element] = []
        self.open = [root]  # elements whose end matters, the innermost last
        self._node = _Node(root, _attributes(root), None, "text", False)  # the innermost open block-level element
        self._hider: etree._Element | None = None  # the outermost open element that is hidden
        self._link: etree._Element | None = None  # the outermost open link
        self._shown, self._hidden = _Run(), _Run()
        self.run = self._shown  # the one that text goes to
        self._breaks = 0  # <br> since the last text
        self._chars = 0  # of all text so far

    def add(self, text: str) -> None:
        """Add text; white space in front of the first word is passed over."""
        run = self.run
        if self._breaks and not text.isspace():
            self._breaks = 0
        run.parts.append(text)
        if self._link is not None:
            run.linked.append(text)

    def enter(self, element: etree._Element) -> None:
        """Take note of a block-level element that has just begun."""
        node, tag, said = self._node, element.tag, _attributes(element)
        if not node.is_phrase or not _OWN_TAG.search(tag):
            if self._shown.parts or self._hidden.parts or self._breaks:
                self._flush()
            self._node = _Node(element, said, node, _KINDS.get(tag, node.kind), tag in _PHRASES)
        # aria-hidden hides from the ear: it counts on whole blocks, inline it marks drop caps and icons.
        if said and (_hides(said) or _SILENT in said) and tag not in _NEVER_HIDDEN:
            self._hide(element)
        self.open.append(element)

    def enter_inline(self, element: etree._Element, role: int) -> None:
        """Take note of a link, a cell, a line break, or a hidden element that has just begun."""
        if role == _BREAK:
            self._break()
        elif role == _CELL:
            self._part()
        elif role == _LINK and self._link is None:
            self._link = element
        if _hides(_attributes(element)):
            self._hide(element)
        self.open.append(element)

    def _hide(self, element: etree._Element) -> None:
        if self._hider is None:
            self._hider, self.run = element, self._hidden

    def leave(self) -> None:
        """Take note that the innermost element whose end matters has just ended."""
        element = self.open.pop()
        node = self._node
        if element is node.element:
            if self._shown.parts or self._hidden.parts or self._breaks:
                self._flush()
            self._node = node.parent or node
        elif element is self._link:
            self._shown.end_link()
            self._hidden.end_link()
            self._link = None
        elif element.tag in CELLS:
            self._part()
        if element is self._hider:
            self._hider, self.run = None, self._shown

    def _part(self) -> None:
        """Part what stands before from what follows, in the same block."""
        if self.run.parts:
            self.add(" ")

    def _break(self) -> None:
        self._breaks += 1
        if self._breaks >= 2:
            self._flush()
        else:
            self._part()

    def _flush(self) -> None:
        """End the block. Text hidden inside a shown paragraph becomes a block of its own after it."""
        self._breaks = 0
        if self._shown.parts:
            self._end(self._shown)
        if self._hidden.parts:
            self._end(self._hidden)

    def _end(self, run: _Run) -> None:
        text = run.parts[0] if len(run.parts) == 1 else "".join(run.parts)
        run.parts.clear()
        run.end_link()
        self._chars += len(text)
        if self._chars > limits.MOST_CHARS:
            limits.refuse_chars(self._chars)
        if text := fold_space(text):
            node, links = self._node, run.link_chars and min(run.link_chars, len(text))
            index = node.index if node.index >= 0 else self._index()
            self.blocks.append(Block(len(self.blocks), text, node.kind, index, links, run is self._hidden))
        run.link_chars = 0

    def _index(self) -> int:
        """Give the open element and its ancestors their indexes, with the first block in them."""
        missing = [self._node]
        up = self._node.parent
        while up is not None and up.index < 0:
            missing.append(up)
            up = up.parent
        for node in reversed(missing):
            node.index = len(self.elements)
            self.elements.append(_element(node))
        return self._node.index


def _element(node: _Node) -> Element:
    tag, parent, said = node.element.tag, node.parent.index if node.parent else -1, node.said
    if not said:
        return Element(parent, tag)
    if len(said) == 1 and said[0][0] == "class":  # more than half of them
        return Element(parent, tag, said[0][1][:_MOST_NAME_CHARS])
    told = dict(said)
    names = " ".join([told[name] for name in _NAMING if name in told])
    return Element(parent, tag, names[:_MOST_NAME_CHARS], told.get("role", "")[:_MOST_NAME_CHARS])


def _hides(said: Attributes) -> bool:
    """Return whether an element with these attributes is marked as not shown."""
    for name, value in said:  # noqa: SIM110 - a generator takes twice as long
        if name == "hidden" or (name == "style" and _HIDING.search(value)):
            return True
    return False
