"""Stepping over a group at once, back over it, or into it."""

from typing import TYPE_CHECKING

from gradviz.graph import Halt
from gradviz.graph.groups import hidden_in, members_of, outward
from gradviz.graph.stops import GroupBorder, next_stop, stop_moments

from .canvas.folding import open_groups
from .step_actions import back, step, walking

if TYPE_CHECKING:
    from .main_window import MainWindow


def group_at(window: "MainWindow", moment: int) -> str | None:
    """The group that the step after a moment is in: a collapsed one, else the inmost."""
    editor = window.editor
    walk, graph = editor.walk, editor.graph
    if walk is None or not graph.groups or not 0 <= moment < len(walk):
        return None
    node = walk.steps[moment].node
    return hidden_in(editor.entering.groups).get(node, graph.group_of.get(node))


def has_groups(window: "MainWindow") -> bool:
    """Whether a backward pass is in front, of a document with groups."""
    return bool(window.editor.graph.groups) and walking(window)


def can_go_over(window: "MainWindow") -> bool:
    """Whether there is a step left to take."""
    walk = window.editor.walk if has_groups(window) else None
    return walk is not None and window.editor.moment < len(walk)


def can_go_back_over(window: "MainWindow") -> bool:
    """Whether there is a step to take back."""
    return has_groups(window) and window.editor.moment > 0


def over(window: "MainWindow") -> None:
    """Go to where the pass has left the group it comes to; elsewhere take one step."""
    editor = window.editor
    group_id, walk = group_at(window, editor.moment), editor.walk
    halt = None
    if group_id is not None and walk is not None:
        stop = border(window, group_id)
        halt = next_stop(editor.graph, walk, editor.moment, [stop])
    if halt is None:
        step(window)
    else:
        editor.stops.halt(halt)


def back_over(window: "MainWindow") -> None:
    """Go back to before the group that the last step was in; elsewhere take one step back."""
    editor = window.editor
    group_id, walk = group_at(window, editor.moment - 1), editor.walk
    if group_id is None or walk is None:
        back(window)
        return
    stop = border(window, group_id, enter=True)
    first = stop_moments(walk, stop)[0]
    editor.stops.halt(Halt(first - 1, (stop,), f"stopped before the group {stop.name}"))


def border(window: "MainWindow", group_id: str, *, enter: bool = False) -> GroupBorder:
    """The border of a group, where the pass leaves it or enters it."""
    graph = window.editor.graph
    name = graph.groups[group_id].name
    return GroupBorder("enter" if enter else "leave", name, members_of(graph, group_id))


def closed_at(window: "MainWindow") -> str | None:
    """The collapsed group whose card hides the next step."""
    if not can_go_over(window):
        return None
    groups = window.editor.entering.groups
    group_id = group_at(window, window.editor.moment)
    if group_id not in groups:
        return None
    closed = any(g.collapsed for g in outward(groups, group_id))
    return group_id if closed else None


def can_go_into(window: "MainWindow") -> bool:
    """Whether the next step is within a collapsed group."""
    return closed_at(window) is not None


def into(window: "MainWindow") -> None:
    """Expand the group that the pass comes to, and take the first step in it."""
    group_id = closed_at(window)
    if group_id is not None:
        open_groups(window.canvas.canvas, [group_id])
        step(window)
