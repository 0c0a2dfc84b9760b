"""Bylines to names: what is no name is taken off, and agencies are told from people."""

from __future__ import annotations

import re
from collections.abc import Iterable

from etl.agencies import credited as agency_credited
from etl.text import fold_space, normal_form

_NOISE = re.compile(r"\S+@\S+|https?://\S+|www\.\S+|(?<!\w)@\w+|\([^)]*\)|\[[^\]]*\]|<[^>]*>")
_LEAD = re.compile(
    r"^(?:(?:written|reported|posted|published|edited|compiled|story|words|article|interview|analysis|opinion|text)\s+by|by|von|par|por|di|door|"
    r"av|af|auteure?s?|artikel von|texte?|autore?n?|autor[ae]?|author|"
    r"quelle|source|fuente|fonte|автор|текст|от|από)(?:\s*:\s*|\s+)|^(?:from|text|words|автор)\s*:\s*",
    re.IGNORECASE,
)
_STOP = re.compile(
    r"\s*(?:\b(?:updated|published|posted|last modified|aktualisiert|veröffentlicht|publié|mis à jour"
    r"|actualizado|publicado|aggiornato)\b.*"
    r"|\d.*|\s(?:in|aus|à)\s\w+$|\s[–—|•·]\s.*|\s-\s.*)$",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"\s*[,;/|•·]\s*(?:(?:and|und)\s+)?|\s+(?:and|und|with|&)\s+", re.IGNORECASE)
_WEAK_SPLIT = re.compile(r"\s+(?:et|y|e|och|og|en|i|и|та|і|и|ja)\s+")  # these also stand inside names: Ortega y Gasset
_NOT_A_NAME = re.compile(
    r"\b(?:staff|writers?|reporters?|reporting|correspondents?|editors?|editorial|journalists?|contributors?|columnists?|bureau|desk|team|"
    r"newsroom|news|admin(?:istrator)?|webmaster|press release|chief|agenc(?:y|ies)|agentur(?:en)?"
    r"|correspondants?|journaliste|rédact\w+|"
    r"redakt\w+|redac\w+|redazione|korrespondent\w*|reakcja|редак\w+|кореспондент\w*|корреспондент\w*|read more"
    r"|follow|share|comments?|"
    r"subscribe|view all|see all|articles?|posts?|minutes?|professor|director|analyst|specialist|producer"
    r"|photographer|presenter|manager|"
    r"unknown|anonymous|null|none|undefined|guest|author|byline|photos?|fotos?|bild)\b",
    re.IGNORECASE,
)
_PARTICLES = frozenset(
    (
        "de", "da", "do", "dos", "di", "del", "della", "den", "der", "la", "le", "van", "von",
        "zu", "af", "al", "el", "bin", "ibn", "ter", "ten",
    )
)  # fmt: skip
_LONGEST_BYLINE = 1000
_LONGEST_NAME = 60
_MOST_WORDS = 6


def clean(
    texts: Iterable[str], publisher: str | None = None, host: str | None = None
) -> tuple[tuple[str, ...], str | None]:
    """Return the names of persons in the bylines, each once and in order, and the first agency credited there.

    publisher, host  names that are the paper's own, not a person's.
    """
    own = {normal_form(name) for name in (publisher, host, (host or "").split(".")[0]) if name}
    people: dict[str, str] = {}
    agency: str | None = None
    for part in (part for text in texts for part in _without_places(list(_parts(text)))):
        key = normal_form(part)
        if credited := agency_credited(part):
            agency = agency or credited
        elif key and key not in own and _is_name(part):
            people.setdefault(key, part)
    return tuple(people.values()), agency


def _parts(text: str) -> Iterable[str]:
    if len(text) > _LONGEST_BYLINE:
        return
    text = _LEAD.sub("", fold_space(_NOISE.sub(" ", text)))
    for part in _SPLIT.split(text):
        pieces = _WEAK_SPLIT.split(part)
        for piece in pieces if all(len(p.split()) > 1 for p in pieces) else [part]:
            yield _STOP.sub("", _LEAD.sub("", piece)).strip(" .:–—-*\"'“”")


def _without_places(parts: list[str]) -> list[str]:
    """Return the parts of one byline without single words beside full names: towns, sections, "Reuters" aside."""
    full = any(" " in part and _is_name(part) for part in parts)
    return [part for part in parts if not full or " " in part or agency_credited(part)]


def _is_name(part: str) -> bool:
    words = part.split()
    if not 2 <= len(part) <= _LONGEST_NAME or len(words) > _MOST_WORDS or _NOT_A_NAME.search(part):
        return False
    first = words[0]
    if first.lower() in _PARTICLES:
        return len(words) > 1
    return first[0].isalpha() and not first[0].islower() and (len(part) > 2 or not part.isascii())
