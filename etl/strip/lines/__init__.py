"""The learned choice of the lines of a raw text dump that are the story."""
