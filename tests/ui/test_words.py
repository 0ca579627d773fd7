"""How messages begin, and how what is long is made to fit."""

import pytest

from gradviz_ui.words import breakable, listed, sentence, shortened


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("there is no function 'softmx'", "There is no function 'softmx'"),
        ("a name has at most 80 characters", "A name has at most 80 characters"),
        ("theta1 is not given", "theta1 is not given"),
        ("'(' was never closed", "'(' was never closed"),
        ("mat1 and mat2 shapes cannot be multiplied", "mat1 and mat2 shapes cannot be multiplied"),
        ("", ""),
    ],
)
def test_words_get_a_capital_and_names_keep_theirs(said, shown):
    assert sentence(said) == shown


def test_what_is_long_is_made_to_fit():
    assert [shortened("weights", most) for most in (7, 6)] == ["weights", "weigh…"]
    assert listed(["a", "b", "c"], 3) == "a, b, c"
    assert listed(["a", "b", "c"], 2) == "a, b and 1 more"
    assert breakable("a_b").split("\N{ZERO WIDTH SPACE}") == ["a_", "b"]
