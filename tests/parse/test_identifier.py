"""The kept model of the language identifier: the same answers, and nothing half written."""

import pytest

from etl.parse import identifier

TEXTS = (
    "The ferry left the harbour at noon, and nobody on board had heard of the storm.",
    "Trajekt vyplul z přístavu v poledne a nikdo na palubě o bouři neslyšel.",
    "Umkhumbi usuke emini, futhi akekho umuntu owayezwile ngesiphepho.",
    "渡轮中午离开港口，船上没有人听说过暴风雨。",
    "12:30",
)


@pytest.fixture(scope="module")
def shipped():
    return identifier.unpacked()


def test_the_kept_model_answers_as_the_shipped_one(shipped, tmp_path):
    identifier.keep(shipped, tmp_path / "cache" / "model")
    mapped = identifier.mapped(tmp_path / "cache" / "model")
    for text in TEXTS:
        assert mapped.rank(text) == shipped.rank(text)
        assert mapped.classify(text) == shipped.classify(text)


def test_a_model_is_kept_whole_or_not_at_all(shipped, tmp_path):
    folder = tmp_path / "model"
    identifier.keep(shipped, folder)
    with pytest.raises(OSError, match="not empty"):  # another process was quicker
        identifier.keep(shipped, folder)
    assert [kept.name for kept in tmp_path.iterdir()] == ["model"]
    (folder / "tk_nextmove.npy").write_bytes(b"")
    with pytest.raises((OSError, EOFError, ValueError)):
        identifier.mapped(folder)


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    identifier._identifier.cache_clear()
    yield tmp_path / "home"
    identifier._identifier.cache_clear()


def test_the_first_use_keeps_the_model_for_the_next_ones(shipped, home):
    assert identifier.rank(TEXTS[1]) == shipped.rank(TEXTS[1])
    (kept,) = (home / ".cache" / "newsfold").iterdir()
    identifier._identifier.cache_clear()
    assert identifier.rank(TEXTS[1]) == shipped.rank(TEXTS[1])
    (kept / "nb_ptc.npy").write_bytes(b"spoilt")
    identifier._identifier.cache_clear()
    assert identifier.rank(TEXTS[1]) == shipped.rank(TEXTS[1])


def test_without_a_place_to_keep_it_the_model_is_unpacked(shipped, home):
    home.touch()
    assert identifier.rank(TEXTS[1]) == shipped.rank(TEXTS[1])
    assert home.is_file()
