import pytest

from gradviz_ui.command_palette import found
from gradviz_ui.matching import match_score


@pytest.mark.parametrize("typed", ["softmax", "sftm", "log soft", "LS"])
def test_letters_in_order_fit(typed):
    assert match_score(typed, "log_softmax") > 0


@pytest.mark.parametrize("typed", ["xq", "softmaxx", "xam"])
def test_letters_out_of_order_or_missing_do_not(typed):
    assert match_score(typed, "softmax") == 0


def test_a_beginning_beats_a_middle_and_short_beats_long():
    assert match_score("sin", "sin") > match_score("sin", "sinh") > match_score("sin", "asin")


@pytest.mark.parametrize(
    ("typed", "first"),
    [("dark", "theme"), ("undo", "undo"), ("back", "back"), ("png", "export_picture"), ("", "new")],
)
def test_the_palette_finds(typed, first):
    assert first in [action.id for action in found(typed)][:3]


def test_the_palette_finds_nothing_for_nonsense():
    assert found("qqqzzz") == []
