"""What menus and the command palette do with the race of Descend."""

from typing import TYPE_CHECKING

from .step_actions import descending

if TYPE_CHECKING:
    from .descent.race import Race
    from .main_window import MainWindow


def race_of(window: "MainWindow") -> "Race | None":
    """The race in front, where there is something to minimise."""
    descend = descending(window)
    return None if descend is None or descend.race.descent is None else descend.race


def is_racing(window: "MainWindow") -> bool:
    """Whether runners are in front."""
    return race_of(window) is not None


def add_runner(window: "MainWindow") -> None:
    """Add a runner that is not there yet."""
    descend = descending(window)
    if descend is not None and is_racing(window):
        descend.runners.add()


def branch_runner(window: "MainWindow") -> None:
    """Let the runner that is looked at go on otherwise from this step."""
    race = race_of(window)
    if race is not None:
        race.branch_runner(race.chosen)


def reset_race(window: "MainWindow") -> None:
    """Go to the start, without what was changed on the way."""
    race = race_of(window)
    if race is not None:
        race.reset()
