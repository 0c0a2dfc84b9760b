import pytest

from etl.agencies import agency_in, credited, is_agency


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("KYIV, Oct 22 (Reuters) - The", "Reuters"),
        ("REUTERS/Jo Alder", "Reuters"),
        ("As UNIAN reported", "UNIAN"),
        ("як повідомляє УНІАН", "UNIAN"),
        ("Interfax-Ukraine was told", "Interfax-Ukraine"),
        ("the ap store", None),
        ("APPLE and DPAG", None),
        ("the TT race", None),
    ],
)
def test_a_text_names_an_agency_by_a_whole_word_with_its_case(text, agency):
    assert agency_in(text) == agency


@pytest.mark.parametrize(
    ("byline", "agency"),
    [
        ("reuters", "Reuters"),
        ("TT", "TT Nyhetsbyrån"),
        ("THE ASSOCIATED PRESS", "AP"),
        ("Nachrichtenagentur dpa", "dpa"),
        ("Xinhua News Agency", "Xinhua"),
        ("Jo Alder, Reuters", None),
        ("", None),
    ],
)
def test_a_byline_credits_an_agency_if_it_names_nothing_else(byline, agency):
    assert credited(byline) == agency


def test_an_agency_is_one_with_its_case_alone():
    assert is_agency(" AFP ")
    assert not is_agency("afp")
    assert not is_agency("AFP said")
