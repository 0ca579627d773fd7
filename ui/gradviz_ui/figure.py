"""Figures of the engine's as files, where no window is: what `gradviz descend` writes."""

from collections.abc import Iterable
from pathlib import Path

from . import figure_files
from .app import application


def write_figure(svg: str, path: Path) -> None:
    """Write an SVG figure as PNG or PDF, by the name's ending.

    Raises:
        OSError: the file cannot be written.
    """
    application(["gradviz"])
    figure_files.write_figure(svg, path)


def write_film(figures: Iterable[str], path: Path) -> None:
    """Write SVG figures of one size as an animation.

    Raises:
        ImportError: imageio, or its ffmpeg, is missing.
        OSError: the file cannot be written.
    """
    application(["gradviz"])
    figure_files.write_film(figures, path)
