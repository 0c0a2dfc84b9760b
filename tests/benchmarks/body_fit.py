"""Labelled pages -> the weights of the body model: votes for class words, the first look, the second look."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import lightgbm
import numpy as np
from body_pages import OTHER, STORY, Labelled
from sklearn.linear_model import LogisticRegression

from etl.strip.learned.columns import Columns, Floats, stack
from etl.strip.learned.context import context
from etl.strip.learned.features import groups
from etl.strip.learned.looks import Linear
from etl.strip.learned.names import NameScores, name_words
from etl.strip.learned.outline import Outline, outline

FEWEST_SITES = 5  # a class word of fewer sites says nothing about others
STORY_PRIOR, PRIOR_SITES = 0.3, 2.0
FAINT = 0.15  # log-odds nearer to zero are left out of the file
INNER_FOLDS = 4
TREES = {
    "objective": "binary", "num_leaves": 8, "learning_rate": 0.08, "min_data_in_leaf": 30, "lambda_l2": 5.0,
    "feature_fraction": 0.5, "bagging_fraction": 0.8, "bagging_freq": 1, "max_bin": 63, "seed": 0,
    "deterministic": True, "force_row_wise": True, "num_threads": 1, "verbose": -1,
}  # fmt: skip
ROUNDS = 100

Table = dict[str, float]
Shares = dict[str, dict[str, float]]  # word -> site -> share of story


def fold_of(site: str, seed: int, folds: int) -> int:
    return hashlib.sha256(f"{seed} {site}".encode()).digest()[0] % folds


class Votes:
    """Which class words stand over story: one vote a site, and a site's own can be taken back."""

    def __init__(self, pages: Sequence[Labelled]) -> None:
        near: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
        above: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
        for page in pages:
            _count(page, near, above)
        self._shares = [_by_word(near), _by_word(above)]
        self._of_site: dict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
        for scope, shares in enumerate(self._shares):
            for word, sites in shares.items():
                for site in sites:
                    self._of_site[site][scope].append(word)
        self._tables = [self._table(shares) for shares in self._shares]

    def tables(self) -> tuple[Table, Table]:
        return self._tables[0], self._tables[1]

    def without(self, site: str) -> NameScores:
        """Return the tables as they would be without a site's pages."""
        tables = []
        for table, shares, own in zip(self._tables, self._shares, self._of_site[site], strict=True):
            rest = {w: {s: v for s, v in shares[w].items() if s != site} for w in own}
            changed = {**table, **dict.fromkeys(own, 0.0), **self._table(rest)}
            tables.append({w: v for w, v in changed.items() if v})
        return NameScores(*tables)

    @staticmethod
    def _table(shares: Shares) -> Table:
        scored = {w: _log_odds(list(sites.values())) for w, sites in shares.items() if len(sites) >= FEWEST_SITES}
        return {w: v for w, v in scored.items() if abs(v) >= FAINT}


def _log_odds(shares: Sequence[float]) -> float:
    story, n = sum(shares) + PRIOR_SITES * STORY_PRIOR, len(shares) + PRIOR_SITES
    return round(float(np.log(story / (n - story)) - np.log(STORY_PRIOR / (1 - STORY_PRIOR))), 2)


def _by_word(counts: dict[tuple[str, str], list[float]]) -> Shares:
    shares: Shares = defaultdict(dict)
    for (word, site), (story, total) in sorted(counts.items()):
        shares[word][site] = story / total
    return shares


def _count(page: Labelled, near: dict[tuple[str, str], list[float]], above: dict[tuple[str, str], list[float]]) -> None:
    elements = page.document.elements
    for block, label in zip(page.document.blocks, page.labels.tolist(), strict=True):
        if label not in (STORY, OTHER):
            continue
        weight = min(len(block.text.split()), 60) ** 0.5
        own = elements[block.element]
        parent = elements[own.parent] if own.parent >= 0 else own
        over: set[str] = set()
        i = block.element
        while i >= 0:
            over |= name_words(elements[i].names)
            i = elements[i].parent
        for table, found in ((near, name_words(own.names) | name_words(parent.names)), (above, over)):
            for word in found:
                count = table[word, page.site]
                count[0] += weight * label
                count[1] += weight


def looked_at(page: Labelled, names: NameScores) -> tuple[Outline, dict[str, Columns]]:
    document = page.document
    frame = outline(document.blocks, document.elements)
    return frame, groups(document.blocks, document.metadata, frame, names)


