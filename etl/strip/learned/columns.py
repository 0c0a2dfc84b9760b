"""Columns of numbers over the m blocks of a page, or the m lines of a dump: what features are made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Columns = dict[str, Floats]  # by name, each (m,)


def flags(values: Sequence[bool] | Bools) -> Floats:
    return np.array(values, np.float64)


def stack(columns: Iterable[Floats]) -> Floats:
    """Return columns side by side, (m, f)."""
    return np.ascontiguousarray(np.array(list(columns)).T)


def running(values: Floats) -> Floats:
    """Return the sums of the first 0, 1 ... m values: (m,) -> (m + 1,)."""
    return np.concatenate(([0.0], np.cumsum(values, dtype=np.float64)))


def shifted(values: Floats, by: int, missing: float) -> Floats:
    """Return each block's value of the neighbour `by` blocks on; `missing` beyond the page."""
    moved = np.full(len(values), missing)
    if abs(by) < len(values):
        if by > 0:
            moved[:-by] = values[by:]
        else:
            moved[-by:] = values[:by]
    return moved


def gaps(flags: Bools, far: int) -> tuple[Floats, Floats, Bools]:
    """Return the blocks since the last and until the next flagged one (far + 1: none), and whether it has both."""
    m = len(flags)
    index = np.arange(m)
    last = shifted(np.maximum.accumulate(np.where(flags, index, -1)).astype(np.float64), -1, -1.0)
    following = np.minimum.accumulate(np.where(flags, index, m)[::-1])[::-1].astype(np.float64)
    following = shifted(following, 1, float(m))
    since = np.where(last >= 0, np.minimum(index - last, far), far + 1.0)
    until = np.where(following < m, np.minimum(following - index, far), far + 1.0)
    return since, until, (last >= 0) & (following < m)
