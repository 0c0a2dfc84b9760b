from itertools import product

import pytest
from ftfy.badness import is_bad
from hypothesis import given
from hypothesis import strategies as st

from etl.parse.mojibake import _UNSUSPICIOUS, mend, mend_all, mend_lines


@pytest.mark.parametrize(
    ("broken", "whole"), [("cafÃ©", "café"), ("â€œYesâ€\x9d", "“Yes”"), ("plain", "plain"), ("für", "für")]
)
def test_mojibake_is_undone_and_nothing_else_touched(broken, whole):
    assert mend(broken) == whole
    assert mend_all(["für – ‘x’", broken]) == ["für – ‘x’", whole]
    assert mend_lines(f"für\n{broken}\n") == f"für\n{whole}\n"


def test_no_row_of_the_letters_that_are_passed_over_is_mojibake():
    rows = ["".join(row) for row in product(f"{_UNSUSPICIOUS}вВгГрРсСяЁの日한", repeat=3)]
    assert not [row for row in rows if is_bad(row) or is_bad(f"a{row}a {row} ")]


# Found by ftfy at any distance from other signs, at the beginning and at the end.
@given(
    st.lists(st.sampled_from(["für", "Привет", "日本語", "plain words, many", "– ‘x’ «y» “z”"]), max_size=9),
    st.sampled_from(["cafÃ©", "â€œYesâ€\x9d", "Ã  la carte", "РџСЂРёРІРµС‚, РјРёСЂ", "Â ", "ГўВЂВњA", "нвЂ”но"]),
    st.lists(st.sampled_from(["für", "Привет", "日本語", "plain words, many"]), max_size=9),
)
def test_one_look_at_all_texts_finds_what_a_look_at_each_does(before, broken, behind):
    text = " ".join([*before, broken, *behind])
    assert mend_all([text]) == [mend(text)]
    assert mend_all([*before, broken, *behind]) == [*map(mend, before), mend(broken), *map(mend, behind)]
