"""Two voices on where the story of a page is: the learned model and the rules. The surer one is heard.

The model looks first, at the whole page, and cheaply. Where it is sure, the rules read only what is near the story.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from etl.records import ParsedDocument
from etl.strip.body import Choice, choose, column, named_families
from etl.strip.facts import Line
from etl.strip.learned.decide import Decision, decide
from etl.strip.learned.explain import Reasons
from etl.strip.learned.model import Model, Verdicts, load

# The model's expected F1 from which on the rules are not asked. Cross-validated by site, anything from 0.5 to 0.8
# scores the same on articles; on other pages the rules find more of what is wanted, and more of what is not.
_SURE = 0.7
_CERTAIN = "comment_form"  # what readers wrote is prose like the story's, and its element says what it is
_COMMENTS_LEAVE_WORDS = 100
_IN_FRONT_BLOCKS, _BEHIND_BLOCKS = 15, 8  # so near to the story rules read everything: bylines, dates, prompts
_BYLINE_IN_FRONT_BLOCKS, _BYLINE_BEHIND_BLOCKS = 10, 3
_IMAGINABLE = 0.03  # a block more probable is read wherever it stands
_SMALL_PAGE_WORDS = 400  # a smaller page is read whole: it may be a wall or an error
_LIKE_TITLE = 0.4


@dataclass(frozen=True, slots=True)
class Sight:
    """What the model says of the blocks of one document, by their positions."""

    body: frozenset[int]
    near: frozenset[int]  # what rules read
    why: Reasons  # of blocks outside the body: what spoke against them

    def over(self, origins: Sequence[int]) -> Sight:
        """Return the same of blocks that were cut into pieces; origins[i] is the block that piece i was in."""
        if len(origins) == len(self.why.answers.probability):
            return self
        return Sight(
            frozenset(i for i, block in enumerate(origins) if block in self.body),
            frozenset(i for i, block in enumerate(origins) if block in self.near),
            replace(self.why, origins=origins),
        )


def look(document: ParsedDocument, model: Model | None = None) -> Sight | None:
    """Return what the model sees on a page; None: a plain text, or nothing that it is sure of.

    model  None: the one that ships with newsfold.
    """
    if document.media_type == "text/plain" or not document.blocks:
        return None
    model = model or load()
    verdicts = model(document.blocks, document.elements, document.metadata)
    decision = decide(verdicts.frame, verdicts.probability)
    if not decision.keep.any() or decision.expected_f1 < _SURE:
        return None
    body = frozenset(np.flatnonzero(decision.keep).tolist())
    return Sight(body, _near(verdicts, decision), Reasons(model, verdicts))


def _near(verdicts: Verdicts, decision: Decision) -> frozenset[int]:
    frame = verdicts.frame
    index = np.arange(len(frame.words))
    if float((frame.words * (1 - frame.link)).sum()) < _SMALL_PAGE_WORDS:
        return frozenset(index.tolist())
    kept = np.flatnonzero(decision.keep)
    near = (index >= kept[0] - _IN_FRONT_BLOCKS) & (index <= kept[-1] + _BEHIND_BLOCKS)
    near |= (verdicts.probability >= _IMAGINABLE) | (verdicts.like_title >= _LIKE_TITLE)
    return frozenset(np.flatnonzero(near).tolist())


def settle(document: ParsedDocument, lines: Sequence[Line], sight: Sight | None) -> Choice:
    """Return the model's body where it is sure of one, else that of the rules."""
    if sight is None:
        return choose(lines, document.elements, document.metadata, document.media_type == "text/plain")
    families = named_families(lines, document.elements)
    body = _without_comments(lines, sight.body, families)
    outside = {i: name for i, name in families.items() if i not in body}
    beside = _beside(lines, body)
    return Choice(body, outside, column(lines, Choice(body, outside, -1)), sight.why, beside)


def _beside(lines: Sequence[Line], body: frozenset[int]) -> frozenset[int]:
    """Return what stands in front of the body, and behind it what stands in its container: comments are signed too."""
    container = set(lines[min(body)].path).intersection(*(lines[i].path for i in body))
    last = max(body)
    front = range(max(0, min(body) - _BYLINE_IN_FRONT_BLOCKS), last)
    behind = lines[last + 1 : last + 1 + _BYLINE_BEHIND_BLOCKS]
    return frozenset((*front, *(x.index for x in behind if container.issubset(x.path)))) - body


def _without_comments(lines: Sequence[Line], body: frozenset[int], families: Mapping[int, str]) -> frozenset[int]:
    rest = frozenset(i for i in body if families.get(i) != _CERTAIN)
    return rest if _word_count(lines, rest) >= _COMMENTS_LEAVE_WORDS else body


def _word_count(lines: Sequence[Line], indices: Collection[int]) -> int:
    return sum(lines[i].words for i in indices)
