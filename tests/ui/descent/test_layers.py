"""Layers on the contour: what is kept, what is painted again, what lies above what."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from gradviz_ui.descent.frame import Frame
from gradviz_ui.descent.layers import Layer, Layers, Order

FRAME = Frame(QRectF(0, 0, 40, 40), (0.0, 1.0), (0.0, 1.0))


class Spot(Layer):
    def __init__(self, colour, order=Order.MARKS, moving=False):
        super().__init__()
        self.colour, self.order, self.moving = QColor(colour), order, moving
        self.state: object = 0
        self.painted = 0

    def key(self):
        return self.state

    def paint(self, painter, frame):
        self.painted += 1
        painter.fillRect(frame.box, self.colour)

    def told(self, place, frame):
        return "left" if frame.coordinates(place)[0] < 0.5 else ""


def colour_of(layers, ratio=1.0, frame=FRAME):
    image = QImage(40, 40, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.black)
    painter = QPainter(image)
    layers.paint(painter, frame, ratio)
    painter.end()
    return image.pixelColor(20, 20).name()


def test_what_does_not_move_is_painted_once_until_its_key_changes(qapp):
    layers, still, moving = Layers(), Spot("red"), Spot("#0000ff", Order.AREAS, moving=True)
    layers.add(still)
    layers.add(moving)
    assert colour_of(layers) == colour_of(layers) == "#ff0000"
    assert (still.painted, moving.painted) == (1, 2)
    still.state = 1
    colour_of(layers)
    assert still.painted == 2
    colour_of(layers, ratio=2.0)
    colour_of(layers, 2.0, Frame(QRectF(0, 0, 40, 40), (0.0, 2.0), (0.0, 1.0)))
    assert still.painted == 4


def test_layers_lie_by_their_order_whichever_came_first(qapp):
    layers, above, below = Layers(), Spot("#00ff00", Order.WORDS), Spot("#ff0000", Order.LAND)
    layers.add(above)
    layers.add(below)
    assert colour_of(layers) == "#00ff00"
    above.set_shown(False)
    assert colour_of(layers) == "#ff0000"


def test_what_has_nothing_to_show_costs_nothing(qapp):
    layers, spot = Layers(), Spot("red")
    layers.add(spot)
    spot.state = None
    assert colour_of(layers) == "#000000"
    assert spot.painted == 0


def test_a_layer_that_changes_asks_for_painting(qtbot):
    layers, spot = Layers(), Spot("red")
    layers.add(spot)
    with qtbot.waitSignal(layers.changed):
        spot.set_shown(False)


def test_the_topmost_that_knows_says_what_lies_there(qapp):
    layers = Layers()
    layers.add(Spot("red"))
    assert layers.told(QPointF(5, 5), FRAME) == "left"
    assert layers.told(QPointF(35, 5), FRAME) == ""
