"""Clean articles in, fingerprints out, a batch at a time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from etl.fingerprint.scheme import SCHEME
from etl.fingerprint.shingles import shingle_hashes
from etl.fingerprint.signature import sign, sketches
from etl.records import CleanArticle, Fingerprint
from etl.text.tokens import count_words, text_hashes, tokenise


def fingerprint(articles: Sequence[CleanArticle]) -> list[Fingerprint]:
    """Return one fingerprint an article, in order; each depends on its article alone."""
    tokens = tokenise([p.text for article in articles for p in article.paragraphs])
    ends = np.cumsum([0, *(len(article.paragraphs) for article in articles)])
    bodies = tokens.offsets[ends]  # where each article's words begin
    hashes = text_hashes(tokens.hashes, tokens.offsets)
    words = count_words(tokens)
    signatures = sign(*shingle_hashes(tokens.hashes, bodies, SCHEME.shingle_words))
    shingles, begins = shingle_hashes(tokens.hashes, bodies, SCHEME.sketch_words)
    found = sketches(shingles, begins, SCHEME.sketch_size, SCHEME.sketch_opening)
    whole = zip(text_hashes(tokens.hashes, bodies), count_words(tokens, ends), signatures, found, strict=True)
    spans = zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True)
    return [
        Fingerprint(
            scheme=SCHEME.name,
            text_hash=text_hash,
            paragraph_hashes=tuple(hashes[first:last]),
            signature=signature,
            sketch=() if signature is None else sketch,
            word_count=word_count,
            paragraph_words=tuple(words[first:last]),
        )
        for (first, last), (text_hash, word_count, signature, sketch) in zip(spans, whole, strict=True)
    ]