def gathered(pages: Sequence[Labelled], tables: Sequence[Floats]) -> tuple[Floats, Floats, Floats]:
    """Return what is learned from: table, labels, weights. A page weighs one, a block by the root of its words."""
    weights = []
    for page in pages:
        v = np.minimum([len(b.text.split()) for b in page.document.blocks], 80) ** 0.5 + 0.5
        weights.append(v / v.sum() * page.weight)
    labels, weight = np.concatenate([p.labels for p in pages]), np.concatenate(weights)
    taught = (labels == STORY) | (labels == OTHER)
    weight = weight[taught] * taught.sum() / weight[taught].sum()
    return np.concatenate(tables)[taught], labels[taught].astype(float), weight


def fit_linear(table: Floats, labels: Floats, weight: Floats) -> dict[str, Any]:
    mean, scale = table.mean(0), table.std(0) + 1e-6
    fitted = LogisticRegression(C=0.3, max_iter=150).fit(np.clip((table - mean) / scale, -5, 5), labels, weight)
    short = {
        k: [float(f"{x:.5g}") for x in v] for k, v in (("mean", mean), ("scale", scale), ("weight", fitted.coef_[0]))
    }
    return {**short, "bias": float(f"{fitted.intercept_[0]:.5g}")}


def fit_trees(table: Floats, labels: Floats, weight: Floats) -> dict[str, Any]:
    booster = lightgbm.train(TREES, lightgbm.Dataset(table, labels, weight=weight), ROUNDS)
    spec: dict[str, Any] = {"feature": [], "cut": [], "mask": [], "first": [], "leaves": []}
    for tree in booster.dump_model()["tree_info"]:
        _flatten(tree["tree_structure"], spec)
    return spec


def _flatten(tree: dict[str, Any], spec: dict[str, Any]) -> None:
    leaves: list[float] = []

    def walk(part: dict[str, Any]) -> list[int]:
        if "split_feature" not in part:
            leaves.append(float(f"{part['leaf_value']:.4g}"))
            return [len(leaves) - 1]
        left, right = walk(part["left_child"]), walk(part["right_child"])
        spec["feature"].append(part["split_feature"])
        spec["cut"].append(float(f"{part['threshold']:.6g}"))
        spec["mask"].append(0xFF & ~sum(1 << i for i in left))
        return left + right

    first = len(spec["feature"])
    walk(tree)
    if len(leaves) > 1:  # a tree without a split says the same of every block
        spec["first"].append(first)
        spec["leaves"].append((leaves + [0.0] * 8)[:8])


def train(pages: Sequence[Labelled], without: Sequence[str] = ()) -> dict[str, Any]:
    """Return the content of a model file. The first look that the second learns from has not seen the page's site.

    without  groups of features that are left out.
    """
    votes = Votes(pages)
    scores = {site: votes.without(site) for site in sorted({p.site for p in pages})}
    frames, tables = [], []
    by_group: dict[str, Columns] = {}
    for page in pages:
        frame, by_group = looked_at(page, scores[page.site])
        by_group = {name: columns for name, columns in by_group.items() if name not in without}
        frames.append(frame)
        tables.append(stack(column for columns in by_group.values() for column in columns.values()))
    firsts = _first_answers(pages, tables)
    both = [
        np.concatenate((table, stack(context(frame, first).values())), axis=1)
        for frame, table, first in zip(frames, tables, firsts, strict=True)
    ]
    near, above = votes.tables()
    return {
        "groups": {name: list(columns) for name, columns in by_group.items()},
        "names": {"near": dict(sorted(near.items())), "above": dict(sorted(above.items()))},
        "first": fit_linear(*gathered(pages, tables)),
        "second": fit_trees(*gathered(pages, both)),
    }


def _first_answers(pages: Sequence[Labelled], tables: Sequence[Floats]) -> list[Floats]:
    answers: list[Floats] = [np.zeros(0)] * len(pages)
    for fold in range(INNER_FOLDS):
        rest = [i for i, p in enumerate(pages) if fold_of(p.site, 99, INNER_FOLDS) != fold]
        look = Linear(fit_linear(*gathered([pages[i] for i in rest], [tables[i] for i in rest])))
        for i, page in enumerate(pages):
            if fold_of(page.site, 99, INNER_FOLDS) == fold:
                answers[i] = look(tables[i])
    return answers
