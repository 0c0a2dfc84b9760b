"""Text that was once read with the wrong charset and saved like that: found and mended, nothing else touched."""

from __future__ import annotations

import re

# Letters and signs that no row of, whatever its order, looks like a wrong charset to ftfy.
_UNSUSPICIOUS = "–’äöüßéèàêçáóíñ…ôâîûùëïÖ—ãõøåæ‐·、。「」"
_PLAIN = rf"\x00-\x7f{_UNSUSPICIOUS}а-яёА-ЯЁ\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3"
_SUSPICIOUS = re.compile(f"[^{_PLAIN}]")
# What stands further from a suspicious character than ftfy looks, seven characters with that one.
_FAR = re.compile(rf"(?<=[{_PLAIN}]{{6}})[{_PLAIN}]+(?=[{_PLAIN}]{{6}})")
_BETWEEN = "a\n"  # some rules hold at the beginning of a text, or behind a small letter and white space


def mend(text: str) -> str:
    """Return the text with mojibake undone where ftfy is sure that it is some; any other text as it is."""
    return _fix(text) if not text.isascii() and _is_bad(text) else text


def mend_lines(text: str) -> str:
    """Return the text mended line by line, since lines from several hands may be broken in several ways."""
    return text if text.isascii() else "".join(mend_all(text.splitlines(keepends=True)))


def mend_all(texts: list[str]) -> list[str]:
    """Return the texts mended; one look at all of them at once spares the common page the looks at each."""
    foreign = _BETWEEN.join([text for text in texts if not text.isascii()])
    if not _SUSPICIOUS.search(foreign):
        return texts
    # ftfy takes a hundred nanoseconds a character, so it is shown what stands near suspicious ones alone.
    return [mend(text) for text in texts] if _is_bad(_BETWEEN + _FAR.sub("\n", foreign)) else texts


# Many a run has no suspicious character, and every start would pay for ftfy.


def _is_bad(text: str) -> bool:
    from ftfy.badness import is_bad

    return is_bad(text)


def _fix(text: str) -> str:
    from ftfy import fix_encoding

    return fix_encoding(text)
