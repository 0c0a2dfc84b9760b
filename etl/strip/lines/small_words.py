"""The small words of running text in many languages; menus and titles have few of them."""

from __future__ import annotations

_BY_LANGUAGE = {
    "en": (
        "the a an of to in and is was that for on with as it at by from be are this have has had he she "
        "they his her its not but which who will would been were their said also after"
    ),
    "de": (
        "der die das und ist den von zu mit im ein eine dem nicht sich des auf für als auch es an hat "
        "werden wird bei sind nach aus wie er sie"
    ),
    "fr": ("le la les de des et un une du en est que pour dans qui sur par au pas plus ce il elle avec sont ont été"),
    "es": "el los las y del se por con para su al lo como más pero ha fue",
    "it": "è di che il per non una sono della gli anche da con nel si",
    "pt": "o os e do da em um uma não com no na foi ao mais",
    "ru": "и в не на что с по он как к из у за от о для это а но был бы его же до",
    "uk": "і та що з як від про це його де",
    "nl": "het een van op dat te zijn met voor niet",
    "sv, no, da": "och att som på av är den det til er og med ikke",
    "pl": "w i na się z do jest że nie to",
    "tr": "bir ve bu da için",
    "vi": "của là và các có",
}
SMALL_WORDS = frozenset(word for words in _BY_LANGUAGE.values() for word in words.split())
