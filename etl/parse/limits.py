"""What is too much for an article: refused before it costs, so that no document takes long or fills the memory.

The largest of 690 pages that were looked at has 13,000 tags, 2,600 blocks and 113,000 characters of text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Sized

from etl.errors import Reject
from etl.records import Block, Element

MOST_BYTES = 32 << 20  # a page saved with its pictures inside may have some
MOST_TAGS = 500_000  # of the markup; lxml takes 150 bytes and more for each
MOST_ATTRIBUTES = 20_000  # of one tag; libxml2 compares each with all before it
MOST_CHARS = 2_000_000  # of text, a book of a thousand pages
MOST_BLOCKS = 10_000
MOST_STEPS = 2_000_000  # from each block up to the root: a hundred a block

_ATTRIBUTES_NEED_CHARS = 200_000  # shorter pages have no room for so many that it matters
_TAG = re.compile(r"""<[a-zA-Z](?:[^<>"']++|"[^"]*+"|'[^']*+'|<)*+""")
_QUOTED = re.compile(r"""=\s*+(?:"[^"]*+"|'[^']*+')""")


def refuse_bytes(body: Sized) -> None:
    """Refuse (Reject "too-large") more bytes than are decoded."""
    if len(body) > MOST_BYTES:
        raise Reject("parse", "too-large", f"{len(body):,} bytes, over {MOST_BYTES:,}")


def refuse_markup(text: str) -> None:
    """Refuse (Reject "too-large" or "html") more tags than are parsed, or a tag with more attributes."""
    if len(text) < _ATTRIBUTES_NEED_CHARS:
        return
    _refuse(text.count("<"), MOST_TAGS, "tags")
    for tag in _TAG.finditer(text):
        if tag.end() - tag.start() > 2 * MOST_ATTRIBUTES and _attributes(tag[0]) > MOST_ATTRIBUTES:
            raise Reject("parse", "html", f"a tag with more than {MOST_ATTRIBUTES:,} attributes")


def refuse_chars(count: int) -> None:
    """Refuse (Reject "too-large") more text than is read."""
    _refuse(count, MOST_CHARS, "characters of text")


def refuse_blocks(blocks: Sequence[Block], elements: Sequence[Element]) -> None:
    """Refuse (Reject "too-large") more blocks than are judged, or more elements around them all together."""
    _refuse(len(blocks), MOST_BLOCKS, "blocks")
    depth: list[int] = []
    for element in elements:
        depth.append(depth[element.parent] + 1 if element.parent >= 0 else 1)
    _refuse(sum(depth[block.element] for block in blocks), MOST_STEPS, "steps from blocks to the root")


def _attributes(tag: str) -> int:
    bare, quoted = _QUOTED.subn(" ", tag)
    return max(len(bare.split()), quoted)


def _refuse(count: int, most: int, what: str) -> None:
    if count > most:
        raise Reject("parse", "too-large", f"{count:,} {what}, over {most:,}")
