"""The model: weights from a file, and what they say about the blocks of a page. numpy alone, no training here."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from etl.records import Block, Element, Metadata
from etl.resources import seeds
from etl.strip.learned.context import context
from etl.strip.learned.features import Columns, groups
from etl.strip.learned.names import NameScores
from etl.strip.learned.outline import Floats, Outline, outline

_MOST_DEVIATIONS = 5.0  # a feature further out counts as this far
_LEAVES = 8  # of a tree at most: one bit each


class Linear:
    """The first look: a logistic regression over standardised features."""

    def __init__(self, spec: Mapping[str, Any]) -> None:
        self.mean, self.scale, self.weight = (np.array(spec[key], np.float64) for key in ("mean", "scale", "weight"))
        self.bias = float(spec["bias"])

    def parts(self, table: Floats) -> Floats:
        """Return what each feature adds to the log-odds of each block; (m, f) -> (m, f)."""
        return np.clip((table - self.mean) / self.scale, -_MOST_DEVIATIONS, _MOST_DEVIATIONS) * self.weight

    def __call__(self, table: Floats) -> Floats:
        return sigmoid(self.parts(table).sum(axis=1) + self.bias)


class Trees:
    """The second look: small boosted trees, all of them at once.

    Each split names the leaves that a block can no longer reach once it goes right; the lowest leaf that stays is its
    own. (Lucchese et al. 2015, QuickScorer; here a byte a tree.)
    """

    _LOWEST_BIT = np.array([0] + [(i & -i).bit_length() - 1 for i in range(1, 1 << _LEAVES)], np.uint8)

    def __init__(self, spec: Mapping[str, Any]) -> None:
        self.feature = np.array(spec["feature"], np.int64)  # (splits,)
        self.cut = np.array(spec["cut"], np.float64)  # (splits,)
        self.mask = np.array(spec["mask"], np.uint8)  # (splits,) leaves left to a block that goes right
        self.first = np.array(spec["first"], np.int64)  # (trees,) first split of each tree
        self.leaves = np.array(spec["leaves"], np.float64)  # (trees, 8) log-odds
        self._trees = np.arange(len(self.first))

    def __call__(self, table: Floats) -> Floats:
        # Split by split, so that every step runs along the blocks, which lie side by side in memory.
        asked = np.ascontiguousarray(table.T)[self.feature]
        left = np.where(asked <= self.cut[:, None], np.uint8(0xFF), self.mask[:, None])
        reached: npt.NDArray[np.uint8] = np.bitwise_and.reduceat(left, self.first, axis=0)
        leaf = self._LOWEST_BIT[reached.T]
        return sigmoid(self.leaves[self._trees, leaf].sum(axis=1))


def sigmoid(log_odds: Floats) -> Floats:
    return 1 / (1 + np.exp(-np.clip(log_odds, -30, 30)))


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What the model says of a page of m blocks."""

    frame: Outline
    table: Floats  # (m, f) the features, in the model's order
    probability: Floats  # (m,) that a block belongs to the story
    like_title: Floats  # (m,) likeness to the headline, 0..1


@dataclass(frozen=True, slots=True)
class Model:
    version: str
    groups: Mapping[str, Sequence[str]]  # group -> its features, in the order of the table's columns
    names: NameScores
    first: Linear
    second: Trees

    def __call__(self, blocks: Sequence[Block], elements: Sequence[Element], metadata: Metadata) -> Verdicts:
        frame = outline(blocks, elements)
        if not blocks:
            return Verdicts(frame, np.zeros((0, sum(map(len, self.groups.values())))), np.zeros(0), np.zeros(0))
        found = groups(blocks, elements, metadata, frame, self.names)
        table = stack({name: found[name] for name in self.groups})
        both = np.concatenate((table, column_stack(context(frame, self.first(table)))), axis=1)
        return Verdicts(frame, table, self.second(both), found["likeness"]["like_title"])


def stack(by_group: Mapping[str, Columns]) -> Floats:
    """Return the features of all groups side by side, (m, f)."""
    return column_stack({name: column for columns in by_group.values() for name, column in columns.items()})


def column_stack(columns: Columns) -> Floats:
    return np.ascontiguousarray(np.array(list(columns.values())).T)


def from_spec(spec: Mapping[str, Any]) -> Model:
    """Return the model of a file's content."""
    names = NameScores(spec["names"]["near"], spec["names"]["above"])
    return Model(spec["version"], spec["groups"], names, Linear(spec["first"]), Trees(spec["second"]))


@cache
def load(path: Path | None = None) -> Model:
    """Return the model that ships with newsfold, or one from another file."""
    file = path or seeds() / "models" / "body.json"
    return from_spec(json.loads(file.read_text("utf-8")))
