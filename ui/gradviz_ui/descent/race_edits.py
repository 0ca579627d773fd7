"""What a person sets in Descend, written to the document as edits."""

from collections.abc import Sequence
from dataclasses import replace

from gradviz.descent import (
    Axis,
    to_plain,
)
from gradviz.descent.landscape import Range
from gradviz.graph import Batch, GraphError, compose

from .race_view import RaceView
from .start import start_edit


class RaceEdits(RaceView):
    """The settings of the race and its start."""

    def set_settings(self, label: str, key: str = "", **changes: object) -> None:
        """Keep other settings in the document; `key` joins the edits of one drag."""
        settings = replace(self.settings, **changes)
        edit = compose.set_descent(self.editor.graph, to_plain(settings))
        self.editor.perform(edit, label, f"{key} {self._drags}" if key else "")

    def show_view(self, view: str) -> None:
        """Look at the race or at what compares many runners, one of `VIEWS`."""
        if self.descent is not None and view != self.settings.view:
            self.set_settings("Look at another view", "view", view=view)

    def set_axes(self, axes: Sequence[Axis]) -> None:
        """Look along other coordinates; the extent is chosen anew."""
        self.set_settings("Choose axes", axes=tuple(axes), plane=None, ranges=None)

    def set_start(self, to: Sequence[float]) -> None:
        """Start elsewhere: the parameters' values in the document change."""
        if self.descent is None or self.picture.piece is None:
            return
        try:
            edits = start_edit(self.editor.graph, self.picture.piece, to).edits
        except GraphError as problem:
            self.editor.refused.emit(str(problem))
            return
        along_axes = self.settings.plane is None
        if along_axes and self.settings.ranges is None and self.descent.ranges is not None:
            # An extent chosen to fit the start would move away under the hand that moves it.
            kept = to_plain(replace(self.settings, ranges=self.descent.ranges))
            edits += compose.set_descent(self.editor.graph, kept).edits
        self.editor.perform(Batch(edits, "Move the start"), "", f"start {self._drags}")

    def set_ranges(self, ranges: tuple[Range, Range] | None) -> None:
        """Show another extent."""
        self.set_settings("Zoom the landscape", "ranges", ranges=ranges)

    def end_drag(self) -> None:
        """What comes next is an undo step of its own."""
        self._drags += 1
