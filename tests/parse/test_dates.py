import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone

import pytest
from dateparser.date import DateDataParser
from hypothesis import given
from hypothesis import strategies as st

from etl.dates import moment

LOWEST, HIGHEST = datetime.fromisoformat("1801-01-01"), datetime.fromisoformat("2999-01-01")


def iso(text, *languages, **more):
    found = moment(text, "text", languages, **more)
    return found and found.iso()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-10-22", "2024-10-22"),
        ("2024-10-22T20:01", "2024-10-22T20:01:00"),
        ("2024-10-22 20:01:30", "2024-10-22T20:01:30"),
        ("2024-10-22T20:01:30Z", "2024-10-22T20:01:30Z"),
        ("2024-10-22T20:01:30.123456+03:00", "2024-10-22T17:01:30Z"),
        ("2024-10-22T20:01:30+0300", "2024-10-22T17:01:30Z"),
        ("2024-10-22 20:01 UTC", "2024-10-22T20:01:00Z"),
        ("2024-10-22T20:01-05", "2024-10-23T01:01:00Z"),
        ("20241022T200130Z", "2024-10-22T20:01:30Z"),
        ("20241022", "2024-10-22"),
        ("2024/10/22", "2024-10-22"),
        ("22.10.2024", "2024-10-22"),
        ("20:01 22.10.2024", "2024-10-22T20:01:00"),
        ("22.10.2024, 20:01", "2024-10-22T20:01:00"),
        ("22.10.2024 20.01", "2024-10-22T20:01:00"),
        ("10/22/2024", "2024-10-22"),
        ("1729627260", "2024-10-22T20:01:00Z"),
        ("1729627260000", "2024-10-22T20:01:00Z"),
        ("October 22, 2024", "2024-10-22"),
        ("Published: October 22, 2024", "2024-10-22"),
        ("Oct 22, 2024 8:01 pm EDT", "2024-10-23T00:01:00Z"),
        ("22nd October 2024 10:15 GMT", "2024-10-22T10:15:00Z"),
        ("Tue, 22 Oct 2024 20:01:00 +0300", "2024-10-22T17:01:00Z"),
        ("20:01 22 Oct 2024", "2024-10-22T20:01:00"),
    ],
)
def test_a_date_is_read_as_far_as_it_is_known(text, expected):
    assert iso(text, "en") == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("22. Oktober 2024, 20:01 Uhr", "de", "2024-10-22T20:01:00"),
        ("22 octobre 2024 à 20h01", "fr", "2024-10-22T20:01:00"),
        ("22 de octubre de 2024", "es", "2024-10-22"),
        ("22 жовтня 2024, 20:01", "uk", "2024-10-22T20:01:00"),
        ("22 октября 2024 г. 20:01", "ru", "2024-10-22T20:01:00"),
        ("2024年10月22日 20時01分", "ja", "2024-10-22T20:01:00"),
    ],
)
def test_months_are_read_in_the_language_of_the_document(text, language, expected):
    assert iso(text, language) == expected


@pytest.mark.parametrize(
    "text",
    [
        "", "   ", "2 hours ago", "yesterday", "yesterday 2024", "today at 20:01", "Monday, October 31", "October 2024",
        "2024", "20:01", "31.02.2024", "2024-13-01", "2024-10-22T25:00", "2024-10-22T20:01+99:00", "1750-01-01",
        "0000-00-00", "Why 2024 was the year of the rail strike", "99999999999999999999", "x" * 5000, "\ud800 2024 \x00",
    ],
)  # fmt: skip
def test_what_names_no_full_date_is_none(text):
    assert moment(text, "text", ("en",)) is None


@pytest.mark.parametrize(
    ("text", "languages", "expected"),
    [
        ("03/04/2024", ("en",), "2024-03-04"),
        ("03/04/2024", ("en-US",), "2024-03-04"),
        ("03/04/2024", ("en-GB",), "2024-04-03"),
        ("03.04.2024", ("en",), "2024-04-03"),
        ("03/04/2024", ("fr",), "2024-04-03"),
        ("03/04/2024", (), "2024-04-03"),
        ("13/04/2024", ("en",), "2024-04-13"),
    ],
)
def test_an_ambiguous_numeric_date_follows_the_language(text, languages, expected):
    assert iso(text, *languages) == expected


@pytest.mark.parametrize("zone", ["ET", "CT", "PT", "CST", "IST"])
def test_an_abbreviation_of_several_zones_states_none(zone):
    found = moment(f"Oct. 22, 2024 at 8:01 p.m. {zone}", "text", ("en",))
    assert found is not None
    assert (found.iso(), found.zone, found.raw[-2:]) == ("2024-10-22T20:01:00", "unknown", zone[-2:])


@pytest.mark.parametrize("zone", ["ET", "CST", "IST"])
def test_nor_does_one_in_front_of_the_day(zone):
    found = moment(f"01:38:07 PM {zone} Nov 20, 2019", "text", ("en",))
    assert found is not None
    assert (found.iso(), found.zone) == ("2019-11-20T13:38:07", "unknown")


