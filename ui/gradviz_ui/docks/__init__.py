"""The table of docks. A new panel is one file here and one line in `DOCKS`."""

from PySide6.QtWidgets import QWidget

from ..editor import Editor
from .dock import Area, Dock

__all__ = ["DOCKS", "Area", "Dock", "docks_of"]


def _library(editor: Editor) -> QWidget:
    from .library import LibraryPanel

    return LibraryPanel(editor)


def _code(editor: Editor) -> QWidget:
    from .code import CodePanel

    return CodePanel(editor)


def _plan(editor: Editor) -> QWidget:
    from .plan import PlanPanel

    return PlanPanel(editor)


def _inspector(editor: Editor) -> QWidget:
    from .inspector import InspectorPanel

    return InspectorPanel(editor)


def _problems(editor: Editor) -> QWidget:
    from .problems import ProblemsPanel

    return ProblemsPanel(editor)


def _history(editor: Editor) -> QWidget:
    from .history import HistoryPanel

    return HistoryPanel(editor)


def _backward(editor: Editor) -> QWidget:
    from .backward import BackwardPanel

    return BackwardPanel(editor)


def _gradient(editor: Editor) -> QWidget:
    from .backward_inspector import BackwardInspector

    return BackwardInspector(editor)


def _steps(editor: Editor) -> QWidget:
    from .backward_steps import StepList

    return StepList(editor)


def _overview(editor: Editor) -> QWidget:
    from .overview import OverviewPanel

    return OverviewPanel(editor)


def _watches(editor: Editor) -> QWidget:
    from .watches import WatchesPanel

    return WatchesPanel(editor)


DOCKS: tuple[Dock, ...] = (
    Dock("library", "Library", "left", ("build", "descend"), _library),
    Dock("code", "Code", "left", ("build", "descend"), _code),
    Dock("plan", "Plan", "left", ("build", "descend"), _plan),
    Dock("gradient", "Inspector", "right", ("backward",), _gradient),
    Dock("steps", "Steps", "right", ("backward",), _steps),
    Dock("overview", "Overview", "right", ("backward",), _overview),
    Dock("inspector", "Inspector", "right", ("build",), _inspector),
    Dock("problems", "Problems", "right", ("build", "backward"), _problems),
    Dock("watches", "Watches", "right", ("build", "backward"), _watches),
    Dock("history", "History", "right", ("build", "backward"), _history),
    Dock("backward", "Backward pass", "bottom", ("backward",), _backward),
)


def docks_of(workspace: str, area: Area) -> tuple[Dock, ...]:
    """The docks in an area of a workspace, in the order of the table."""
    return tuple(dock for dock in DOCKS if dock.area == area and workspace in dock.workspaces)
