"""Batches get smaller towards the end, so that all workers come to their end together."""

from hypothesis import given
from hypothesis import strategies as st

from etl.execution import FEWEST, sizes

counts = st.integers(1, 20_000)


@given(counts, st.integers(1, 16), st.integers(1, 1000))
def test_every_document_is_in_one_batch_and_none_is_larger_than_the_one_before(documents, jobs, most):
    found = list(sizes(documents, jobs, most))
    assert sum(found) == documents
    assert found == sorted(found, reverse=True)
    assert max(found) <= most
    assert min(found[:-1], default=FEWEST) >= min(most, FEWEST), "small batches cost more than they save"


@given(counts, st.integers(2, 16))
def test_the_last_batches_are_small(documents, jobs):
    assert list(sizes(documents, jobs, 500))[-1] <= FEWEST or documents <= FEWEST


def test_where_there_is_nothing_there_is_no_batch():
    assert list(sizes(0, 2, 500)) == []
