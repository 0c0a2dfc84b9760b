"""Bytes to text: which charset they are in, whatever they were declared as."""

from __future__ import annotations

import codecs
import re

from w3lib.encoding import html_body_declared_encoding, read_bom, resolve_encoding

from etl.errors import Reject
from etl.parse import identifier

# Files that are no text, by how they begin.
_MAGIC = (
    b"%PDF-", b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"BZh", b"\xfd7zXZ",
    b"\x28\xb5\x2f\xfd", b"7z\xbc\xaf", b"Rar!\x1a", b"\x7fELF", b"RIFF", b"OggS", b"ID3", b"\xd0\xcf\x11\xe0",
    b"wOFF", b"wOF2",
)  # fmt: skip
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b")) + b"\x7f"
_MOST_CONTROLS = 0.001  # share of bytes; a page of 50 kB with one stray NUL is still a page
_WIDE = ("utf-16", "utf-32", "iso2022", "iso-2022", "hz")  # ASCII bytes do not mean ASCII letters in these
# Western text never has four accented letters in a row; Cyrillic or Greek read as Western has little else.
_FOREIGN_RUN = re.compile(rb"[\xc0-\xff]{4}")
_WESTERN = frozenset(("cp1252", "iso8859-1", "iso8859-15", "latin-1", "ascii"))
_TAG = re.compile(rb"<[^<>]*>|&[#\w]+;")
_SAMPLE_BYTES = 20_000
_GUESSED = [
    "cp1251", "koi8_r", "gb18030", "big5", "shift_jis", "euc_jp", "euc_kr", "cp1253", "cp1255", "cp1256", "cp874",
    "cp1252",
]  # fmt: skip
_BY_LANGUAGE = {
    **dict.fromkeys(("bs", "cs", "hr", "hu", "pl", "ro", "sk", "sl", "sq"), "cp1250"),
    **dict.fromkeys(("az", "tr"), "cp1254"), **dict.fromkeys(("et", "lt", "lv"), "cp1257"),
}  # fmt: skip
_FEWEST_FOREIGN = 4  # bytes; fewer say nothing of a script
_LATIN_SHARE = 0.25  # of letters that are not ASCII; Czech has 0.15, Greek nearly 1
_MOST_STRAY = 0.05  # bad bytes per non-ASCII letter up to which a text is UTF-8 with foreign crumbs


def decode(body: bytes, declared: str | None = None, markup: bool = True) -> tuple[str, str]:
    """Return the text and the name of the charset it was read with ("windows-1252"); NUL characters are dropped.

    A byte order mark is believed; then whatever is valid UTF-8 is UTF-8, since other charsets hardly ever are by
    accident; then the declarations of transport and page, as far as they fit the bytes; then a guess.

    declared  charset named by the transport, if it did.
    markup    look for a declaration in the bytes themselves.
    raises    Reject "empty", "binary".
    """
    if not body or body.isspace():
        raise Reject("parse", "empty", f"{len(body)} bytes, all of them white space")
    text, name = _decode(body, declared, markup)
    if name != "utf-8" or b"\0" in body:  # the search in bytes is the quicker one
        text = text.replace("\0", "")
    text = text.removeprefix("\ufeff")
    if not text or text.isspace():
        raise Reject("parse", "empty", "nothing but white space")
    return text, re.sub(r"^cp(?=125\d$)", "windows-", name)  # as the web calls it, and not Python alone


def whole(text: str) -> str:
    """Return the text with lone surrogates replaced by U+FFFD and NULs dropped: neither can be stored."""
    if "\0" in text:  # hardly any has one, and looking for it takes half as long as replacing it
        text = text.replace("\0", "")
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _decode(body: bytes, declared: str | None, markup: bool) -> tuple[str, str]:
    mark, _ = read_bom(body)
    if mark:
        return body.decode(mark, "replace"), mark
    named = _named(body, declared, markup)
    for name in named:
        if name.startswith(_WIDE) and (text := _strictly(body, name)) is not None and not _mostly_control(text):
            return text, name
    _refuse_binary(body)
    text = _utf8(body)
    if text is not None:
        return text, "utf-8"
    for name in named:
        if not _doubtful(body, name) and (text := _strictly(body, name)) is not None:
            return text, name
    return _guess(body, named)


def _named(body: bytes, declared: str | None, markup: bool) -> list[str]:
    """Return the charsets that transport and page declare, as Python names."""
    names = [resolve_encoding(declared) if declared else None]
    if markup:
        names.append(html_body_declared_encoding(body))
    return list(dict.fromkeys(name for name in names if name))


def _strictly(body: bytes, name: str) -> str | None:
    try:
        return body.decode(name)
    except (UnicodeError, LookupError):
        return None


def _utf8(body: bytes) -> str | None:
    """Return the text if the bytes are UTF-8: wholly, or but for a cut at the end and a few stray bytes."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    letters = sum(map(len, re.findall(r"[^\x00-\x7f\ufffd]+", text)))
    if bad > max(1, _MOST_STRAY * letters) or not letters:
        return None
    return body.decode("utf-8", _STRAY)


def _stray(error: UnicodeError) -> tuple[str, int]:
    """Read bytes that are not UTF-8 as Windows-1252, which they nearly always are; a cut-off letter is dropped."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    if error.reason == "unexpected end of data":
        return "", error.end
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


_STRAY = "newsfold-stray"
codecs.register_error(_STRAY, _stray)


def _doubtful(body: bytes, name: str) -> bool:
    return name in _WESTERN and len(_FOREIGN_RUN.findall(_TAG.sub(b"", body))) >= 3


def _guess(body: bytes, named: list[str]) -> tuple[str, str]:
    """Return the text by a guess from the lines that are not ASCII, without their markup.

    charset-normalizer tells scripts apart, but hardly one Latin charset from another; there the language does.
    """
    from charset_normalizer import from_bytes  # few documents need it, and every start would pay for it

    lines = [line for line in _TAG.sub(b" ", body).split(b"\n") if not line.isascii()]
    sample = b"\n".join(lines)[:_SAMPLE_BYTES] or body[:_SAMPLE_BYTES]
    if _is_latin(sample):
        name = _BY_LANGUAGE.get(identifier.classify(sample.decode("cp1252", "replace")), "cp1252")
    else:
        best = from_bytes(sample, cp_isolation=_GUESSED).best()
        name = best.encoding if best else next((n for n in named if n != "utf-8"), "cp1252")
    return body.decode(name, "replace"), name


def _is_latin(sample: bytes) -> bool:
    letters = sum(map(len, re.findall(rb"[A-Za-z\x80-\xff]+", sample)))
    foreign = sum(map(len, re.findall(rb"[\x80-\xff]+", sample)))
    return foreign < max(_FEWEST_FOREIGN, _LATIN_SHARE * letters)


def _refuse_binary(body: bytes) -> None:
    if body.startswith(_MAGIC):
        raise Reject("parse", "binary", f"begins with {body[:8]!r}")
    controls = len(body) - len(body.translate(None, _CONTROLS))
    if controls > _MOST_CONTROLS * len(body):
        raise Reject("parse", "binary", f"{controls} control characters in {len(body)} bytes")


def _mostly_control(text: str) -> bool:
    start = text[:10_000]
    return sum(ord(c) < 32 and c not in "\t\n\v\f\r" for c in start) > _MOST_CONTROLS * len(start)
