"""Pages as the web serves them: every one is loaded or rejected with a reason, none crashes."""

import gzip
import json

import pytest
from sqlalchemy import create_engine, text

from tests.support import run_ingest, shared


@pytest.mark.parametrize(("corpus", "pages"), [("aeb", 91), ("fundus", 120)])
def test_every_page_is_accounted_for(database_url, tmp_path, corpus, pages):
    path = tmp_path / f"{corpus}.jsonl"
    with gzip.open(shared("corpora", f"{corpus}-dev.jsonl.gz"), "rt", encoding="utf-8") as rows:
        kept = ({key: row[key] for key in ("id", "url", "html_b64")} for row in map(json.loads, rows))
        path.write_text("".join(json.dumps(row) + "\n" for row in kept), "utf-8")
    report = run_ingest(database_url, [path], jobs=2, batch_size=50)
    batches = report.batches
    assert report.failed_batches == ()
    assert batches.read == pages == batches.loaded + batches.rejected
    assert batches.loaded >= 0.95 * pages
    with create_engine(database_url).connect() as db:
        rejected = db.execute(text("select stage, reason, detail from v_rejected")).all()
        faults = [row for row in rejected if row.reason == "fault"]
        assert (len(rejected), faults) == (batches.rejected, [])
        assert db.execute(text("select count(*) from v_articles where body = ''")).scalar_one() == 0
