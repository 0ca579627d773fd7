"""The keys that step: through the backward pass in Backward, down the landscape in Descend."""

from typing import TYPE_CHECKING

from gradviz.graph import NoBackward
from gradviz.graph.differentiate import gradient_graph
from gradviz.program.placing import positions

from . import edit_actions, file_actions
from .stops import SUMS

if TYPE_CHECKING:
    from .descent import DescendWorkspace
    from .main_window import MainWindow


def descending(window: "MainWindow") -> "DescendWorkspace | None":
    """Descend, where it is in front."""
    return window.descend if window.shows("descend") else None


def has_steps(window: "MainWindow") -> bool:
    """Whether what is in front has steps to go through."""
    # Elsewhere the pass is not even asked for: running it costs.
    stepping = window.shows("backward") and window.editor.track is not None
    return stepping or descending(window) is not None


def can_go_back(window: "MainWindow") -> bool:
    """Whether there may be a step to take back."""
    return has_steps(window) and (descending(window) is not None or window.editor.moment > 0)


def can_go_on(window: "MainWindow") -> bool:
    """Whether there may be a step to take."""
    if descending(window) is not None:
        return True
    track = window.editor.track if has_steps(window) else None
    return track is not None and window.editor.moment < len(track)


def first(window: "MainWindow") -> None:
    """Go to before the first step."""
    descend = descending(window)
    if descend is not None:
        descend.first()
    else:
        window.editor.set_moment(0)


def back(window: "MainWindow") -> None:
    """Take a step back."""
    descend = descending(window)
    if descend is not None:
        descend.back()
    else:
        window.editor.set_moment(window.editor.moment - 1)


def step(window: "MainWindow") -> None:
    """Take a step."""
    descend = descending(window)
    if descend is not None:
        descend.step()
    else:
        window.editor.set_moment(window.editor.moment + 1)


def last(window: "MainWindow") -> None:
    """Go to the last step."""
    descend = descending(window)
    if descend is not None:
        descend.last()
    else:
        window.editor.set_moment(len(window.editor.track or ()))


def play(window: "MainWindow") -> None:
    """Start or stop going on by itself."""
    descend = descending(window)
    if descend is not None:
        descend.play_pause()
    else:
        window.page.backward.play_pause()


def start_here(window: "MainWindow") -> None:
    """Have Backward start from the selected node, before its first step."""
    edit_actions.use_as_output(window)
    window.show_workspace("backward")
    window.editor.set_moment(0)


def again(window: "MainWindow") -> None:
    """Call backward once more: what leaves hold stays, and the new gradient is added."""
    window.editor.passes.again()


def has_earlier(window: "MainWindow") -> bool:
    """Whether earlier passes left something in leaves' ``.grad``."""
    return window.shows("backward") and window.editor.passes.earlier > 0


def zero_grad(window: "MainWindow") -> None:
    """Empty every leaf's ``.grad``."""
    window.editor.passes.zero_grad()


def predict(window: "MainWindow") -> None:
    """Ask for each contribution before it is shown, or stop asking."""
    window.page.backward.predict.toggle()


def is_predicting(window: "MainWindow") -> bool:
    """Whether contributions are asked for first."""
    return window.shows("backward") and window.page.backward.predict.on


def toggle_sizes(window: "MainWindow") -> None:
    """Draw wires by the size of their gradients, or as before."""
    passes = window.editor.passes
    passes.show_sizes(not passes.by_size)


def by_size(window: "MainWindow") -> bool:
    """Whether wires are drawn by size."""
    return window.editor.passes.by_size


def pin(window: "MainWindow") -> None:
    """Keep this pass to compare the next ones with."""
    window.workspaces.show_dock("overview")
    from .docks.overview import OverviewPanel

    panel = window.workspaces.shelf.widget("overview")
    assert isinstance(panel, OverviewPanel)
    panel.tabs.choose("compare")
    panel.compare.pin()


def differentiate(window: "MainWindow") -> None:
    """Open the backward pass as a document of its own, whose nodes are the gradients too."""
    editor = window.editor
    walk = editor.walk
    if walk is None:
        return
    try:
        made = gradient_graph(
            editor.evaluation, walk.output, seed=editor.passes.seed, place=positions
        )
    except NoBackward as problem:
        window.notice.show_problem(str(problem))
        return
    file_actions.show_graph(window, made)
    window.show_workspace("build")


