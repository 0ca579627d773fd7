"""How messages begin."""

import pytest

from gradviz_ui.words import sentence


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
