import pytest

from etl.errors import Reject
from etl.parse.charset import decode, whole

UKRAINIAN = (
    "Президент підписав указ про поглиблення інтеграції. Уряд отримав завдання на найближчі місяці, сказав він. " * 3
)
FRENCH = "Le président a été reçu à l'hôtel de ville. Où était-il passé ? « Déjà parti », répond la mairie. " * 3
POLISH = "Prezydent podpisał ustawę o głębszej współpracy. Posłowie żądają wyjaśnień, powiedział rzecznik rządu. " * 3
CZECH = "Předseda vlády řekl, že nová železniční trať bude otevřena příští týden v Českých Budějovicích. " * 3
TURKISH = "Cumhurbaşkanı yeni yasayı imzaladı. Görüşmeler İstanbul'da sürüyor, dedi bakan. " * 3
GREEK = "Ο πρόεδρος υπέγραψε το διάταγμα για την εμβάθυνση της συνεργασίας. " * 3
JAPANESE = "政府は新しい計画を発表した。首相は記者会見で「来年から始める」と述べた。" * 5


@pytest.mark.parametrize(
    ("text", "stored", "declared", "name"),
    [
        (UKRAINIAN, "utf-8", "utf-8", "utf-8"),
        (UKRAINIAN, "utf-8", None, "utf-8"),
        (UKRAINIAN, "utf-8", "latin-1", "utf-8"),
        (FRENCH, "utf-8", "windows-1252", "utf-8"),
        (UKRAINIAN, "cp1251", "windows-1251", "windows-1251"),
        (UKRAINIAN, "cp1251", "utf-8", "windows-1251"),
        (UKRAINIAN, "cp1251", "iso-8859-1", "windows-1251"),
        (UKRAINIAN, "cp1251", None, "windows-1251"),
        (FRENCH, "cp1252", "iso-8859-1", "windows-1252"),
        (FRENCH, "cp1252", None, "windows-1252"),
        (POLISH, "cp1250", None, "windows-1250"),
        (CZECH, "cp1250", "utf-8", "windows-1250"),
        (TURKISH, "cp1254", None, "windows-1254"),
        (GREEK, "cp1253", "latin-1", "windows-1253"),
        (JAPANESE, "shift_jis", None, None),
        (JAPANESE, "shift_jis", "shift_jis", None),
        (JAPANESE, "euc_jp", "utf-8", None),
        (JAPANESE, "iso2022_jp", "iso-2022-jp", None),
        (FRENCH, "utf-16", None, None),
        (FRENCH, "utf-16-le", "utf-16-le", None),
        (FRENCH, "utf-8-sig", "latin-1", "utf-8"),
        ("Plain words.", "ascii", "no-such-charset", "utf-8"),
    ],
)
def test_text_comes_out_readable_whatever_was_declared(text, stored, declared, name):
    read, found = decode(text.encode(stored), declared)
    assert read == text
    assert name is None or found == name


def test_the_page_may_declare_its_charset_itself():
    page = f'<html><head><meta charset="windows-1251"></head><p>{UKRAINIAN}</p>'
    assert decode(page.encode("cp1251")) == (page, "windows-1251")


def test_a_wrong_declaration_in_the_page_is_not_believed():
    page = f'<html><head><meta charset="utf-8"></head><p>{UKRAINIAN}</p>'
    assert decode(page.encode("cp1251")) == (page, "windows-1251")


def test_utf8_with_a_stray_byte_stays_utf8():
    body = UKRAINIAN.encode() + b" it\x92s"
    assert decode(body) == (UKRAINIAN + " it’s", "utf-8")


def test_utf8_cut_in_the_middle_of_a_letter_loses_that_letter_alone():
    assert decode("Où était-il passé".encode()[:-1])[0] == "Où était-il pass"


@pytest.mark.parametrize("body", [b"", b" \n\t ", b"\xef\xbb\xbf \n", "\n ".encode("utf-16")])
def test_nothing_but_white_space_is_rejected_as_empty(body):
    with pytest.raises(Reject) as caught:
        decode(body)
    assert (caught.value.stage, caught.value.reason) == ("parse", "empty")


@pytest.mark.parametrize(
    "body",
    [
        b"%PDF-1.7 words", b"\xff\xd8\xff\xe0 JFIF", b"PK\x03\x04 words", b"\x89PNG\r\n", b"\x1f\x8b\x08 words",
        b"\x00\x01\x02 some words \x00", bytes(range(256)) * 10, b"\x01\x02\x03\x04words",
    ],
)  # fmt: skip
def test_binary_content_is_rejected(body):
    with pytest.raises(Reject) as caught:
        decode(body, "utf-8")
    assert (caught.value.stage, caught.value.reason) == ("parse", "binary")


def test_one_stray_nul_in_a_long_page_is_dropped():
    assert decode(b"<p>" + b"word " * 1000 + b"\0</p>")[0] == "<p>" + "word " * 1000 + "</p>"


def test_lone_surrogates_are_replaced_and_pairs_joined():
    assert whole("a\ud800b") == "a\ufffdb"
    assert whole("\ud83d\ude00") == "😀"
