"""A BeautifulSoup tree to blocks and the tree of block-level elements around them, in one walk without recursion."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from bs4.element import NavigableString, PageElement, Tag

from etl.parse.tree import CELLS, HIDDEN_RUN, INLINE, NAMING, is_hidden
from etl.records import Block, Element, Kind
from etl.text import fold_space

_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_KINDS: dict[str, Kind] = {
    **dict.fromkeys(_HEADINGS, "heading"), "li": "list", "dt": "list", "dd": "list", "blockquote": "quote",
    "article": "text", "main": "text",  # an article inside a list item is not a list
}  # fmt: skip
_INLINE = frozenset((*INLINE, *CELLS, "a", HIDDEN_RUN))
_PHRASES = frozenset((*_HEADINGS, *INLINE, "p", "a"))  # an unknown tag inside these is inline
_MOST_NAME_CHARS = 1000  # of class, id and the like
_NEVER_HIDDEN = frozenset(("html", "body"))  # hidden until a script has run, in many a framework


@dataclass(slots=True, eq=False)
class _Node:
    """A block-level element that is open, or was."""

    tag: Tag
    parent: _Node | None
    kind: Kind
    index: int = -1  # into the elements; -1: no block in it so far


@dataclass(slots=True, eq=False)
class _Frame:
    """An open element of the walk, block-level or inline."""

    children: Iterator[PageElement]
    node: _Node  # nearest block-level element
    hidden: bool
    linked: bool
    is_block: bool


@dataclass(slots=True)
class _Run:
    """The text of a block as it is gathered."""

    parts: list[str] = field(default_factory=list)
    link_chars: int = 0


def cut(root: Tag) -> tuple[tuple[Block, ...], tuple[Element, ...]]:
    """Return the blocks of the tree in reading order, and the elements that hold them.

    Elements stand in document order, parents first; those without text are left out. So the blocks of
    an element and its descendants are one unbroken range.
    """
    cutter = _Cutter()
    stack = [_Frame(iter(root.contents), _Node(root, None, "text"), False, False, True)]
    while stack:
        frame = stack[-1]
        for child in frame.children:
            if isinstance(child, NavigableString):
                cutter.add(child, frame)
            elif isinstance(child, Tag) and (inner := cutter.enter(child, frame)):
                stack.append(inner)
                break
        else:
            cutter.leave(stack.pop())
    return tuple(cutter.blocks), tuple(cutter.elements)


class _Cutter:
    """Gathers text until a block ends."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.elements: list[Element] = []
        self._shown, self._hidden = _Run(), _Run()
        self._breaks = 0  # <br> since the last text

    def add(self, text: str, frame: _Frame) -> None:
        run = self._hidden if frame.hidden else self._shown
        run.parts.append(text)
        if not text.isspace():
            self._breaks = 0
            if frame.linked:
                run.link_chars += len(" ".join(text.split()))

    def enter(self, tag: Tag, frame: _Frame) -> _Frame | None:
        """Return the frame of an element that has just begun, or None if there is nothing in it."""
        name = tag.name
        if name == "br":
            self._break(frame.node)
            return None
        hidden = frame.hidden or _hides(tag)
        if name in _INLINE or (frame.node.tag.name in _PHRASES and ("-" in name or ":" in name)):
            if name in CELLS:
                self.add(" ", frame)
            return _Frame(iter(tag.contents), frame.node, hidden, frame.linked or name == "a", False)
        self._flush(frame.node)
        node = _Node(tag, frame.node, _KINDS.get(name, frame.node.kind))
        return _Frame(iter(tag.contents), node, hidden, frame.linked, True)

    def leave(self, frame: _Frame) -> None:
        if frame.is_block:
            self._flush(frame.node)
        elif frame.node.tag.name == "tr":
            self.add(" ", frame)

    def _break(self, node: _Node) -> None:
        self._breaks += 1
        self._shown.parts.append(" ")
        self._hidden.parts.append(" ")
        if self._breaks >= 2:
            self._flush(node)

    def _flush(self, node: _Node) -> None:
        """End the block. Text hidden inside a shown paragraph becomes a block of its own after it."""
        for hidden in (False, True):
            run = self._hidden if hidden else self._shown
            if run.parts and (text := fold_space("".join(run.parts))):
                index = self._index(node)
                links = min(run.link_chars, len(text))
                self.blocks.append(Block(len(self.blocks), text, node.kind, index, links, hidden))
            if run.parts:
                run.parts, run.link_chars = [], 0
        self._breaks = 0

    def _index(self, node: _Node) -> int:
        """Return the index of the node's element; it and its ancestors get theirs with the first block in them."""
        missing: list[_Node] = []
        up: _Node | None = node
        while up is not None and up.index < 0:
            missing.append(up)
            up = up.parent
        for each in reversed(missing):
            each.index = len(self.elements)
            attributes = each.tag.attrs
            names = " ".join(str(attributes[n]) for n in NAMING if n in attributes) if attributes else ""
            parent = each.parent.index if each.parent else -1
            role = str(attributes.get("role", ""))
            self.elements.append(Element(parent, each.tag.name, names[:_MOST_NAME_CHARS], role[:_MOST_NAME_CHARS]))
        return node.index


def _hides(tag: Tag) -> bool:
    """Return whether the element is hidden. aria-hidden counts on whole blocks: inline it marks drop caps and icons."""
    attributes: dict[str, str] = tag.attrs  # type: ignore[assignment]  # never lists: the soup is made without them
    if not attributes or tag.name in _NEVER_HIDDEN:
        return False
    return is_hidden(attributes) or (attributes.get("aria-hidden") == "true" and tag.name not in _INLINE)
