"""Clean articles in, fingerprints out, a batch at a time."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from etl.fingerprint.scheme import SCHEME
from etl.fingerprint.shingles import lay_out, shingle_hashes
from etl.fingerprint.signature import sign, sketch
from etl.records import CleanArticle, Fingerprint
from etl.text import count_words, normal_form

_COUNTED_IN_TWOS = re.compile("[\u3040-\U0010ffff]")  # where ideographs begin; texts without one are counted at once


def fingerprint(articles: Sequence[CleanArticle]) -> list[Fingerprint]:
    """Return one fingerprint an article, in order; each depends on its article alone."""
    paragraphs = [[normal_form(p.text) for p in article.paragraphs] for article in articles]
    bodies = [" ".join(filter(None, forms)) for forms in paragraphs]
    layout = lay_out(bodies)
    hashes, offsets = shingle_hashes(layout, SCHEME.shingle_words)
    keys, key_offsets = shingle_hashes(layout, SCHEME.sketch_words)
    made = []
    for i, signature in enumerate(sign(hashes, offsets)):
        own = keys[key_offsets[i] : key_offsets[i + 1]]
        made.append(
            Fingerprint(
                scheme=SCHEME.name,
                text_hash=_hash(bodies[i]),
                paragraph_hashes=tuple(map(_hash, paragraphs[i])),
                signature=signature,
                sketch=() if signature is None else sketch(own, SCHEME.sketch_size),
                word_count=_word_count(bodies[i]),
            )
        )
    return made


def _hash(form: str) -> int:
    """Return `etl.text.text_hash` of a text whose normal form this is (a test holds the two equal)."""
    return int.from_bytes(hashlib.blake2b(form.encode(), digest_size=8).digest(), "big", signed=True)


def _word_count(form: str) -> int:
    if _COUNTED_IN_TWOS.search(form):
        return count_words(form)
    return form.count(" ") + 1 if form else 0
