"""Bytes from the world: paths, folders, globs and standard input become references, references become documents.

Planning and reading are apart, so that a batch is a small value that any worker can take. A kind of
source is one module in this folder; it is found, not registered, and offers

    FORMAT: str                  its name for --format
    SUFFIXES: tuple[str, ...]    file names it claims
    split(file, chunk) -> Iterator[Ref]                      references to at most `chunk` documents each
    read(ref, source, max_bytes) -> Iterator[RawDocument | Rejected]
"""

from etl.sources.plan import Plan, batches, plan
from etl.sources.read import read
from etl.sources.ref import Ref
from etl.sources.stdin import spooled

__all__ = ["Plan", "Ref", "batches", "plan", "read", "spooled"]
