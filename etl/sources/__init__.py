"""Bytes from the world: paths, folders, globs and standard input become references, references become documents.

Planning and reading are apart, so that a batch is a small value that any worker can take. A kind of
source is one module in this folder; it is found, not registered, and offers

    FORMAT: str                  its name for --format
    SUFFIXES: tuple[str, ...]    file names it claims
    RANGES: bool                 optional: its references are parts of files, which need not be read twice
    split(file, chunk, start=0) -> Iterator[Ref]    references to about `chunk` documents each, from a place on
    read(ref, source, max_bytes) -> Iterator[RawDocument | Rejected | Passed]

A kind whose references are ranges tells `split` where to go on; it raises Reject where a file is broken.
"""

from etl.sources.plan import Plan, batches, plan
from etl.sources.read import read
from etl.sources.ref import Passed, Ref
from etl.sources.stdin import spooled

__all__ = ["Passed", "Plan", "Ref", "batches", "plan", "read", "spooled"]
