"""Cards from some way off: names and numbers stay large enough to read."""

import pytest
from PySide6.QtGui import QColor

from gradviz_ui.canvas.small import LEAST_LETTERS, SMALL, letters_for
from gradviz_ui.theme import current, qcolor


@pytest.mark.parametrize("scale", [0.32, 0.4, 0.5, 0.6])
def test_two_rows_can_be_read_on_the_lowest_card(scale):
    assert letters_for(78.0, 2, scale) * scale >= LEAST_LETTERS


def test_letters_never_outgrow_the_card():
    for scale in (0.1, 0.3, 0.6):
        assert 2 * letters_for(78.0, 2, scale) < 78.0


def tinted(view, name: str) -> set[str]:
    """The colours in the lower half of a card."""
    image = view.grab().toImage()
    body = view.canvas.cards[view.editor.graph.named(name).id].body()
    corner = view.mapFromScene(body.left() + 8, body.center().y() + 4)
    end = view.mapFromScene(body.right() - 8, body.bottom() - 6)
    return {
        image.pixelColor(x, y).name()
        for x in range(corner.x(), end.x())
        for y in range(corner.y(), end.y())
    }


def near(colours: set[str], role: str) -> bool:
    """Whether any is nearly the role's colour; small letters seldom have the full one."""
    wanted = qcolor(getattr(current(), role))
    parts = [(QColor(name), wanted) for name in colours]
    return any(
        abs(a.red() - b.red()) + abs(a.green() - b.green()) + abs(a.blue() - b.blue()) < 60
        for a, b in parts
    )


def test_a_small_card_shows_its_value_and_in_backward_its_gradient(view, showing, editor):
    showing("y = a * b\nz = exp(y)")
    view.zoom_by(0.9 * SMALL / view.zoom)
    assert near(tinted(view, "z"), "val")
    editor.set_workspace("backward")
    view.zoom_by(0.9 * SMALL / view.zoom)
    assert not near(tinted(view, "z"), "grad")
    editor.set_moment(len(editor.walk))
    assert near(tinted(view, "z"), "grad")


def test_a_small_card_of_a_tensor_shows_its_picture(view, showing):
    showing("y = tensor([[0.0, 9.0], [0.0, 9.0]])")
    view.zoom_by(0.9 * SMALL / view.zoom)
    assert qcolor(current().val).name() in tinted(view, "y")
