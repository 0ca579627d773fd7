import pytest
from PySide6.QtGui import QAction, QColor, QIcon
from PySide6.QtWidgets import QToolButton

from gradviz_ui import icons, theme


@pytest.fixture(autouse=True)
def light_again(qapp):
    theme.apply(qapp, "light")
    yield
    theme.apply(qapp, "light")


def ink_of(pixmap):
    """The most opaque colour of a picture."""
    image = pixmap.toImage()
    dots = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return max(dots, key=QColor.alpha)


@pytest.mark.parametrize("name", icons.icon_names())
@pytest.mark.parametrize("size", [16, 20, 40])
def test_every_icon_draws_something_within_its_edges(qapp, name, size):
    image = icons.icon_pixmap(name, size, "#0B63B0").toImage()
    assert image.width() == image.height() == size
    alpha = [[image.pixelColor(x, y).alpha() for x in range(size)] for y in range(size)]
    assert sum(map(sum, alpha)) > 255 * size / 4
    edges = [*alpha[0], *alpha[-1], *(row[0] for row in alpha), *(row[-1] for row in alpha)]
    assert max(edges) < 128


def test_an_icon_takes_the_colours_of_the_theme(qapp):
    found = icons.icon("stop")
    assert ink_of(found.pixmap(16)) == QColor(theme.current().mute)
    disabled = found.pixmap(16, mode=QIcon.Mode.Disabled)
    assert ink_of(disabled) == QColor(theme.current().faint)
    assert ink_of(icons.icon("stop", "val").pixmap(16)) == QColor(theme.current().val)
    assert ink_of(icons.icon("stop", "#C2410C").pixmap(16)) == QColor("#C2410C")


def test_an_icon_is_sharp_at_twice_the_size(qapp):
    found = icons.icon("play")
    assert found.pixmap(found.actualSize(icons.QSize(16, 16)), 2.0).width() == 32


def test_kept_icons_follow_the_theme(qapp):
    action, button = QAction(), QToolButton()
    icons.keep_icon(action, "stop")
    icons.keep_icon(button, "play")
    icons.keep_icon(button, "stop", "grad")
    theme.source().set_theme("dark")
    assert ink_of(action.icon().pixmap(16)) == QColor(theme.current().mute)
    assert ink_of(button.icon().pixmap(16)) == QColor(theme.current().grad)
    assert len(button.children()) == 1


def test_a_deleted_button_is_forgotten(qapp):
    from shiboken6 import delete

    button = QToolButton()
    icons.keep_icon(button, "play")
    delete(button)
    theme.source().toggle()


def test_an_unknown_icon_is_named(qapp):
    with pytest.raises(KeyError, match="unicorn"):
        icons.icon("unicorn")
