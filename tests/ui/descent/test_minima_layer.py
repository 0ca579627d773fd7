from PySide6.QtCore import QPoint, QPointF

from gradviz_ui.descent.minima_layer import MinimaLayer


def layer(workspace):
    return next(x for x in workspace.centre.contour.layers if isinstance(x, MinimaLayer))


def test_known_minima_are_marked_and_told_of_with_their_source(qtbot, descend):
    workspace = descend("himmelblau")
    contour, marks = workspace.centre.contour, layer(workspace)
    assert len(marks.places()) == 4
    frame = contour.frame()
    at = frame.point(3.0, 2.0)
    said = marks.told(at + QPointF(3, 2), frame)
    assert said.startswith("known minimum 0.000 at (3.000, 2.000)\n")
    assert "Himmelblau" in said
    assert marks.told(at + QPointF(30, 0), frame) == ""
    shown = contour.grab().toImage()
    marks.set_shown(False)
    hidden = contour.grab().toImage()
    spot = at.toPoint() + QPoint(2, 2)
    assert shown.pixelColor(spot) != hidden.pixelColor(spot)


def test_where_no_minimum_is_known_none_is_marked(descend):
    workspace = descend(text="W = tensor([1.5, -2.0], requires_grad=True)\nJ = (W ** 2).sum()")
    assert layer(workspace).places() == ()
    assert layer(workspace).key() is None
