"""From bytes to markup that is safe to parse: unpacked within a limit, as UTF-8, without a document type.

A document type is where external and nested entities are declared. No feed needs one, so it is cut off; a list
that declares entities of its own is refused, for there is no honest reason to.
"""

from __future__ import annotations

import re
import zlib

from w3lib.encoding import read_bom, resolve_encoding

from etl.errors import Reject

_GZIP = b"\x1f\x8b"
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']\s*([A-Za-z][\w.:-]{0,40})""")
_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]{0,40}:)?(rss|feed|rdf|channel|urlset|sitemapindex)(?=[\s/>])", re.IGNORECASE)
_CDATA = re.compile(r"<!\[CDATA\[.*?(?:\]\]>|\Z)", re.DOTALL)
_DECLARATION = re.compile(r"<!(?:DOCTYPE|ENTITY)\b", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def unpack(body: bytes, max_bytes: int) -> bytes:
    """Return the bytes, unpacked where they are gzip; never more than a limit of them is held.

    raises  Reject "too-large", "gzip" for a broken archive from which nothing comes.
    """
    if body.startswith(_GZIP):
        body = _gunzip(body, max_bytes)
    if len(body) > max_bytes:
        raise Reject("read", "too-large", f"the list is over {max_bytes >> 20} MiB unpacked")
    return body


def _gunzip(body: bytes, max_bytes: int) -> bytes:
    stream = zlib.decompressobj(wbits=31)
    try:
        out = stream.decompress(body, max_bytes + 1)
    except zlib.error as err:
        raise Reject("read", "gzip", str(err)) from None
    if not out:
        raise Reject("read", "gzip", "the archive is empty or cut off")
    return out


def decode(body: bytes, charset: str | None) -> tuple[str, str | None]:
    """Return the text and, where bytes did not fit its charset, what was wrong.

    A byte order mark is believed, then valid UTF-8, then the list's own declaration, then the transport's.
    """
    mark, bom = read_bom(body)
    if mark is not None and bom is not None:
        return body[len(bom) :].decode(mark, "replace"), None
    try:
        return body.decode("utf-8"), None
    except UnicodeDecodeError:
        pass
    declared = _DECLARED.match(body)
    for name in (declared[1].decode("ascii") if declared else None, charset):
        if name and (codec := resolve_encoding(name)) and codec != "utf-8":
            return body.decode(codec, "replace"), None
    return body.decode("utf-8", "replace"), "bytes that are no UTF-8, and no other charset declared"


def root(text: str) -> tuple[str, str]:
    """Return the name of the root element, lower case, and the text from there on.

    raises  Reject "entities", "html" for a web page in the place of the list, "no-list".
    """
    found = _ROOT.search(text)
    if found is None:
        if _PAGE.search(text[:5_000]):
            raise Reject("read", "html", "the address answers with a web page, not with a feed or a sitemap")
        raise Reject("read", "no-list", "neither a feed nor a sitemap: no rss, feed, RDF, urlset or sitemapindex in it")
    if "<!entity" in _COMMENT.sub("", text[: found.start()]).lower():
        raise Reject("read", "entities", "the list declares entities of its own, which are not read")
    rest = text[found.start() :]
    if _DECLARATION.search(rest) and _DECLARATION.search(_CDATA.sub("", rest)):
        raise Reject("read", "entities", "a document type stands inside the list")
    return found[1].lower(), _NOT_XML.sub("", rest)
