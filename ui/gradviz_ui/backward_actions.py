"""The keys of Backward: each moves an index over the pass, in that workspace only."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .main_window import MainWindow


def has_walk(window: "MainWindow") -> bool:
    """Whether Backward is in front and has a pass to walk."""
    # Elsewhere the pass is not even asked for: running it costs.
    return window.shows("backward") and window.editor.walk is not None


def can_go_back(window: "MainWindow") -> bool:
    """Whether there is a step to take back."""
    return has_walk(window) and window.editor.moment > 0


def can_go_on(window: "MainWindow") -> bool:
    """Whether there is a step to take."""
    walk = window.editor.walk if has_walk(window) else None
    return walk is not None and window.editor.moment < len(walk)


def first(window: "MainWindow") -> None:
    """Go to before the seed."""
    window.editor.set_moment(0)


def back(window: "MainWindow") -> None:
    """Take a step back."""
    window.editor.set_moment(window.editor.moment - 1)


def step(window: "MainWindow") -> None:
    """Take a step."""
    window.editor.set_moment(window.editor.moment + 1)


def last(window: "MainWindow") -> None:
    """Go to the end of the pass."""
    window.editor.set_moment(len(window.editor.walk or ()))


def play(window: "MainWindow") -> None:
    """Start or stop the walk by itself."""
    window.play_backward()
