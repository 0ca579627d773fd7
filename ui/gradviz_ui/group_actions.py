"""What the actions on groups do: they act on the selection, or on the groups that it lies in."""

from typing import TYPE_CHECKING

from gradviz.graph import grouping
from gradviz.graph.belonging import among, home_of
from gradviz.graph.decorating import box
from gradviz.graph.groups import hidden_in, members_of, members_within, outward

from .canvas.folding import open_groups
from .canvas.sighting import show_cards

if TYPE_CHECKING:
    from .main_window import MainWindow


def meant(window: "MainWindow") -> list[str]:
    """The groups that are selected whole; where none is, the inmost that hold what is selected.

    Of groups within others the outer ones count, and of those in a collapsed one its own.
    """
    graph, chosen = window.editor.graph, window.editor.selection
    if not graph.groups or not chosen or window.welcoming:
        return []
    groups = window.editor.entering.groups
    whole = [i for i, members in members_within(groups).items() if members and members <= chosen]
    hidden = hidden_in(groups)
    around = {i: hidden.get(i, graph.group_of.get(i)) for i in chosen}
    found = dict.fromkeys(whole or [i for i in around.values() if i is not None and i in groups])
    return [i for i in found if not any(g.id in found for g in outward(groups, groups[i].parent))]


def has_group(window: "MainWindow") -> bool:
    """Whether a group is meant."""
    return bool(meant(window))


def has_one_group(window: "MainWindow") -> bool:
    """Whether just one group is meant."""
    return len(meant(window)) == 1


def in_group(window: "MainWindow") -> bool:
    """Whether what is selected lies in a group that is open, and is only part of it."""
    graph, chosen = window.editor.graph, window.editor.selection
    if any(box(graph, i).group for i in window.editor.boxes.ids):
        return True
    inside = [i for i in chosen if i in graph.group_of]
    return bool(inside) and not any(graph.groups[i].collapsed for i in meant(window))


def group(window: "MainWindow") -> None:
    """Put what is selected, and what lies among it, into a new group, and have it named."""
    editor = window.editor
    before = set(editor.graph.groups)
    inside = editor.entering.group
    graph, chosen = editor.graph, editor.selection
    boxes = editor.boxes.ids | among(graph, chosen, home_of(graph, chosen, inside))
    if editor.perform(grouping.make_group(graph, chosen, inside=inside, boxes=boxes)):
        (made,) = set(editor.graph.groups) - before
        window.canvas.overlays.edit_group(made)


def ungroup(window: "MainWindow") -> None:
    """Take the groups away and leave what is in them."""
    window.editor.perform(grouping.ungroup(window.editor.graph, meant(window)))


def is_collapsed(window: "MainWindow") -> bool:
    """Whether a group that is meant is collapsed."""
    return any(window.editor.graph.groups[i].collapsed for i in meant(window))


def fold(window: "MainWindow") -> None:
    """Collapse the groups; where one of them is collapsed, expand them."""
    if is_collapsed(window):
        open_groups(window.canvas.canvas, meant(window))
        show_cards(window.canvas, window.editor.selection)
    else:
        window.editor.perform(grouping.collapse(window.editor.graph, meant(window)))


def enter(window: "MainWindow") -> None:
    """Show the inside of the group."""
    (group_id,) = meant(window)
    window.editor.entering.enter(group_id)


def is_inside(window: "MainWindow") -> bool:
    """Whether the inside of a group is shown."""
    return not window.welcoming and window.editor.entering.group is not None


def leave(window: "MainWindow") -> None:
    """Go out of the group that was entered."""
    window.editor.entering.leave()


def change_ports(window: "MainWindow") -> None:
    """Show, hide, name and order the ports of the group, or of the one that was entered."""
    window.canvas.overlays.edit_ports(one_meant(window))


def one_meant(window: "MainWindow") -> str:
    """The one group that is meant, or else the one whose inside is shown; empty for none."""
    found = meant(window)
    if len(found) == 1:
        return found[0]
    return window.editor.entering.group or "" if not found else ""


def has_one_meant(window: "MainWindow") -> bool:
    """Whether there is such a group."""
    return not window.welcoming and bool(one_meant(window))


def keep(window: "MainWindow") -> None:
    """Keep the group in the person's own library, and show it there."""
    editor = window.editor
    try:
        editor.library.keep(editor.graph, one_meant(window))
    except OSError as problem:
        reason = problem.strerror or str(problem)
        editor.refused.emit(f"The group cannot be kept in {editor.library.folder}: {reason}")
        return
    window.page.workspaces.show_dock("library")


def has_alike(window: "MainWindow") -> bool:
    """Whether other groups in sight are of the same structure as the one that is meant."""
    return bool(alike_in_sight(window))


def alike_in_sight(window: "MainWindow") -> list[str]:
    """The groups of the same structure that are shown; empty where there are no others."""
    found, editor = meant(window), window.editor
    if len(found) != 1:
        return []
    shown = editor.entering.groups
    others = [i for i in editor.alike.of(found[0]) if i in shown]
    return [found[0], *others] if others else []


def select_alike(window: "MainWindow") -> None:
    """Select the group and all that are of the same structure."""
    graph = window.editor.graph
    within = (members_of(graph, i) for i in alike_in_sight(window))
    window.editor.select(frozenset[str]().union(*within))


def rename(window: "MainWindow") -> None:
    """Type another name for the group."""
    (group_id,) = meant(window)
    window.canvas.overlays.edit_group(group_id)


def in_addition(window: "MainWindow") -> tuple[frozenset[str], frozenset[str]]:
    """The nodes, and the frames and notes, that are selected beside one whole group."""
    editor, found = window.editor, meant(window)
    graph = editor.graph
    if len(found) != 1:
        return frozenset(), frozenset()
    members = members_of(graph, found[0])
    if not members <= editor.selection:
        return frozenset(), frozenset()
    within = [i for i in graph.groups if found[0] in [g.id for g in outward(graph.groups, i)]]
    boxes = (i for i in editor.boxes.ids if box(graph, i).group not in within)
    return editor.selection - members, frozenset(boxes)


def has_addition(window: "MainWindow") -> bool:
    """Whether something is selected beside one whole group."""
    return any(in_addition(window))


def add_in(window: "MainWindow") -> None:
    """Take what is selected beside a group into that group."""
    editor = window.editor
    (group_id,) = meant(window)
    editor.perform(grouping.add_to_group(editor.graph, group_id, *in_addition(window)))


def take_out(window: "MainWindow") -> None:
    """Take what is selected out of the group that it is in."""
    editor = window.editor
    editor.perform(grouping.take_out(editor.graph, editor.selection, editor.boxes.ids))
