"""The pictures and films that `gradviz descend` writes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from gradviz.cli.common import UsageFault, reason, write_text
from gradviz.descent import Descent, Runner
from gradviz.export import figure_svg
from gradviz.export.formats import app_figures
from gradviz.export.plot import shown
from gradviz.export.race_figures import film

PICTURES = (".svg", ".png", ".pdf")
FILMS = (".gif", ".mp4")


def check_pictures(plot: str | None, animate: str | None) -> None:
    """Refuse a form of picture or film that is not written."""
    for option, target, endings in (("--plot", plot, PICTURES), ("--animate", animate, FILMS)):
        if target is not None and Path(target).suffix.lower() not in endings:
            raise UsageFault(f"{option} {target}: the name should end with {', '.join(endings)}")


def draw(descent: Descent, runners: Sequence[Runner], target: str, figure: str) -> None:
    """Draw a race; DescentError where it has nothing of what the figure shows."""
    drawn = figure_svg(figure, shown(descent, runners))
    if Path(target).suffix.lower() == ".svg":
        write_text(drawn, target)
        return
    written("--plot", target, lambda: app_figures().write_figure(drawn, Path(target)))


def animate(descent: Descent, runners: Sequence[Runner], target: str, figure: str) -> None:
    """Draw a race at step after step; DescentError as for :func:`draw`."""
    given = shown(descent, runners)
    figure_svg(figure, given)
    figures = film(given, figure)
    written("--animate", target, lambda: app_figures().write_film(figures, Path(target)))


def written(option: str, target: str, write: Callable[[], None]) -> None:
    """Have the app write a file, or say what is missing."""
    try:
        write()
    except ImportError as problem:
        if (problem.name or "").startswith(("imageio", "PIL")):
            raise UsageFault(
                f"{option} {target}: this needs imageio and its ffmpeg: "
                "pip install 'gradviz[movies]'"
            ) from None
        raise UsageFault(
            f"{option} {target}: this needs the app ({problem}); --plot with .svg does not"
        ) from None
    except OSError as problem:
        raise UsageFault(f"cannot write {target}: {reason(problem)}") from None
