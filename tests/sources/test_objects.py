"""Objects of a store: found by address, folder and glob, fetched by whoever takes the batch. A store over HTTP."""

import threading
from collections import Counter
from collections.abc import Iterator
from email.utils import formatdate
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from s3fs import S3FileSystem
from sqlalchemy import create_engine, text

from etl.errors import InputError
from etl.sources import plan, read
from tests.support import SAMPLE, run_ingest

CHANGED_AT = 1_772_000_000  # seconds since 1970
ENTRY = "<Contents><Key>{}</Key><LastModified>2026-02-25T06:13:20.000Z</LastModified><ETag>x</ETag><Size>{}</Size></Contents>"


class Store(ThreadingHTTPServer):
    """As much of S3 as reading needs: a list of a bucket by prefix, and objects."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.objects: dict[str, bytes] = {}
        self.sent: Counter[str] = Counter()


class Handler(BaseHTTPRequestHandler):
    server: Store

    def do_HEAD(self) -> None:
        self._object(whole=False)

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        if "list-type" not in asked.query:
            self._object(whole=True)
            return
        prefix = parse_qs(asked.query).get("prefix", [""])[0]
        found = sorted(key for key in self.server.objects if key.startswith(prefix))
        entries = "".join(ENTRY.format(key, len(self.server.objects[key])) for key in found)
        body = f"<ListBucketResult><Name>news</Name><IsTruncated>false</IsTruncated>{entries}</ListBucketResult>"
        self._answer(200, body.encode(), True)

    def _object(self, whole: bool) -> None:
        key = unquote(urlsplit(self.path).path).removeprefix("/news").lstrip("/")
        self.server.sent[key] += whole
        known = key in self.server.objects
        self._answer(200 if known else 404, self.server.objects.get(key, b""), whole)

    def _answer(self, status: int, body: bytes, whole: bool) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", f'"{md5(body).hexdigest()}"')
        self.send_header("Last-Modified", formatdate(CHANGED_AT, usegmt=True))
        self.end_headers()
        if whole:
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    with Store() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.setenv(name, "reader")
        S3FileSystem.clear_instance_cache()  # it would ask the store of the test before
        yield server
        server.shutdown()


def put_sample(store: Store) -> list[Path]:
    paths = sorted(SAMPLE.glob("*.txt"))[:6]
    for path in paths:
        store.objects[f"dumps/{path.name}"] = path.read_bytes()
    line = (
        b'{"id": "k7", "headline": "Ferry stays", "text": "The ferry of Ostmere stays in service until the spring."}\n'
    )
    store.objects["dumps/deep/records.jsonl"] = line
    store.objects["dumps/photo.jpg"] = b"\xff\xd8"
    return paths


def test_workers_fetch_what_the_address_stands_for_and_a_rerun_finds_it_unchanged(store, tmp_path):
    paths, database_url = put_sample(store), f"sqlite:///{tmp_path}/news.db"
    report = run_ingest(database_url, ["s3://news/dumps"], jobs=2, batch_size=3)
    assert (report.batches.read, report.ignored_files, report.failed_batches) == (len(paths) + 1, 1, ())
    assert store.sent == {f"dumps/{path.name}": 1 for path in paths} | {"dumps/deep/records.jsonl": 1}
    engine = create_engine(database_url)
    with engine.connect() as db:
        found = db.execute(text("select uri, fetched_at from document order by uri")).all()
    engine.dispose()
    assert found[0][0] == f"s3://news/dumps/{paths[0].name}"
    assert {at for _, at in found} == {"2026-02-25 06:13:20"}, "the time that the store gives, not that of the run"
    again = run_ingest(database_url, ["s3://news/dumps"], jobs=2, batch_size=3).batches
    assert (again.loaded, again.unchanged + again.rejected) == (0, len(paths) + 1)


@pytest.mark.parametrize(
    ("locator", "names"),
    [
        ("s3://news/dumps/deep/records.jsonl", ["records.jsonl"]),
        ("s3://news/dumps/deep", ["records.jsonl"]),
        ("s3://news/dumps/**/*.jsonl", ["records.jsonl"]),
    ],
)
def test_an_address_may_be_an_object_a_folder_or_a_glob(store, locator, names):
    put_sample(store)
    assert [file.path.name for file, _ in plan([locator]).files] == names


def test_an_object_that_goes_away_before_it_is_read_is_rejected(store, tmp_path):
    put_sample(store)
    found = plan(["s3://news/dumps/deep"])
    store.objects.clear()
    [lost] = read(found.refs(500), "test", 1 << 20)
    assert (lost.stage, lost.reason) == ("read", "unreadable")


def test_what_cannot_be_had_is_said_in_one_line(store):
    with pytest.raises(InputError, match="no documents at s3://news/nothing"):
        plan(["s3://news/nothing"])
    with pytest.raises(InputError, match="gcsfs"):
        plan(["gs://news/dumps"])
