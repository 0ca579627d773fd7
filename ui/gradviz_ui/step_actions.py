"""The keys that step: through the backward pass in Backward, down the landscape in Descend."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .descent import DescendWorkspace
    from .main_window import MainWindow


def descending(window: "MainWindow") -> "DescendWorkspace | None":
    """Descend, where it is in front."""
    return window.descend if window.shows("descend") else None


def has_steps(window: "MainWindow") -> bool:
    """Whether what is in front has steps to go through."""
    # Elsewhere the pass is not even asked for: running it costs.
    walking = window.shows("backward") and window.editor.walk is not None
    return walking or descending(window) is not None


def can_go_back(window: "MainWindow") -> bool:
    """Whether there may be a step to take back."""
    return has_steps(window) and (descending(window) is not None or window.editor.moment > 0)


def can_go_on(window: "MainWindow") -> bool:
    """Whether there may be a step to take."""
    if descending(window) is not None:
        return True
    walk = window.editor.walk if has_steps(window) else None
    return walk is not None and window.editor.moment < len(walk)


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
        window.editor.set_moment(len(window.editor.walk or ()))


def play(window: "MainWindow") -> None:
    """Start or stop going on by itself."""
    descend = descending(window)
    if descend is not None:
        descend.play_pause()
    else:
        window.play_backward()
