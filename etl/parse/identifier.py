"""The language identifier, its model unpacked once for all processes of a user.

py3langid ships its model packed: to unpack it takes a quarter of a second, and 70 MB in each process. Kept unpacked, it
is mapped: there at once, and in memory once however many processes ask. Where nothing can be kept, it is unpacked.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path

import numpy as np
import py3langid
from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier

_PARTS = ("nb_ptc", "nb_pc", "nb_classes", "tk_nextmove", "tk_row", "tk_output")  # one file each


def classify(text: str) -> str:
    """Return the likeliest language of a text, ISO 639-1 where it has such a code."""
    return str(_identifier().classify(text)[0])


def rank(text: str) -> list[tuple[str, float]]:
    """Return all languages with their scores, logarithms, the likeliest first."""
    return [(str(name), float(score)) for name, score in _identifier().rank(text)]


@cache
def _identifier() -> LanguageIdentifier:
    try:
        folder = _folder()
        return mapped(folder)
    except (OSError, EOFError, RuntimeError, TypeError, ValueError):  # not kept yet, no home, another py3langid
        identifier = unpacked()
    with suppress(OSError, RuntimeError, AttributeError):  # no room, no right, no home; or another was quicker
        keep(identifier, _folder())
    return identifier


def unpacked() -> LanguageIdentifier:
    """Return the identifier as py3langid ships it."""
    return LanguageIdentifier.from_model_file(MODEL_FILE)


def _folder() -> Path:
    packed = MODEL_DIR / MODEL_FILE
    return Path.home() / ".cache" / "newsfold" / f"py3langid-{py3langid.__version__}-{packed.stat().st_size}"


def mapped(folder: Path) -> LanguageIdentifier:
    """Return the identifier that is kept in a folder. raises OSError, EOFError, ValueError: not whole."""
    parts = (np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")) for name in _PARTS)
    scores, priors, languages, moves, rows, outputs = parts
    # A view gives numbers of Python, as the array does that it stands for.
    return LanguageIdentifier(scores, priors, languages.tolist(), moves.data, outputs.tolist(), tk_row=rows.tolist())


def keep(identifier: LanguageIdentifier, folder: Path) -> None:
    """Keep the model of an identifier in a new folder, whole or not at all. raises OSError: not at all."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=folder.name, dir=folder.parent) as begun:
        whole = Path(begun) / "whole"
        whole.mkdir()
        for name in _PARTS:
            with (whole / f"{name}.npy").open("wb") as file:
                np.save(file, np.asarray(getattr(identifier, name)))
                os.fsync(file.fileno())  # a folder of this name is whole, even after a power cut
        whole.rename(folder)
