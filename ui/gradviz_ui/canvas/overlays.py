"""What lies over the canvas: the small map, the search, the field for typing in place."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRectF

from gradviz.graph import Wire
from gradviz.graph.checks import port_name

from ..ports import take_on_port
from .adding import put
from .box_editing import edit_box
from .breadcrumb import HEIGHT as BREADCRUMB
from .breadcrumb import Breadcrumb
from .choices import Choice
from .connecting import Plug
from .empty import EmptyHint
from .expressions import add_expression
from .gestures import Pointer
from .group_frame import FrameItem
from .group_layer import item_of
from .hits import Hit
from .inline import (
    InlineEdit,
    take_group_name,
    take_name,
    take_value,
    value_text,
)
from .inserting import insert, insert_on
from .items import CardItem
from .layer_form import LayerForm
from .legend import SizeLegend
from .metrics import Box
from .note_editor import NoteEditor
from .onto_wire import room_for_new
from .overview import SIZE, Overview
from .painting import literal_rect
from .port_form import PortForm
from .search import SearchPopup
from .sighting import show_cards

if TYPE_CHECKING:
    from .pointing import PointedView

NARROW = 480
EDGE = 14
PORT_FIELD = 96.0


class Overlays:
    """Opens each where it belongs, and carries out what was chosen or typed."""

    def __init__(self, view: PointedView) -> None:
        self._view = view
        # Children of the view, not of what it scrolls: that would carry them along.
        self.overview = view.corner = Overview(view.canvas, view)
        self.popup = SearchPopup(view, view.editor)
        self.layer_form = LayerForm(view)
        self.port_form = PortForm(view.editor, view)
        self.field = InlineEdit(view)
        self.note = NoteEditor(view)
        self._place = QPointF()
        self._link: Plug | None = None
        self._wire: Wire | None = None
        self.empty = EmptyHint(view)
        self.breadcrumb = Breadcrumb(view.editor, view)
        self.breadcrumb.move(EDGE, EDGE)
        self.legend = SizeLegend(view.editor, view)
        self.popup.chosen.connect(self._insert)
        self.popup.turned.connect(view.viewport().update)
        self.overview.wanted.connect(self._centre)
        view.editor.replaced.connect(self.close)
        self.follow()

    def close(self) -> None:
        """Close whatever is open."""
        self.popup.hide()
        self.layer_form.hide()
        self.port_form.hide()
        self.field.hide()
        self.field.problem.hide()
        self.note.finish(taken=False)

    def follow(self) -> None:
        """The view was moved or resized."""
        view = self._view
        self.field.hide()
        self.field.problem.hide()
        self.note.finish()
        room = view.viewport().rect()
        seen = QRectF(
            view.scene_point(QPointF(0, 0)), view.scene_point(QPointF(room.bottomRight()))
        )
        everything = seen.contains(view.canvas.bounds()) or not view.canvas.cards
        self.empty.follow(not view.canvas.cards)
        self.overview.setVisible(room.width() >= NARROW and not everything)
        self.overview.move(room.right() - SIZE.width() - EDGE, room.bottom() - SIZE.height() - EDGE)
        self.overview.show_seen(seen)
        self.legend.move(EDGE, room.bottom() - self.legend.height() - EDGE)

    def _centre(self, point: QPointF) -> None:
        self._view.fitted = False
        self._view.look(self._view.zoom, point, QPointF(self._view.viewport().rect().center()))

    # search -----------------------------------------------------------------------------------

    def search_at(self, place: QPoint, link: Plug | None = None) -> None:
        """Open the search at a point of the viewport; what is chosen is wired to `link`."""
        self._place, self._link, self._wire = self._view.scene_point(QPointF(place)), link, None
        self.popup.open_at(place, link)

    @property
    def pulled(self) -> tuple[Plug, QPointF] | None:
        """The port of the wire that the open search is for, and where that wire was let go."""
        link = self._link if self.popup.isVisible() else None
        known = link is not None and link.node in self._view.editor.graph.nodes
        return (link, self._place) if link is not None and known else None

    def search_for(self, at: Pointer, link: Plug) -> None:
        """Open the search where a wire was let go."""
        self.search_at(at.view.toPoint(), link)

    def search_on(self, place: QPoint, wire: Wire) -> None:
        """Open the search for what goes onto a wire."""
        self._place, self._link, self._wire = self._view.scene_point(QPointF(place)), None, wire
        self.popup.open_at(place, Plug(wire.source, wire.output, True))

    def _insert(self, choice: Choice) -> None:
        self._view.fitted = False
        before = set(self._view.editor.graph.nodes)
        if choice.key:
            put(self, self._view, choice.key, self._place, self._links(), self._wire)
            if not self.layer_form.isVisible():
                self._view.setFocus()
            return
        if choice.formula:
            label = "" if self._wire is None else f"Add {choice.formula}"
            with room_for_new(self._view.canvas, label):
                add_expression(
                    self._view.editor, choice.formula, self._place, self._link, self._wire
                )
        elif self._wire is not None:
            self.insert_on(choice, self._place, self._wire)
        else:
            insert(self._view.editor, choice, self._place, self._link)
        self._view.setFocus()
        show_cards(self._view, set(self._view.editor.graph.nodes) - before)

    def _links(self) -> tuple[Plug, ...]:
        """The ports whose wire was let go: all that the port of a group's card stands for."""
        link = self._link
        if link is None or link.output:
            return () if link is None else (link,)
        card = self._view.canvas.groups.card_of(link.node)
        ends = card.ends(card.index_of(link.node, link.port), output=False)
        return tuple(Plug(node, port, False) for node, port in ends)

    def insert_on(self, choice: Choice, place: QPointF, wire: Wire) -> None:
        """Add a node in the middle of a wire, for which its neighbours make room."""
        with room_for_new(self._view.canvas, f"Insert {choice.op}"):
            insert_on(self._view.editor, choice, place, wire)

    def put(self, key: str, place: QPointF | None = None, wire: Wire | None = None) -> None:
        """Put in what a key names (see `gradviz_ui.additions`): there, or in the middle.

        ``wire`` is one in whose middle it goes.
        """
        middle = QPointF(self._view.viewport().rect().center()) - QPointF(90, 60)
        put(self, self._view, key, place or self._view.scene_point(middle), (), wire)

    def edit_ports(self, group_id: str) -> None:
        """List the ports of a group, beside its card, or in the corner from inside."""
        place = QPoint(EDGE, 2 * EDGE + BREADCRUMB)
        item = item_of(self._view.canvas.groups, group_id)
        if item is not None:
            body = item.body()
            framed = isinstance(item, FrameItem)
            place = self._view.mapFromScene(body.topLeft() if framed else body.bottomLeft())
        self.port_form.open_at(place, group_id)

    # typing in place --------------------------------------------------------------------------

    def edit(self, hit: Hit) -> bool:
        """Open the field over a part of a card; False where there is nothing to type."""
        node_id = hit.node_id
        if not isinstance(hit.card, CardItem) or node_id not in self._view.editor.graph.nodes:
            return False
        if hit.part == "literal":
            return self._edit_literal(hit)
        if hit.part == "input":
            return self.edit_port(hit)
        editor, plan = self._view.editor, hit.card.plan
        if hit.part == "title":
            name = editor.graph.node(node_id).name
            self._open(hit, plan.title, name, "name", lambda t: take_name(editor, node_id, t))
            return True
        text = value_text(editor, node_id) if hit.part in ("value", "slider") else None
        if text is None:
            return False
        self._open(hit, plan.value, text, "value", lambda t: take_value(editor, node_id, t))
        return True

    def edit_box(self, box_id: str) -> None:
        """Open a field over the title of a frame, or over a note."""
        edit_box(self._view, box_id)

    def edit_group(self, group_id: str) -> None:
        """Open the field over the name of a group, on its card or its frame."""
        editor, item = self._view.editor, item_of(self._view.canvas.groups, group_id)
        name, take = editor.graph.groups[group_id].name, partial(take_group_name, editor, group_id)
        if isinstance(item, FrameItem):
            shown = self._view.mapFromScene(item.title()).boundingRect()
            self.field.open_over(shown, name, "name", take)
        elif item is not None:
            self._open(Hit("title", item), item.plan.title, name, "name", take)

    def _edit_literal(self, hit: Hit) -> bool:
        editor, node_id = self._view.editor, hit.node_id
        assert isinstance(hit.card, CardItem)
        plan = hit.card.plan
        node = editor.graph.node(node_id)
        if hit.card.content.suffix:
            port, area = max(node.literals), plan.title
        else:
            port = hit.port
            chip = literal_rect(plan, port, str(node.literals[port]))
            area = Box(chip.x(), chip.y(), chip.width(), chip.height())
        text, name = str(node.literals[port]), node.spec.ports[port].name
        self._open(hit, area, text, name, lambda t: take_on_port(editor, node_id, port, t))
        return True

    def edit_port(self, hit: Hit, typed: str = "") -> bool:
        """Open the field at a port that has no wire, with what was typed so far."""
        editor, node_id, port = self._view.editor, hit.node_id, hit.port
        if not isinstance(hit.card, CardItem) or node_id not in editor.graph.nodes:
            return False
        if port in editor.graph.inputs(node_id):
            return False
        x, y = hit.card.plan.inputs[min(port, len(hit.card.plan.inputs) - 1)]
        area = Box(x - PORT_FIELD - 8, y - 11, PORT_FIELD, 22)
        node = editor.graph.node(node_id)
        known = str(node.literals.get(port, ""))
        name = port_name(node.spec, port)
        self._open(hit, area, known, name, lambda t: take_on_port(editor, node_id, port, t))
        if typed:
            self.field.setText(typed)
            self.field.deselect()
        return True

    def _open(self, hit: Hit, area: Box, text: str, name: str, take) -> None:
        assert hit.card is not None
        body = hit.card.body()
        place = QRectF(body.x() + area.x, body.y() + area.y, area.width, area.height)
        shown = self._view.mapFromScene(place).boundingRect()
        self.field.open_over(shown, text, name, take)
