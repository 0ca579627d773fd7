"""What Descend's race is written as: figures of its parts, and its animation."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from gradviz.export import FIGURES, ExportError, figure_svg
from gradviz.export.plot import Shown, shown
from gradviz.export.race_figures import film

from . import theme
from .aside import Progress, aside
from .descent import DescendWorkspace
from .figure_files import write_figure, write_film

PICTURES: Final = (".svg", ".pdf", ".png")
FILMS: Final = (".gif", ".mp4")
ANIMATION: Final = "Animation of the race"


def forms() -> dict[str, tuple[str, tuple[str, ...]]]:
    """What there is to choose from: the title, which figure that is, and the endings."""
    found = {figure.title: (name, PICTURES) for name, figure in FIGURES.items()}
    return {**found, ANIMATION: ("race", FILMS)}


def filters() -> str:
    """The choice as a file dialog takes it."""
    return ";;".join(
        f"{title} ({' '.join(f'*{e}' for e in endings)})" for title, (_, endings) in forms().items()
    )


def form_of(words: str) -> tuple[str, tuple[str, ...]]:
    """The figure and the endings of a form, by its title or a file dialog's filter for it."""
    return forms()[words.partition(" (")[0]]


def with_ending(path: Path, form: str) -> Path:
    """A file's name with the first ending of its form, where it has none."""
    return path if path.suffix else path.with_suffix(form_of(form)[1][0])


def export_race(workspace: DescendWorkspace, form: str, path: Path, progress: Progress) -> None:
    """Write the race as it is shown, at the step looked at; as an animation, all its steps.

    It is worked out and written on another thread; ``progress`` is told on this one.

    Raises:
        ExportError: the name has another ending, or it was called off.
        DescentError: the race has nothing of what the figure shows.
        ImportError: imageio, or its ffmpeg, is missing.
        OSError: the file cannot be written.
    """
    name, endings = form_of(form)
    kind = path.suffix.lower()
    if kind not in endings:
        raise ExportError(f"{path.name}: the name should end with {', '.join(endings)}")
    given, step = given_now(workspace), workspace.race.step

    def work(told: Progress) -> None:
        if kind in FILMS:
            write_film(film(given(), name, going(told)), path)
            return
        figure = figure_svg(name, replace(given(), step=step))
        if kind == ".svg":
            path.write_text(figure, encoding="utf-8")
        else:
            write_figure(figure, path)

    aside(work, progress)


def going(progress: Progress) -> Progress:
    """Progress that ends an animation with an error where it is called off."""

    def told(done: int, count: int) -> bool:
        if not progress(done, count):
            raise ExportError("called off: what is written ends before the race does")
        return True

    return told


def given_now(workspace: DescendWorkspace) -> Callable[[], Shown]:
    """What works out the race as it is shown now: its visible runners, in the theme's colours."""
    race = workspace.race
    if race.descent is None:
        raise ExportError(race.problem or "there is no race to draw")
    visible = [r for r in race.runners if r.spec.visible]
    if not visible:
        raise ExportError("every runner is hidden: show one to draw its way")
    chosen = next((i for i, r in enumerate(visible) if r is race.runner), 0)
    return partial(shown, race.descent, visible, theme.current().name, chosen)
