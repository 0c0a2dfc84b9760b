"""A few of the trials of tests/benchmarks/crashes.py: a crash at any moment leaves what an undisturbed run leaves."""

import pytest
from sqlalchemy.engine import make_url

from tests.benchmarks.crashes import SAMPLE, Place, Trial, endure, measure


@pytest.mark.parametrize("moment", [0.0, 0.4])  # at 0 the first worker is killed as soon as it is there
def test_a_wounded_run_and_its_repetition_leave_the_same_tables(empty_database_url, tmp_path, moment):
    place = Place("sqlite", [SAMPLE], {})
    undisturbed, took = measure(place, make_url(f"sqlite:///{tmp_path}/undisturbed.db"), through_prefect=False)
    trial = Trial("sqlite", 1, 0, "worker", moment)
    found, hurt, _ = endure(trial, make_url(empty_database_url), place, took)
    assert hurt or moment  # who is late on a busy machine may find the run over
    assert found == undisturbed
