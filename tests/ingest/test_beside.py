"""Articles are compared, and sites learned, while batches are still folded: the tables are those of one batch."""

import random

import pytest
from sqlalchemy import create_engine

from etl import loading, settle
from tests.site_memory import made
from tests.support import run_ingest


@pytest.fixture
def no_learning_in_batches(monkeypatch):
    monkeypatch.setattr(loading, "LOOK_EVERY", 1000)


@pytest.mark.usefixtures("no_learning_in_batches")
def test_matching_beside_the_batches_leaves_the_same_tables_and_saves_work(
    tmp_path, database_url, fresh_database_url, dump, monkeypatch
):
    pages = made.write(tmp_path)
    random.Random(3).shuffle(pages)
    paths = [page.rename(tmp_path / f"{number:02}.html") for number, page in enumerate(pages)]  # read in this order
    whole = run_ingest(fresh_database_url, paths)
    monkeypatch.setattr(settle, "BESIDE_CHUNK", 7)
    beside = run_ingest(database_url, paths, batch_size=4)
    assert dump(create_engine(database_url)) == dump(create_engine(fresh_database_url))
    assert 0 < beside.cleaned_again < whole.cleaned_again, "what was learned meanwhile serves the later batches"
    assert beside.known_learned == whole.known_learned


def test_a_site_is_learned_in_the_midst_of_a_batch(tmp_path, database_url, fresh_database_url, dump, monkeypatch):
    made.write(tmp_path)  # the pages of a site stand together
    monkeypatch.setattr(loading, "LOOK_EVERY", 1)
    early = run_ingest(database_url, [tmp_path])
    monkeypatch.setattr(loading, "LOOK_EVERY", 1000)
    late = run_ingest(fresh_database_url, [tmp_path])
    assert dump(create_engine(database_url)) == dump(create_engine(fresh_database_url))
    assert 0 < early.cleaned_again < late.cleaned_again
    net = [one.known_learned - one.known_unlearned for one in (early, late)]
    assert net == [len(made.TEMPLATE)] * 2, "what batches learn is in the report of the run"
