from itertools import product

import pytest
from ftfy.badness import is_bad

from etl.parse.mojibake import _UNSUSPICIOUS, mend, mend_all, mend_lines


@pytest.mark.parametrize(
    ("broken", "whole"), [("cafÃ©", "café"), ("â€œYesâ€\x9d", "“Yes”"), ("plain", "plain"), ("für", "für")]
)
def test_mojibake_is_undone_and_nothing_else_touched(broken, whole):
    assert mend(broken) == whole
    assert mend_all(["für – ‘x’", broken]) == ["für – ‘x’", whole]
    assert mend_lines(f"für\n{broken}\n") == f"für\n{whole}\n"


def test_no_row_of_the_letters_that_are_passed_over_is_mojibake():
    rows = ["".join(row) for row in product(_UNSUSPICIOUS, repeat=2)]
    assert not [row for row in rows if is_bad(row) or is_bad(f"a{row}a {row} ")]
