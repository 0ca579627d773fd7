"""What the actions of the View and Help menus do."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMessageBox

import gradviz

from . import theme

if TYPE_CHECKING:
    from .main_window import MainWindow


def in_build(window: "MainWindow") -> bool:
    """Whether Build is in front."""
    return window.shows("build")


def in_backward(window: "MainWindow") -> bool:
    """Whether Backward is in front."""
    return window.shows("backward")


def in_descend(window: "MainWindow") -> bool:
    """Whether Descend is in front."""
    return window.shows("descend")


def show_build(window: "MainWindow") -> None:
    """Bring Build to the front."""
    window.show_workspace("build")


def show_backward(window: "MainWindow") -> None:
    """Bring Backward to the front."""
    window.show_workspace("backward")


def show_descend(window: "MainWindow") -> None:
    """Bring Descend to the front."""
    window.show_workspace("descend")


def show_plan(window: "MainWindow") -> None:
    """Show the program that the document is compiled to."""
    if in_backward(window):
        window.show_workspace("build")
    window.workspaces.show_dock("plan")


def fit(window: "MainWindow") -> None:
    """Show the whole graph."""
    window.canvas.fit()


def zoom_in(window: "MainWindow") -> None:
    """Show less of the graph, larger."""
    window.canvas.zoom_in()


def zoom_out(window: "MainWindow") -> None:
    """Show more of the graph, smaller."""
    window.canvas.zoom_out()


def tidy(window: "MainWindow") -> None:
    """Lay the graph out from left to right."""
    window.canvas.tidy()


def is_dark(window: "MainWindow") -> bool:
    """Whether the dark theme is in use."""
    return theme.current().dark


def toggle_theme(window: "MainWindow") -> None:
    """Use the other theme, and next time too."""
    theme.source().toggle()
    window.state.theme = theme.current().name


def open_palette(window: "MainWindow") -> None:
    """Open the list of every action."""
    window.open_palette()


def show_shortcuts(window: "MainWindow") -> None:
    """Show every shortcut."""
    window.open_shortcuts()


def show_about(window: "MainWindow") -> None:
    """Say what this is."""
    box = QMessageBox(window)
    box.setWindowTitle("About GradViz")
    box.setText(f"GradViz {gradviz.__version__}")
    box.setInformativeText(
        "Build an expression as a graph, walk backwards through its gradients, "
        "watch an optimizer use them."
    )
    box.open()
