"""Text that was once read with the wrong charset and saved like that: found and mended, nothing else touched."""

from __future__ import annotations

import re

from ftfy import fix_encoding
from ftfy.badness import is_bad

# Letters and signs that no row of, whatever its order, looks like a wrong charset to ftfy. Looking for any other one
# is far quicker than ftfy's look.
_UNSUSPICIOUS = "–’äöüßéèàêçáóíñ…ôâîûùëïÖ—ãõøåæ‐·°"
_SUSPICIOUS = re.compile(rf"[^\x00-\x7f{_UNSUSPICIOUS}]")


def mend(text: str) -> str:
    """Return the text with mojibake undone where ftfy is sure that it is some; any other text as it is."""
    return fix_encoding(text) if not text.isascii() and is_bad(text) else text


def mend_lines(text: str) -> str:
    """Return the text mended line by line, since lines from several hands may be broken in several ways."""
    if text.isascii() or not is_bad(text):
        return text
    return "".join(map(mend, text.splitlines(keepends=True)))


def mend_all(texts: list[str]) -> list[str]:
    """Return the texts mended; one look at all of them at once spares the common page the looks at each."""
    foreign = "\n".join(text for text in texts if not text.isascii() and _SUSPICIOUS.search(text))
    return [mend(text) for text in texts] if foreign and is_bad(foreign) else texts
