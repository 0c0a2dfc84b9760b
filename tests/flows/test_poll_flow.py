"""The flow `poll` does what the plain poll does, explains its parameters, and leaves its report."""

from typing import Any

from prefect.artifacts import Artifact
from prefect.utilities.callables import parameter_schema

from etl.db.connect import open_engine
from etl.db.sources import NewsSource, put_sources
from etl.db.upgrade import upgrade
from etl.settings import read_settings
from flows.local import run_poll
from flows.poll import poll
from flows.report import KEY
from tests.feeds.made import item, rss
from tests.newsroom import Newsroom
from tests.poll.feeds50 import page

FIELDS: dict[str, Any] = parameter_schema(poll).model_dump()["properties"]


def test_it_loads_what_is_new_and_a_second_run_finds_nothing_due(tmp_path, prefect_server):
    url = f"sqlite:///{tmp_path / 'news.db'}"
    engine = open_engine(url)
    upgrade(engine)
    settings = read_settings(database_url=url, jobs=2, batch_size=1, allow_private=True, host_interval_s=0)
    with Newsroom() as room:
        room.page("/rss", rss(item(1, room.url("/1.html")), item(2, room.url("/2.html"))))
        for number in (1, 2):
            room.page(f"/{number}.html", page("post", number))
        put_sources(engine, [NewsSource("post", "feed", room.url("/rss")), NewsSource("gone", "feed", room.url("/no"))])
        report = run_poll(settings)
        assert (report.flow, report.status) == ("poll", "done")  # a source that fails does not fail the run
        assert (report.batches.loaded, report.polled and report.polled.failed) == (2, 1)
        again = run_poll(settings)
        assert (again.batches.read, again.polled and again.polled.due) == (0, 0)
    artifact = Artifact.get(KEY)
    assert artifact is not None
    assert "### Sources to look at" in artifact.data


def test_every_parameter_is_explained():
    assert all(field.get("description") for field in FIELDS.values())
