"""The parameters of a fingerprint, and a name that no two sets of parameters share."""

from __future__ import annotations

from dataclasses import replace

from etl.records import Scheme


def named(scheme: Scheme) -> Scheme:
    """Return the scheme under the name that its parameters spell."""
    name = (
        f"minhash{scheme.permutations}-{scheme.family}-seed{scheme.seed}-{scheme.hash}"
        f"-word{scheme.shingle_words}-bottom{scheme.sketch_size}word{scheme.sketch_words}open{scheme.sketch_opening}"
        f"-{scheme.rule_version}"
    )
    return replace(scheme, name=name)


SCHEME = named(
    Scheme(
        name="",
        permutations=128,  # standard error of the Jaccard estimate at most 1 / (2 * sqrt(128)) = 0.044
        seed=1,  # datasketch's default
        hash="token64",  # etl.text.tokens and etl.fingerprint.shingles; the low 32 bits go into the signature
        family="affine32",  # datasketch 2's default; permutations of 1.x differ
        shingle_words=5,  # the usual choice for news; shorter ones call templates alike
        sketch_size=15,  # rows an article, under 1 KB of PostgreSQL; 18 would find up to .007 more of the copies
        sketch_words=4,  # keys shared by chance: 1.8 % at 10,000 articles with 3 words, growing with the corpus
        # News is cut from its end. Of 90-word first takes .78 to .83 share two keys with their stories, .56 where the
        # opening is as likely as the rest, .90 to .94 where it is four times as likely; of texts behind 300 words of
        # something else .97, .98 and .92; of the last 40 % of texts .94, .99 and .80.
        sketch_opening=64,
        rule_version="words2",  # of etl.text: normal form and words; 1 cut words at vowel signs
    )
)