# stops ------------------------------------------------------------------------------------


def walking(window: "MainWindow") -> bool:
    """Whether there is a backward pass in front."""
    shown = window.shows("backward") and window.editor.passes.reverse
    return shown and window.editor.walk is not None


def stepping(window: "MainWindow") -> bool:
    """Whether there is a pass in front, one way or the other."""
    return window.shows("backward") and window.editor.track is not None


def turn(window: "MainWindow") -> None:
    """Walk the other pass: forward where it was backward."""
    passes = window.editor.passes
    passes.set_direction("backward" if passes.forward else "forward")


def is_forward(window: "MainWindow") -> bool:
    """Whether the forward pass is walked."""
    return window.editor.passes.forward


def push_tangents(window: "MainWindow") -> None:
    """Walk forward mode, or from there the backward pass again."""
    passes = window.editor.passes
    passes.set_direction("backward" if passes.tangential else "tangents")


def is_tangential(window: "MainWindow") -> bool:
    """Whether forward mode is walked."""
    return window.editor.passes.tangential


def can_run_on(window: "MainWindow") -> bool:
    """Whether the pass has a step left to run through."""
    return stepping(window) and can_go_on(window)


def can_sum_on(window: "MainWindow") -> bool:
    """Whether the backward pass may have an accumulation left."""
    return walking(window) and can_go_on(window)


def can_sum_back(window: "MainWindow") -> bool:
    """Whether the backward pass may have an accumulation behind it."""
    return walking(window) and window.editor.moment > 0


def can_run_back(window: "MainWindow") -> bool:
    """Whether the pass has a step behind it to run back through."""
    return stepping(window) and window.editor.moment > 0


def run_on(window: "MainWindow") -> None:
    """Run to the next breakpoint or condition."""
    window.editor.stops.run(True)


def run_back(window: "MainWindow") -> None:
    """Run back to the breakpoint or condition before."""
    window.editor.stops.run(False)


def next_sum(window: "MainWindow") -> None:
    """Run to the next step that adds to a gradient which is there already."""
    window.editor.stops.run(True, SUMS)


def previous_sum(window: "MainWindow") -> None:
    """Run back to the step before that added to a gradient."""
    window.editor.stops.run(False, SUMS)


def selected_moment(window: "MainWindow") -> int | None:
    """The moment of the one selected node's step, where the pass has one."""
    editor = window.editor
    if not stepping(window) or editor.track is None or len(editor.selection) != 1:
        return None
    return editor.track.moment_of(min(editor.selection))


def has_own_step(window: "MainWindow") -> bool:
    """Whether the pass goes through the one selected node."""
    return selected_moment(window) is not None


def go_to_selected(window: "MainWindow") -> None:
    """Go to the step of the selected node."""
    moment = selected_moment(window)
    if moment is not None:
        window.editor.set_moment(moment)


def marked(window: "MainWindow") -> tuple[str, ...]:
    """The nodes that a breakpoint would be for: those selected, else that of the step."""
    editor = window.editor
    if editor.selection or not stepping(window):
        return tuple(sorted(editor.selection))
    return () if editor.step is None else (editor.step.node,)


def can_mark(window: "MainWindow") -> bool:
    """Whether a breakpoint would be for any node."""
    return window.shows("backward") and bool(marked(window))


def is_marked(window: "MainWindow") -> bool:
    """Whether all those nodes have a breakpoint."""
    nodes = marked(window) if window.shows("backward") else ()
    return bool(nodes) and set(nodes) <= window.editor.stops.breakpoints


def toggle_breakpoint(window: "MainWindow") -> None:
    """Set a breakpoint on the selected nodes, or take theirs away."""
    window.editor.stops.toggle(marked(window))


def has_stops(window: "MainWindow") -> bool:
    """Whether there is any stop."""
    return window.shows("backward") and bool(window.editor.stops.all)


def clear_stops(window: "MainWindow") -> None:
    """Take every breakpoint and condition away."""
    window.editor.stops.clear()


def add_stop(window: "MainWindow") -> None:
    """Type a condition to stop at."""
    window.page.type_stop()
