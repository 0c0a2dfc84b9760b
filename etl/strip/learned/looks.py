"""The two looks of a model: weights from a file, and what they say of rows of features. No training here."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from etl.resources import seeds
from etl.strip.learned.columns import Columns, Floats, stack

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
        first = np.array(spec["first"], np.int64)  # (trees,) first split of each tree
        splits = np.diff(first, append=len(spec["feature"]))
        # The k-th splits of all trees stand in row k; a tree with fewer repeats its last one, which changes nothing.
        rows = first + np.minimum(np.arange(splits.max())[:, None], splits - 1)  # (splits, trees)
        asked = np.stack((np.array(spec["feature"], np.float64), np.array(spec["cut"], np.float64)))[:, rows]
        # Many trees ask the same: each question is answered once.
        questions, each = np.unique(asked.reshape(2, -1), axis=1, return_inverse=True)
        self.feature, self.cut = questions[0].astype(np.int64), questions[1][:, None]
        self.question = each.reshape(rows.shape)  # (splits, trees)
        self.mask = np.array(spec["mask"], np.uint8)[rows][:, :, None]  # leaves left to a block that goes right
        self.leaves = np.array(spec["leaves"], np.float64)  # (trees, 8) log-odds
        self._places = np.arange(len(first)) * self.leaves.shape[1]  # of each tree's first leaf

    def __call__(self, table: Floats) -> Floats:
        columns = np.ascontiguousarray(table.T)  # side by side in memory, for every step runs along the blocks
        reached = np.full((len(self.leaves), len(table)), 0xFF, np.uint8)
        stays = np.negative((columns[self.feature] <= self.cut).view(np.uint8))  # 0xFF: goes left and loses no leaf
        for question, mask in zip(self.question, self.mask, strict=True):
            reached &= stays[question] | mask
        leaf = self._LOWEST_BIT[np.ascontiguousarray(reached.T)]
        return sigmoid(self.leaves.take(leaf + self._places).sum(axis=1))


def sigmoid(log_odds: Floats) -> Floats:
    return 1 / (1 + np.exp(-np.clip(log_odds, -30, 30)))


@dataclass(frozen=True, slots=True)
class Answers:
    """What a model says of the m blocks of a page, or the m lines of a dump."""

    table: Floats  # (m, f) the features, in the model's order
    probability: Floats  # (m,) that a block belongs to the story


@dataclass(frozen=True, slots=True)
class TwoLooks:
    """A model whose first look sees each block alone, and whose second look sees the first answers around it too."""

    version: str
    groups: Mapping[str, Sequence[str]]  # group -> its features, in the order of the table's columns
    first: Linear
    second: Trees

    def table(self, found: Mapping[str, Columns]) -> Floats:
        """Return the features (m, f) in the order of the weights."""
        return stack(column for name in self.groups for column in found[name].values())

    def probability(self, table: Floats, context: Callable[[Floats], Columns]) -> Floats:
        """Return the second look's answers (m,).

        context  from the first look's answers (m,) to what the second look sees besides the features.
        """
        return self.second(np.concatenate((table, stack(context(self.first(table)).values())), axis=1))


def spec_of(path: Path | None, name: str) -> dict[str, Any]:
    """Return the content of a model file; None: of the one of this name that ships with newsfold."""
    spec: dict[str, Any] = json.loads((path or seeds() / "models" / name).read_text("utf-8"))
    return spec


def looks_of(spec: Mapping[str, Any]) -> tuple[str, Mapping[str, Sequence[str]], Linear, Trees]:
    """Return what every model is made of, in the order of `TwoLooks`."""
    return spec["version"], spec["groups"], Linear(spec["first"]), Trees(spec["second"])
