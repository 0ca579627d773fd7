"""Where the canvas last looked, in each workspace and inside each group, to look there again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF

if TYPE_CHECKING:
    from .pointing import PointedView

Look = tuple[float, QPointF]
Place = tuple[str, str | None]


class Looks(QObject):
    """Keeps the looks of one view; one that was not moved by hand shows everything."""

    def __init__(self, view: PointedView) -> None:
        super().__init__(view)
        self._view, self._editor = view, view.editor
        self._known: dict[Place, Look] = {}
        self._workspace = view.editor.workspace
        editor = view.editor
        editor.replaced.connect(self._known.clear)
        editor.workspace_changed.connect(self._go_along)
        editor.entering.going.connect(self._keep)
        editor.entering.changed.connect(self._enter)

    def _keep(self) -> None:
        view, place = self._view, (self._workspace, self._editor.entering.group)
        view.cancel_gesture()
        self._known.pop(place, None)
        if not view.fitted:
            middle = view.scene_point(QPointF(view.viewport().rect().center()))
            self._known[place] = view.zoom, middle

    def _take_up(self) -> None:
        view = self._view
        look = self._known.get((self._workspace, self._editor.entering.group))
        if look is None:
            view.fit()
            return
        view.fitted = False
        view.look(*look, QPointF(view.viewport().rect().center()))

    def _go_along(self, workspace: str) -> None:
        self._keep()
        self._workspace = workspace
        self._take_up()

    def _enter(self) -> None:
        self._take_up()
        self._view.setFocus()
