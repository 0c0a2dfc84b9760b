"""One reading of written dates: what they say, how precisely, and whether they name their zone.

Ground, but it imports dateparser: only the stages that read dates may import it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import TYPE_CHECKING

from etl.records import Moment, Precision, Zone

if TYPE_CHECKING:
    from dateparser.date import DateDataParser

EARLIEST_YEAR = 1800  # no newspaper of before is on the web with a date of its own
LATEST_YEAR = 9999  # the last that datetime can hold, with no room for a zone
LATEST_AHEAD = timedelta(days=2)  # zones, and pages dated to tomorrow's print edition
LONGEST_CHARS = 100  # a longer string is a sentence that holds a date, not a date

Found = tuple[datetime, Precision]  # aware where the string names its zone

_ZONE = r"(?P<zone>z|utc|gmt|(?:utc|gmt)?[+-]\d{2}:?(?:\d{2})?)"
_CLOCK = r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d{1,9})?)?"
_YEAR_FIRST = re.compile(
    rf"(?P<year>\d{{4}})(?P<sep>[-/.]?)(?P<month>\d{{1,2}})(?P=sep)(?P<day>\d{{1,2}})"
    rf"(?:(?:\s*t\s*|[\s,]+)(?:{_CLOCK}|(?P<h>\d\d)(?P<m>\d\d)(?P<s>\d\d))\s*{_ZONE}?)?",
    re.IGNORECASE,
)
_HALF = r"(?:\s?(?P<half>[ap])\.?m\b\.?)?"
_YEAR_LAST_DATE = r"(?P<one>\d{1,2})(?P<sep>[./-])\s?(?P<two>\d{1,2})(?P=sep)\s?(?P<year>\d{4}|\d\d)"
_YEAR_LAST = (
    re.compile(rf"{_YEAR_LAST_DATE}(?:[\s,|–-]+{_CLOCK}{_HALF}(?:\s?Uhr|\s*{_ZONE})?)?", re.IGNORECASE),
    re.compile(rf"{_CLOCK}{_HALF}\s*{_ZONE}?[\s,|–-]+{_YEAR_LAST_DATE}", re.IGNORECASE),
)
# Months as newspapers write them; where two languages mean two months by a word it is left to dateparser.
_MONTHS = {
    word: number
    for number, row in enumerate(
        (
            "january jan januar jänner jän januari janvier janv enero ene gennaio gen janeiro января січня",
            "february feb februar februari février fevrier févr fév febrero febbraio fevereiro fev февраля лютого",
            "march mar märz mrz mär maart mars marzo março марта березня",
            "april apr avril avr abril abr aprile апреля квітня",
            "may mai mei mayo maggio mag maio maj мая травня",
            "june jun juni juin junio giugno giu junho июня червня",
            "july jul juli juillet juil julio luglio lug julho июля липня",
            "august aug augustus août aout agosto ago августа серпня",
            "september sep sept septembre septiembre settembre setembro сентября вересня",
            "october oct oktober okt octobre octubre ottobre ott outubro out октября жовтня",
            "november nov novembre noviembre novembro ноября листопада",
            "december dec dezember dez déc décembre diciembre dic dicembre dezembro декабря грудня",
        ),
        1,
    )
    for word in row.split()
}
_MONTH_WORD = r"(?P<word>[^\W\d_]{3,12})\.?"
_ORDINAL = r"(?:\.|st|nd|rd|th|er|º|ª|°)?"
_OF_YEAR = r"(?:\s?,\s?|\s(?:de\s|del\s)?|[/-])(?P<year>\d{4})"
_DAY_FIRST = rf"(?P<day>\d{{1,2}}){_ORDINAL}[\s/-]?(?:de\s|of\s|d[’'])?{_MONTH_WORD}{_OF_YEAR}"
_MONTH_FIRST = rf"{_MONTH_WORD}[\s/-](?P<day>\d{{1,2}}){_ORDINAL}{_OF_YEAR}"
_SPELT_CLOCK = rf"(?:[\s,|•·–—/@-]+(?:(?:um|at|à|a las|alle|ore|в|о)\s)?{_CLOCK}{_HALF}(?:\s?(?:Uhr|hrs|h)\b)?)?"
_WEEKDAY = r"(?:mon|tue|wed|thu|fri|sat|sun)(?:s|nes|rs|ur)?(?:day)?"
_SPELT = tuple(
    re.compile(rf"(?<![\w.])(?:{_WEEKDAY},?\s)?{date}(?!\d){_SPELT_CLOCK}", re.IGNORECASE)
    for date in (_DAY_FIRST, _MONTH_FIRST)
)
# The clock in front, as in "01:38 PM EST Nov 20, 2019".
_CLOCK_FIRST = tuple(
    re.compile(rf"{_CLOCK}{_HALF}(?:\s(?P<named>[a-z]{{2,4}}))?[\s,|•·–—-]+(?:{_WEEKDAY},?\s)?{date}", re.IGNORECASE)
    for date in (_DAY_FIRST, _MONTH_FIRST)
)
# A day in figures inside a longer text, and the clock behind it.
_FIGURES = re.compile(
    r"(?<![\w./-])(?P<date>\d{4}(?P<a>\s?[/.]\s?|-)\d{1,2}(?P=a)\d{1,2}|\d{4}年\s?\d{1,2}月\s?\d{1,2}日"
    r"|\d{1,2}(?P<b>\s?[./|]\s?|-)\d{1,2}(?P=b)\d{4}|\d{1,2}(?P<c>[./])\d{1,2}(?P=c)\d\d)(?![\w/]|[.-]\d)"
    rf"(?P<clock>[T\s,|•·–—-]+{_CLOCK}(?:\s?[ap]\.?m\b\.?)?(?:\s*{_ZONE}\b)?)?",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d\d")
# RFC 822, in which mail and feeds are dated: English whatever the language of the text around it.
_MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_STAMP = r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?"
_STATED = r"(?P<zone>z|utc?|gmt|(?:utc|gmt)?[+-]\d{4}|[emp][sd]t|cdt|cest?)"
_MAIL = tuple(
    re.compile(rf"(?:[a-z]{{3}},?\s+)?{form}", re.IGNORECASE)
    for form in (
        rf"(?P<day>\d{{1,2}})\s+{_MONTH}[a-z]{{0,6}}\s+(?P<year>\d{{4}}|\d\d)\s+{_STAMP}\s*{_STATED}",
        rf"{_MONTH}\s+(?P<day>\d{{1,2}})\s+{_STAMP}\s+(?:{_STATED}\s+)?(?P<year>\d{{4}})",  # as C and Java print it
        rf"{_MONTH}\s+(?P<day>\d{{1,2}})\s+(?P<year>\d{{4}})\s+{_STAMP}\s+{_STATED}(?:\s\([^)]*\))?",  # JavaScript
    )
)
_HOURS_OF = {
    "edt": -4, "est": -5, "cdt": -5, "mdt": -6, "mst": -7, "pdt": -7, "pst": -8, "cet": 1, "cest": 2,
    "gmt": 0, "utc": 0,
}  # fmt: skip
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?")
# A year has to stand there: four digits, or two at the end of a numeric date.
_HAS_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)|\d{1,2}[./-]\d{1,2}[./-]\d{2}(?!\d)")
_DAY_AND_YEAR = re.compile(r"\d\D+\d")  # figures in every language, whatever the month is
_HAS_SECONDS = re.compile(r"\d{1,2}:\d{2}:\d{2}")
_HAS_CLOCK = re.compile(r"\d{1,2}:\d{2}|\d\s?[ap]\.?m\b|\d\s*[時时시]", re.IGNORECASE)
_LABEL = re.compile(r"^(?:[^\W\d]+\s){0,3}[^\W\d]+\s?:\s*(?=\S)")
# "20h01", and words after a year or a clock that dateparser takes for unknown ones.
_FRENCH_CLOCK = re.compile(r"(\d{1,2})\s?h\s?(\d{2})\b")
_FILLER = re.compile(r"(?<=\d)\s*(?:года|г\.?|року|р\.?|uhr|hrs)(?=[\s,]|$)", re.IGNORECASE)
# These name several zones, or one whose offset hangs on the season: the clock is kept, the zone is not claimed.
_VAGUE = ("ET", "CT", "MT", "PT", "CST", "IST", "AST", "МСК")
_VAGUE_ZONE = re.compile(rf"(?<=[\d.m])\s+\(?(?:{'|'.join(_VAGUE)})\)?$")


def moment(text: str, origin: str, languages: Sequence[str] = (), fetched_at: datetime | None = None) -> Moment | None:
    """Return the date that the string is, or None where it is none, is relative, or lacks day, month or year.

    languages   tags of the document's language, likeliest first ("de", "en-US"); none: all are tried, which is slow.
    fetched_at  when the document was fetched: a date more than two days later is none.

    "22.10.2024" is day first. So is 03/04/2024, except in English with slashes, where it is month
    first unless the tag names a region outside the United States ("en-GB"). A number above 12 decides.
    """
    raw = text.strip()
    if not 6 <= len(raw) <= LONGEST_CHARS:
        return None
    try:
        found = _numeric(raw, _month_first(languages)) or _mail(raw) or _spelt(raw) or _written(raw, tuple(languages))
        return _moment(found, raw, origin, fetched_at) if found else None
    except (ValueError, OverflowError):  # 31 February, 25 o'clock, an offset of three days
        return None


def written_in(text: str) -> Iterator[tuple[int, str]]:
    """Yield what may be a date in a longer text, with day, month and year, and where it begins; in order."""
    if not _DIGITS.search(text):
        return
    found = [(m.start(), _close(m["date"]) + (m["clock"] or "")) for m in _FIGURES.finditer(text)]
    found += [(m.start(), m[0]) for pattern in _SPELT for m in pattern.finditer(text)]
    yield from sorted(found)


def _close(figures: str) -> str:
    """Return "26 | 1 | 2024" and "26. 1. 2024" as "26.1.2024"."""
    return figures.replace(" ", "").replace("|", ".")


def _moment(found: Found, raw: str, origin: str, fetched_at: datetime | None) -> Moment | None:
    at, precision = found
    if not EARLIEST_YEAR <= at.year < LATEST_YEAR:
        return None
    zone: Zone = "unknown"
    if precision == "day":  # the zone of a day moves no day
        at = at.replace(hour=0, minute=0, second=0, tzinfo=UTC)
    elif at.tzinfo is not None:
        at, zone = at.astimezone(UTC), "stated"
    at = at.replace(microsecond=0, tzinfo=UTC)
    if fetched_at is not None and at > fetched_at + LATEST_AHEAD:
        return None
    return Moment(at, raw, precision, zone, origin)


def _month_first(languages: Sequence[str]) -> bool:
    tag = languages[0].lower().replace("_", "-") if languages else ""
    return tag in ("en", "en-us")


def _numeric(raw: str, month_first: bool) -> Found | None:
    """Read ISO 8601 and its relations, dates of digits alone, and seconds or milliseconds since 1970."""
    if _EPOCH.fullmatch(raw):
        return datetime.fromtimestamp(int(raw[:10]), UTC), "second"
    if match := _YEAR_FIRST.fullmatch(raw):
        return _build(match, int(match["month"]), int(match["day"]))
    for pattern in _YEAR_LAST:
        if match := pattern.fullmatch(raw):
            one, two = int(match["one"]), int(match["two"])
            if len(match["year"]) == 2 and (two > 12 or not _HAS_YEAR.search(raw)):
                return None
            swap = one <= 12 and (two > 12 or (month_first and match["sep"] == "/"))
            return _build(match, *((one, two) if swap else (two, one)))
    return None


def _spelt(raw: str) -> Found | None:
    """Read a day with the name of its month, if that is one of those known here."""
    for pattern in _SPELT:
        if (match := pattern.fullmatch(raw)) and (month := _MONTHS.get(match["word"].lower())):
            return _build(match, month, int(match["day"]))
    for pattern in _CLOCK_FIRST:
        if (match := pattern.fullmatch(raw)) and (month := _MONTHS.get(match["word"].lower())):
            named = (match["named"] or "").lower()
            if not named or named.upper() in _VAGUE or named in _HOURS_OF:
                at, precision = _build(match, month, int(match["day"]))
                return at.replace(tzinfo=_named_zone(named)), precision
    return None


def _named_zone(name: str) -> timezone | None:
    return timezone(timedelta(hours=_HOURS_OF[name])) if name in _HOURS_OF else None


def _mail(raw: str) -> Found | None:
    """Read a date as mail, feeds and programs write it, with its zone."""
    match = next((found for pattern in _MAIL if (found := pattern.fullmatch(raw))), None)
    if match is None:
        return None
    year, zone = _year(match["year"], 50), (match["zone"] or "").lower()  # as RFC 2822 reads two digits
    month = _MONTHS[match["month"].lower()]
    offset = _named_zone(zone) or _offset(zone)
    clock = int(match["hour"]), int(match["minute"]), int(match["second"] or 0)
    return datetime(year, month, int(match["day"]), *clock, tzinfo=offset), "second" if match["second"] else "minute"


def _year(figures: str, turn: int = 69) -> int:
    """Return the year; of two figures from `turn` on, one before 2000. POSIX turns at 69, and so does dateparser."""
    year = int(figures)
    return year if len(figures) > 2 else year + (1900 if year >= turn else 2000)


def _build(match: re.Match[str], month: int, day: int) -> Found:
    part = match.groupdict()
    date = datetime(_year(part["year"]), month, day)  # noqa: DTZ001 -- the zone may be unknown
    hour, minute, second = (part.get(a) or part.get(b) for a, b in (("hour", "h"), ("minute", "m"), ("second", "s")))
    if hour is None or minute is None:
        return date, "day"
    clock = int(hour)
    if half := part.get("half"):
        clock = clock % 12 + 12 * (half.lower() == "p")
    at = date.replace(hour=clock, minute=int(minute), second=int(second or 0), tzinfo=_offset(part.get("zone")))
    return at, "second" if second else "minute"


def _offset(zone: str | None) -> timezone | None:
    """Return the offset that the zone states, or None where it states none."""
    if not zone:
        return None
    digits = re.sub(r"[^\d+-]", "", zone)
    if not digits:  # Z, UTC, GMT
        return UTC
    hours, minutes = int(digits[1:3]), int(digits[3:5] or 0)
    return timezone((-1 if digits[0] == "-" else 1) * timedelta(hours=hours, minutes=minutes))


def _written(raw: str, languages: tuple[str, ...]) -> Found | None:
    """Read a date with words in it, by dateparser."""
    if not (_HAS_YEAR.search(raw) and _DAY_AND_YEAR.search(raw)):
        return None
    text = _VAGUE_ZONE.sub("", _FILLER.sub("", _FRENCH_CLOCK.sub(r"\1:\2", _LABEL.sub("", raw))))
    month_first = _month_first(languages) and "/" in text
    at = _reader(languages, month_first).get_date_data(text).date_obj
    if at is None:
        return None
    if _HAS_SECONDS.search(text):
        return at, "second"
    return at, "minute" if _HAS_CLOCK.search(text) or at.hour or at.minute else "day"


@lru_cache(maxsize=64)
def _reader(languages: tuple[str, ...], month_first: bool) -> DateDataParser:
    """Return a dateparser that knows neither relative dates, nor today, nor what it parsed before."""
    from dateparser.date import DateDataParser  # few dates need it, and every start would pay for it

    codes = list(dict.fromkeys(tag.lower().replace("_", "-").split("-")[0] for tag in (*languages, "en")))
    settings = {
        "REQUIRE_PARTS": ["day", "month", "year"],
        "PARSERS": ["absolute-time"],
        "DATE_ORDER": "MDY" if month_first else "DMY",
        "PREFER_LOCALE_DATE_ORDER": False,
        "RELATIVE_BASE": datetime(2000, 1, 1),  # noqa: DTZ001 -- dateparser wants it naive
    }
    try:
        return DateDataParser(languages=codes if languages else None, try_previous_locales=False, settings=settings)
    except ValueError:  # a language that dateparser does not know
        return DateDataParser(languages=["en"], try_previous_locales=False, settings=settings)
