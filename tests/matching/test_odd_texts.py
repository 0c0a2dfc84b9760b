"""Texts that no one writes get a result, quickly: in a process that is killed when it takes more than its time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CPU_SECONDS = 30  # each takes a fraction of it, with all imports; an algorithm that grows with the square does not
PROCESS = """
import resource, sys
resource.setrlimit(resource.RLIMIT_CPU, (int(sys.argv[1]), int(sys.argv[1])))
from etl.db.connect import open_engine, reading
from etl.db.runs import start_run
from etl.settle import match_and_learn
from sqlalchemy import text
from tests.matching.made import document, load

texts = {
    "one word": ["word"],
    "ten megabytes": [" ".join(f"word{i % 9973}" for i in range(k, k + 1000)) for k in range(1_100_000 // 1000)],
    "one word of a megabyte": ["w" * 1_000_000],
    "digits": ["1234567890 " * 2000],
    "emoji": ["\\U0001f600\\U0001f468\\u200d\\U0001f469 " * 2000],
    "equal paragraphs": ["The same few words again and again."] * 100_000,
    "ideographs": ["\\u65b0\\u805e" * 100_000],
}[sys.argv[2]]
engine = open_engine(sys.argv[3])
run = start_run(engine, "ingest", {})
load(engine, run, [document(1, texts, 0), document(2, [*texts, "And a last one."], 0)])
compared, pairs, _ = match_and_learn(engine, run)
with reading(engine) as conn:
    print(compared, pairs, conn.scalar(text("SELECT count(DISTINCT story_id) FROM article")))
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one word", "2 0 2"),
        ("ten megabytes", "2 1 1"),
        ("one word of a megabyte", "2 0 2"),
        ("digits", "2 1 1"),
        ("emoji", "2 0 2"),
        ("equal paragraphs", "2 1 1"),
        ("ideographs", "2 1 1"),
    ],
)
def test_a_result_in_little_time(sqlite_template, tmp_path, text, expected):
    path = tmp_path / "news.db"
    path.write_bytes(sqlite_template.read_bytes())
    call = [sys.executable, "-c", PROCESS, str(CPU_SECONDS), text, f"sqlite:///{path}"]
    done = subprocess.run(call, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip() == expected
