"""The figures of a race, for a paper or a film; a new one is one entry in ``FIGURES``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from gradviz.descent import Descent, DescentError, Runner
from gradviz.export.plot import (
    FONT,
    Box,
    Shown,
    contour_part,
    curve_part,
    legend,
    losses_of,
    shown,
)
from gradviz.export.race_boundary import boundary_part
from gradviz.export.race_surface import surface_part
from gradviz.ops.spec import Array

LEFT: Box = (64.0, 28.0, 440.0, 372.0)
RIGHT: Box = (582.0, 28.0, 350.0, 240.0)
WIDER = 444.0
"""How much more room a race takes whose model is drawn in the plane of its points."""

Drawing = tuple[float, float, Iterator[str]]
"""A figure's width and height, and its parts."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: what it is called, and how it is drawn.

    ``draw`` raises :class:`DescentError` where a race has nothing of the kind to show.
    """

    title: str
    draw: Callable[[Shown], Drawing]


def race(given: Shown) -> Drawing:
    """Contour, what the model makes of its points if there are such, losses, and the runners."""
    beside = WIDER if given.field is not None else 0.0
    box = (RIGHT[0] + beside, *RIGHT[1:])

    def parts() -> Iterator[str]:
        yield from contour_part(needs_land(given), LEFT)
        if given.field is not None:
            yield from boundary_part(given, (LEFT[0] + LEFT[2] + 72, LEFT[1], LEFT[3], LEFT[3]))
        whole, batches = losses_of(given)
        yield from curve_part(given, box, "loss", whole, batches)
        yield from legend(given, box[0], box[1] + box[3] + 46, box[2])

    return 960.0 + beside, height_of(given, 460.0), parts()


def height_of(given: Shown, least: float) -> float:
    """Room for all runners below the curve."""
    return max(least, RIGHT[1] + RIGHT[3] + 46 + 22 * len(given.runners))


def contour(given: Shown) -> Drawing:
    """The contour with every runner's way."""
    needs_land(given)
    return 720.0, 620.0, contour_part(given, (64.0, 28.0, 628.0, 540.0))


def surface(given: Shown) -> Drawing:
    """The land in space with every runner's way."""
    needs_land(given)
    return 720.0, 560.0, surface_part(given, (16.0, 16.0, 688.0, 528.0))


def curves(given: Shown) -> Drawing:
    """Losses, and the length of the gradient, by step."""
    count = len(given.runners)

    def parts() -> Iterator[str]:
        whole, batches = losses_of(given)
        yield from curve_part(given, (72.0, 28.0, 380.0, 260.0), "loss", whole, batches)
        norms = [slopes(r) for r in given.runners]
        yield from curve_part(given, (548.0, 28.0, 380.0, 260.0), "gradient’s length", norms)
        yield from legend(given, 72.0, 334.0, 380.0)

    return 960.0, 334.0 + 22 * count, parts()


def boundary(given: Shown) -> Drawing:
    """What the chosen runner's model makes of the plane that its points lie in."""
    if given.field is None:
        raise DescentError("the loss is of no model that tells points of a plane apart")
    return 560.0, 620.0, boundary_part(given, (28.0, 28.0, 504.0, 504.0))


def needs_land(given: Shown) -> Shown:
    """What is given, if there is a land to draw."""
    if given.land is None:
        raise DescentError("a contour needs two parameters, and this graph has one")
    return given


def slopes(runner: Runner) -> Array:
    """The length of the gradient at each step of a way."""
    gradients = runner.trajectory.gradients
    with np.errstate(all="ignore"):
        return np.sqrt(
            [sum(float((np.asarray(a, float) ** 2).sum()) for a in g.values()) for g in gradients]
        )


FIGURES: Mapping[str, Figure] = {
    "race": Figure("Race", race),
    "contour": Figure("Contour", contour),
    "surface": Figure("Surface", surface),
    "curves": Figure("Curves", curves),
    "boundary": Figure("Boundary", boundary),
}


def figure_svg(name: str, given: Shown) -> str:
    """A figure as SVG; DescentError where a race has nothing of the kind to show."""
    width, height, parts = FIGURES[name].draw(given)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
            f'width="{width:g}" height="{height:g}" {FONT}>',
            f'<rect width="{width:g}" height="{height:g}" fill="{given.colours["panel"]}"/>',
            *parts,
            "</svg>\n",
        ]
    )


def descent_svg(descent: Descent, runners: Sequence[Runner], theme_name: str = "light") -> str:
    """The figure of a race on two axes, or in a plane; DescentError where there is no such."""
    return figure_svg("race", shown(descent, runners, theme_name))


def film(
    given: Shown, figure: str = "race", progress: Callable[[int, int], bool] | None = None
) -> Iterator[str]:
    """A figure at each moment of a race, as SVG, until ``progress`` says no; told done and all."""
    steps = moments(given)
    for number, step in enumerate(steps):
        if progress is not None and not progress(number, len(steps)):
            return
        yield figure_svg(figure, replace(given, step=step))


def moments(given: Shown, most: int = 150) -> list[int]:
    """The steps that a film of a race shows: all, or evenly so many; the first and the last too."""
    count = min(given.steps + 1, most)
    return [int(k) for k in np.unique(np.linspace(0, given.steps, count).round())]
