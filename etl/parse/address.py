"""URLs: one form for each address, and the identity of an article."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from functools import lru_cache
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

from etl.dates import moment
from etl.records import Metadata, Moment

_TRACKING = re.compile(
    r"(?:utm_\w+|hsa_\w+|pk_\w+|mtm_\w+|at_(?:medium|campaign|custom\d?)"
    r"|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|ttclid|twclid|yclid|ysclid|igshid|mc_cid|mc_eid|_ga|_gl|_hsenc|_hsmi"
    r"|mkt_tok|cmpid|ocid|ncid|s_cid|xtor|wt_?mc|ito|smid|smtyp|ftag|taid|guccounter|guce_referrer\w*|__twitter_impression)",
    re.IGNORECASE,
)
_DEFAULT_PORT = {"http": "80", "https": "443"}
# Second-level domains under which names are registered, as in bbc.co.uk.
_SHARED_LABELS = frozenset(
    ("ac", "co", "com", "edu", "gob", "gov", "govt", "gv", "ltd", "me", "ne", "net", "nom", "or", "org")
)
_URL_DAY = re.compile(
    r"(?:^|[/_-])((?:19|20)\d\d)(?:([/_-])(0?[1-9]|1[0-2])\2(0?[1-9]|[12]\d|3[01])|(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01]))(?!\d)"
)


# Letters that addresses write in another way than without their marks.
_SPELT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "oe", "å": "aa", "æ": "ae", "œ": "oe"})
_PLAIN_WORD = re.compile(r"[^\W_]+")
_FILE_TYPE = re.compile(r"\.\w{2,5}$")
_NUMBER = re.compile(r"\d{3}")
_FEWEST_SLUG_WORDS = 3


def is_web(url: str | None) -> bool:
    """Return whether this is the address of something on the web."""
    return url is not None and url.strip().lower().startswith(("http://", "https://"))


@lru_cache(maxsize=64)  # asked for several times a document
def normalised(url: str | None) -> str | None:
    """Return the address in its one form, or None where it is none of the web.

    Lower-case host, no default port, no fragment, no tracking parameters, the rest of the query sorted.
    """
    if url is None or not is_web(url):
        return None
    try:
        parts = urlsplit(url.strip())
        host = parts.netloc.removesuffix(":" + _DEFAULT_PORT[parts.scheme])
        query = "&".join(pair for pair in parts.query.split("&") if not _TRACKING.fullmatch(pair.split("=")[0]))
        return canonicalize_url(urlunsplit((parts.scheme, host, parts.path, query, ""))) if host else None
    except (ValueError, UnicodeError):  # broken IPv6 address, port out of range
        return None


def host(url: str | None) -> str | None:
    """Return the host without "www.", or None."""
    try:
        name = urlsplit(url).hostname if url and is_web(url) else None
    except ValueError:
        return None
    return name.removeprefix("www.").rstrip(".") if name else None


def slug_words(url: str | None) -> list[str]:
    """Return the words of the longest step of an address, plain and without numbers; empty where it has hardly any."""
    try:
        steps = _steps(url or "")
    except ValueError:
        return []
    rows = [plain_words(_FILE_TYPE.sub("", unquote(step))) for step in steps]
    longest = [word for word in max(rows, key=len, default=[]) if not _NUMBER.search(word)]
    return longest if len(longest) >= _FEWEST_SLUG_WORDS else []


def plain_words(text: str) -> list[str]:
    """Return the words of a text as addresses spell them: lower case, without marks on letters."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(_SPELT))
    return _PLAIN_WORD.findall("".join(c for c in plain if not unicodedata.combining(c)))


def registrable(url: str | None) -> str:
    """Return the part of the host that one owner registers: example.com, example.co.uk; "" where there is none."""
    labels = (host(url) or "").split(".")
    shared = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SHARED_LABELS
    return ".".join(labels[-3 if shared else -2 :])


def canonical(claimed: str | None, url: str | None) -> str | None:
    """Return the address that a page claims, normalised, or None where the claim cannot be meant.

    It is not meant if it is the site's or a section's front page, or belongs to another owner.
    """
    try:
        full = normalised(urljoin(url or "", claimed.strip())) if claimed else None
    except ValueError:
        return None
    if full is None or (is_web(url) and registrable(full) != registrable(url)):
        return None
    return None if _is_front(full, url) else full


def _is_front(claimed: str, url: str | None) -> bool:
    parts = urlsplit(claimed)
    steps = _steps(claimed)
    if not steps:
        return not parts.query
    if url is None or not is_web(url):
        return len(steps) == 1 and not parts.query and re.search(r"[\d_.-]", steps[0]) is None
    own = _steps(url)
    return len(own) > len(steps) and own[: len(steps)] == steps and re.search(r"\d|-\w+-", steps[-1]) is None


def _steps(url: str) -> list[str]:
    return [step for step in urlsplit(url).path.split("/") if step]


def day_in(url: str | None, fetched_at: datetime) -> Moment | None:
    """Return the day that stands in the path of the address, as news sites like to have it."""
    if url is None or not is_web(url):
        return None
    match = _URL_DAY.search(urlsplit(url).path)
    if match is None:
        return None
    year, _, month, day, month_compact, day_compact = match.groups()
    return moment(f"{year}-{month or month_compact}-{day or day_compact}", "url", (), fetched_at)


def identity(metadata: Metadata, uri: str) -> str:
    """Return what makes this document one article, whatever its text."""
    return metadata.guid or metadata.canonical_url or normalised(metadata.url) or normalised(uri) or uri
