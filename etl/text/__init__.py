"""One meaning of "same text": folded white space, normal form, words, hashes.

Everything that compares text uses these, so that two stages never disagree on what a word is.
"""

from etl.text.tokens import text_hash
from etl.text.words import count_words, fold_space, normal_form, word_spans, words

__all__ = ["count_words", "fold_space", "normal_form", "text_hash", "word_spans", "words"]
