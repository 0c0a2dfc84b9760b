"""Bylines to names: what is no name is taken off, and agencies are told from people."""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from functools import lru_cache

from etl.agencies import credited as agency_credited
from etl.text import fold_space, normal_form

_NOISE = re.compile(r"\S+@\S+|https?://\S+|www\.\S+|(?<!\w)@\w+|\([^)]*\)|\[[^\]]*\]|<[^>]*>")
_LEAD = re.compile(
    r"^(?:(?:written|reported|posted|published|edited|compiled|story|words|article|interview|analysis|opinion|text)\s+by|by"
    r"|(?:erstellt|verfasst|geschrieben|veröffentlicht|beitrag|text)\s+von|von|par|por|di|door|"
    r"av|af|auteure?s?|artikel von|texte?|autore?n?|autor[ae]?|author|"
    r"quelle|source|fuente|fonte|автор|текст|от|από)(?:\s*:\s*|\s+)|^(?:from|text|words|автор)\s*:\s*|^(?-i:By(?=[A-Z]))",
    re.IGNORECASE,
)
# What a link or a box says before it names the one: "View all posts by ...", "capital von ...". A capital in front of
# "von" may begin a name, Hans von Storch, unless two words with capitals follow.
_INNER = re.compile(
    r"^[^,;|]{0,60}?\b(?:(?:by|By|par|por|vom)|(?:[a-zß-ÿ]+|Alles|Beiträge|Artikel|Text|Beitrag)\s+von)\s+(?=[^\W\d_])"
    r"|^[^,;|]{1,60}?\svon\s+(?=[A-ZÀ-Þ]\w+\s+[A-ZÀ-Þ]\w)"
)
_WEEKDAY = re.compile(r"\b(?:Mo|Di|Mi|Do|Fr|Sa|So|Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,8}\.?,?\s+(?=\d)")
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
    r"|follow|share|comments?|kommentare?|commentaires?|comentarios?|"
    r"subscribe|view all|see all|articles?|posts?|minutes?|professor|director|analyst|specialist|producer"
    r"|photographer|presenter|manager|"
    r"unknown|anonymous|null|none|undefined|guest|author|byline|photos?|fotos?|bild|nachrichten|online|gmbh|verlag|magazine?"
    r"|blog|media|presse?|e\.?v|ltd|inc|\w*stiftung|\w*zeitung|\w*redaktion|\w*institut|no)\b",
    re.IGNORECASE,
)
_SIGN = re.compile(r"[\"“”„«»?!…:/]")  # none stands in a name
_NOBODY = re.compile(
    r"(?:staff|senior|guest|news|web|online|no|by|the|our)*(?:admin\w*|webmaster|unknown|anonymous|null|none|undefined|guest|author|byline"
    r"|writers?|reporters?|correspondents?|editors?|editorial|staff|team|journalists?|contributors?|newsroom|redaktion|redacción|redazione"
    r"|la rédaction|rédaction|news|nachrichten|photos?|fotos?|bild)"
)
_NICKNAME = re.compile(r"(?=.*[^\W\d_])[\w][\w.-]{2,29}")
_ARTICLE = re.compile(r"^(?:the|die|der|das|le|la|les|el|il)\s+(?=\S{3})", re.IGNORECASE)
_PARTICLES = frozenset(
    (
        "de", "da", "do", "dos", "das", "di", "del", "della", "dal", "den", "der", "des", "du", "la", "le", "los",
        "las", "van", "von", "v.", "zu", "zum", "zur", "und", "af", "al", "el", "bin", "ibn", "ben", "ter", "ten",
        "y", "e",
    )
)  # fmt: skip
_LONGEST_BYLINE = 1000
_LONGEST_NAME = 60
_MOST_WORDS = 6
_FEWEST_COLLECTIVE_CHARS = 4
_MOST_NICKNAMES = 2  # a byline of more single words is a sentence


def clean(
    texts: Iterable[str], publisher: str | None = None, host: str | None = None
) -> tuple[tuple[str, ...], str | None]:
    """Return the names of persons in the bylines, each once and in order, and the first agency credited there.

    publisher, host  names that are the paper's own, not a person's.
    """
    own = _own(publisher, host)
    people: dict[str, str] = {}
    agency: str | None = None
    for part in (part for text in texts if _key(text) not in own for part in _without_places(list(_parts(text, own)))):
        key = _key(part)
        if credited := agency_credited(part):
            agency = agency or credited
        elif key and key not in own and _is_name(part):
            people.setdefault(key, part)
    return tuple(people.values()), agency


