"""What the wires carry, written on them where there is room: shapes, what is broadcast, and types
that change on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from gradviz.graph import Node, Wire
from gradviz.ops.dtypes import dtype

from ..editor import Editor
from ..numbers import shape_text
from ..theme import current, qcolor
from .conversions import conversions, gives_type, inputs_of, stretched_text
from .items import CardItem, WireItem
from .painting import fonts, measures

if TYPE_CHECKING:
    from .scene import CanvasScene

HEIGHT = 14.0
FROM = 0.7
"""The zoom from which they can be read."""
MOST = 120
"""Wires in sight above which nobody could read what is written on them."""
PLACES = (0.5, 0.4, 0.6, 0.3, 0.7)
SIDES = (0.0, -14.0, 14.0)
Sides = tuple[float, ...]


class Label(NamedTuple):
    """What a wire says: in full, and shorter where there is less room; none says nothing.

    ``changes``: whether something changes on the wire.
    """

    words: tuple[str, ...]
    changes: bool


NOTHING = Label((), False)


def label_of(editor: Editor, wire: Wire) -> Label:
    """What a wire says: ``(3, 4)``, ``(3, 1) → (3, 4)``, ``int64 → float32``; or nothing."""
    results = editor.evaluation.results
    outputs = results[wire.source].outputs
    if wire.output >= len(outputs):
        return NOTHING
    carried, target = outputs[wire.output], results[wire.target]
    shape = carried.array.shape
    plain = Label((shape_text(shape),), False) if shape else NOTHING
    if not target.ok:
        return plain
    made = target.value
    if made.array.shape == shape and made.dtype is carried.dtype:
        return plain
    node = editor.graph.node(wire.target)
    becomes = conversions(editor, node)
    stretched = becomes.stretched.get(wire.port)
    other_type = is_lifted(editor, node, wire, made.dtype)
    types = (f"{carried.dtype.name} → {made.dtype.name}", made.dtype.name) if other_type else ()
    if stretched is None:
        return Label((types[0], f"→ {types[1]}"), True) if types else plain
    whole, end = stretched_text(stretched), shape_text(stretched[1])
    if not types:
        return Label((whole, f"→ {end}"), True)
    return Label((f"{whole}  {types[0]}", f"→ {end}  {types[1]}"), True)


def is_lifted(editor: Editor, node: Node, wire: Wire, made: dtype) -> bool:
    """Whether what a wire brings is given the type ``made`` before the node computes with it.

    A comparison's truths, say, are no input's type.
    """
    inputs = inputs_of(editor, node)
    carried = inputs[wire.port].dtype
    if carried is made or not gives_type(node.spec, wire.port):
        return False
    if any(each.dtype is made for port, each in inputs.items() if port != wire.port):
        return True
    fractions = any(isinstance(value, float) for value in node.literals.values())
    lifts = node.spec.promotion == "float" or (node.spec.promotion == "arithmetic" and fractions)
    return lifts and made.is_floating_point and not carried.is_floating_point


class WireLabels:
    """A label for each wire in sight that has room for one; it stays where it is while it can."""

    def __init__(self, scene: CanvasScene) -> None:
        self._scene = scene
        self._places: dict[Wire, tuple[QRectF, str, Label]] = {}
        for signal in (scene.reshaped, scene.shifted, scene.rebuilt):
            signal.connect(self._places.clear)

    def placed(self, seen: QRectF, most: int = MOST) -> list[tuple[QRectF, str, bool]]:
        """Places and words of the labels on the wires in a part of the scene, and whether
        something changes there; none where there are more than `most` wires."""
        editor = self._scene.editor
        items = self._scene.items(seen, Qt.ItemSelectionMode.IntersectsItemBoundingRect)
        away = self._scene.carried.apart if self._scene.carried is not None else ()
        items = [item for item in items if item not in away]
        wires = [item for item in items if isinstance(item, WireItem) and not item.hidden]
        if editor.workspace != "build" or len(wires) > most:
            return []
        labelled = [(item, label_of(editor, item.wire)) for item in wires]
        labelled.sort(key=lambda each: (not each[1].changes, each[0].wire))
        blocked = [item.body() for item in items if isinstance(item, CardItem)]
        blocked += self._scene.scenery.obstacles(wires)
        found: list[tuple[QRectF, str, bool]] = []
        for item, label in labelled:
            place, words = self._placed(item, label, seen, blocked)
            if words:
                blocked.append(place)
                found.append((place, words, label.changes))
        return found

    def paint(self, painter: QPainter, seen: QRectF, exposed: QRectF, most: int = MOST) -> None:
        """Draw those of a view that sees a part of the scene, where it is to be drawn anew."""
        for area, words, changes in self.placed(seen, most):
            if area.intersects(exposed):
                paint_label(painter, area, words, changes)

    def _placed(
        self, item: WireItem, label: Label, seen: QRectF, blocked: list[QRectF]
    ) -> tuple[QRectF, str]:
        known = self._places.get(item.wire)
        if known is not None and known[2] == label and seen.contains(known[0]):
            return known[0], known[1]
        for words in label.words:
            box = self._room(item, words, seen, blocked, SIDES if label.changes else SIDES[:1])
            if box is not None:
                self._places[item.wire] = box, words, label
                return box, words
        return QRectF(), ""

    def _room(
        self, item: WireItem, words: str, seen: QRectF, blocked: list[QRectF], sides: Sides
    ) -> QRectF | None:
        width = measures("cell").horizontalAdvance(words) + 8
        points = [item.path.pointAtPercent(part) for part in PLACES]
        for side in sides:
            for point in points:
                top = point.y() + side - HEIGHT / 2
                box = QRectF(point.x() - width / 2, top, width, HEIGHT)
                near = box.adjusted(-2, -1, 2, 1)
                if seen.contains(box) and not any(near.intersects(other) for other in blocked):
                    return box
        return None


def paint_label(painter: QPainter, area: QRectF, words: str, changes: bool) -> None:
    """Draw one: in ink where something changes on the wire, else muted."""
    theme = current()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(qcolor(theme.wire) if changes else Qt.PenStyle.NoPen)
    painter.setBrush(qcolor(theme.bg))
    painter.drawRoundedRect(area, 4, 4)
    painter.setPen(qcolor(theme.ink if changes else theme.mute))
    painter.setFont(fonts()["cell"])
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, words)
