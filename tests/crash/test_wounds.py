"""A few of the trials of tests/benchmarks/crashes.py: a crash at any moment leaves what an undisturbed run leaves."""

import random

import pytest
from sqlalchemy.engine import make_url

from tests.benchmarks.crashes import endure, measure, trials


@pytest.mark.parametrize("seed", [1, 2])
def test_a_wounded_run_and_its_repetition_leave_the_same_tables(empty_database_url, tmp_path, seed):
    undisturbed, took = measure(lambda: make_url(f"sqlite:///{tmp_path}/undisturbed.db"))
    [trial] = trials(seed, 1, took, ("worker",))
    found, _ = endure(trial, make_url(empty_database_url), random.Random(seed))
    assert found == undisturbed
