"""A small model, learned from labelled pages, that tells which blocks of a page are its story."""