# The library that reads what is seldom is slow to wake; what is common is read without it, and read alike.
COMMON = {
    "17.7.11": "2011-07-17",
    "17.7.98": "1998-07-17",
    "29.10.19 18:30": "2019-10-29T18:30:00",
    "25.04.24 | 14:07": "2024-04-25T14:07:00",
    "30.11.2012, 18:30 Uhr": "2012-11-30T18:30:00",
    "26/10/13, 03:48 pm": "2013-10-26T15:48:00",
    "12:05 AM, 26.10.2013": "2013-10-26T00:05:00",
    "10:05 AM EST January 3, 2019": "2019-01-03T15:05:00Z",
    "20:15, 22 October 2024": "2024-10-22T20:15:00",
    "Fri Apr 28 19:20:36 CEST 2023": "2023-04-28T17:20:36Z",
    "Fri Feb 18 10:27:24 2022": "2022-02-18T10:27:24",
}


@pytest.mark.parametrize(("text", "expected"), COMMON.items())
def test_a_common_form_is_read_as_dateparser_reads_it(text, expected):
    assert iso(text, "de") == expected
    read = DateDataParser(languages=["de", "en"], settings={"DATE_ORDER": "DMY"}).get_date_data(text.replace("Uhr", ""))
    assert read.date_obj is not None
    at = read.date_obj.astimezone(UTC) if read.date_obj.tzinfo else read.date_obj
    assert at.isoformat()[: len(expected.rstrip("Z"))] == expected.rstrip("Z")


def test_a_common_form_does_not_wake_dateparser():
    code = "import sys; from etl.dates import moment\n"
    code += f"print(all(moment(text, 'text', ('de',)) for text in {[*COMMON]!r}), 'dateparser' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["True", "False"]


def test_a_date_after_the_fetch_is_none():
    fetched = datetime(2024, 10, 20, tzinfo=UTC)
    assert iso("2024-10-22", fetched_at=fetched) == "2024-10-22"
    assert iso("2024-10-23", fetched_at=fetched) is None


def test_a_day_stays_a_day_whatever_zone_stands_beside_it():
    found = moment("2024-10-22", "meta")
    assert found is not None
    assert (found.precision, found.zone, found.at) == ("day", "unknown", datetime(2024, 10, 22, tzinfo=UTC))


def test_the_string_is_kept_as_found():
    found = moment(" 22.10.2024 ", "given")
    assert found is not None
    assert (found.raw, found.origin) == ("22.10.2024", "given")


def test_reading_one_date_does_not_change_how_the_next_is_read():
    first = iso("22.10.24 20:01", "de")
    for other in ("October 1, 2020", "3 mars 2021", "10/11/12"):
        iso(other, "en")
    assert iso("22.10.24 20:01", "de") == first == "2024-10-22T20:01:00"


@given(st.datetimes(LOWEST, HIGHEST), st.integers(-14 * 60, 14 * 60))
def test_any_iso_instant_comes_back_as_that_instant(clock, offset_minutes):
    stamp = clock.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=offset_minutes)))
    found = moment(stamp.isoformat(), "meta")
    assert found is not None
    assert found.at == stamp
    assert found.zone == "stated"


@given(st.text(max_size=120))
def test_no_string_makes_it_fail(text):
    moment(text, "text", ("en",))


@pytest.mark.parametrize("language", ["de", "ru", "zh", "xx"])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tue, 03 Mar 2026 10:00:00 +0100", "2026-03-03T09:00:00Z"),
        ("3 March 2026 10:00 GMT", "2026-03-03T10:00:00Z"),
        ("Tue, 03 Mar 26 22:30:00 EST", "2026-03-04T03:30:00Z"),
        ("Tue, 31 Dec 99 23:59:59 Z", "1999-12-31T23:59:59Z"),
        ("Tue, 31 Feb 2026 10:00:00 GMT", None),
    ],
)
def test_dates_of_mail_and_feeds_are_english_in_every_language(language, text, expected):
    assert iso(text, language) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Tue Nov 19 21:57:01 UTC 2019", "2019-11-19T21:57:01Z"),
        ("Tue Nov 19 2019 03:05:46 GMT+0100 (CET)", "2019-11-19T02:05:46Z"),
        ("Friday, 22 Nov 2024", "2024-11-22"),
        ("Wednesday, May 30, 2018", "2018-05-30"),
    ],
)
def test_dates_as_programs_and_calendars_print_them(raw, expected):
    assert moment(raw, "meta", ("de",)).iso() == expected


@pytest.mark.parametrize("raw", ["Mai 2014", "Nov 2019", "10 Folgen", "2019"])
def test_a_date_without_its_day_or_year_is_none(raw):
    assert moment(raw, "meta", ("de",)) is None
