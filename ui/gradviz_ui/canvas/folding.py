"""Opening and closing groups in place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradviz.graph.grouping import collapse, expand

from ..editor import Editor
from .hits import Hit

if TYPE_CHECKING:
    from .pointing import PointedView


def toggle(editor: Editor, group_id: str) -> None:
    """Expand a collapsed group, or collapse one that is open."""
    make = expand if editor.graph.groups[group_id].collapsed else collapse
    editor.perform(make(editor.graph, [group_id]))


def open_or_name(view: PointedView, hit: Hit) -> None:
    """Expand the group of a card, or type another name on a frame."""
    if hit.part == "frame":
        view.overlays.edit_group(hit.group_id)
    else:
        toggle(view.editor, hit.group_id)