def collective(texts: Iterable[str], publisher: str | None = None, host: str | None = None) -> str | None:
    """Return the paper itself or a desk of it ("Harbour Post Staff"), where a byline names that and no person.

    An agency is none, and neither is a bare title ("Staff Writer") nor what a program fills in ("admin").
    """
    own = _own(publisher, host)
    for text in (text for text in texts if len(text) <= _LONGEST_NAME):
        name = _STOP.sub("", _LEAD.sub("", fold_space(_NOISE.sub(" ", text)))).strip(" .:–—-*\"'“”,;|/")
        key = _key(name)
        if len(key) < _FEWEST_COLLECTIVE_CHARS or agency_credited(name) or _NOBODY.fullmatch(key):
            continue
        if key in own or (_NOT_A_NAME.search(name) and not _SIGN.search(name) and len(name.split()) <= _MOST_WORDS):
            return name
    return None


def nickname(texts: Iterable[str], publisher: str | None = None, host: str | None = None) -> str | None:
    """Return what a user calls himself ("c3po"), where a byline is that single small word."""
    own = _own(publisher, host)
    bare = (_LEAD.sub("", fold_space(text)) for text in texts if len(text) <= _LONGEST_NAME)
    return next(
        (name for name in bare if _NICKNAME.fullmatch(name) and not _is_nobody(name) and _key(name) not in own), None
    )


def _is_nobody(name: str) -> bool:
    return _NOBODY.fullmatch(_key(name)) is not None or _NOT_A_NAME.search(name) is not None


@lru_cache(maxsize=16)
def _own(publisher: str | None, host: str | None) -> frozenset[str]:
    names = (publisher, host, (host or "").split(".")[0])
    return frozenset(key for name in names if name and (key := _key(name)))


def _key(name: str) -> str:
    """Return letters and digits of a name without its article, lower case."""
    return normal_form(_ARTICLE.sub("", name.strip())).replace(" ", "")


def _parts(text: str, own: Set[str]) -> Iterable[str]:
    if len(text) > _LONGEST_BYLINE:
        return
    text = _INNER.sub("", _LEAD.sub("", _WEEKDAY.sub(" ", fold_space(_NOISE.sub(" ", text)))))
    for part in _SPLIT.split(text):
        pieces = _WEAK_SPLIT.split(part)
        for piece in pieces if all(len(p.split()) > 1 for p in pieces) else [part]:
            yield _without_paper(_STOP.sub("", _LEAD.sub("", piece)).strip(" .:–—-*\"'“”"), own)


def _without_paper(part: str, own: Set[str]) -> str:
    """Return a name without the paper behind it: "Ann Lee Harbour Post Staff"."""
    row = part.split()
    if len(row) > 2 and _key(row[-1]) in ("staff", "team"):
        row = row[:-1]
    for start in range(2, len(row)):
        if _key(" ".join(row[start:])) in own:
            return " ".join(row[:start])
    return part


def _without_places(parts: list[str]) -> list[str]:
    """Return the parts of one byline without single words beside full names: towns, sections, "Reuters" aside."""
    full = len(parts) > _MOST_NICKNAMES or any(" " in part and _is_name(part) for part in parts)
    return [part for part in parts if not full or " " in part or agency_credited(part)]


def _is_name(part: str) -> bool:
    words = part.split()
    if (
        not 2 <= len(part) <= _LONGEST_NAME
        or len(words) > _MOST_WORDS
        or _NOT_A_NAME.search(part)
        or _SIGN.search(part)
    ):
        return False
    if words[0].lower() in _PARTICLES and len(words) == 1:
        return False
    return all(map(_may_be_in_name, words)) and (len(part) > 2 or not part.isascii())


def _may_be_in_name(word: str) -> bool:
    """Return whether a word is a particle or begins with a letter that is not a small one."""
    return word.lower() in _PARTICLES or (word[0].isalpha() and not word[0].islower())
