"""This step's numbers of a runner whose rule is said in symbols alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from gradviz.descent import Axis, Runner
from gradviz.descent.buffers import Buffer, buffers
from gradviz.descent.rule import picked

from ..theme import current, qcolor
from .typeset import Box, row, space, words
from .words import compact, numbers


@dataclass(frozen=True)
class Figure:
    """A symbol and what it is at this step; ``colour``: a field of the theme.

    Without a symbol it is the words alone.
    """

    symbol: str
    words: str
    colour: str = "ink"
    sign: str = "="


def figures(runner: Runner, axes: Sequence[Axis], step: int) -> tuple[Figure, ...]:
    """The gradient, the rate, what is carried, and where the step leads; on the axes."""
    if runner.problem:
        return ()
    path = runner.trajectory
    gradient, *carried = buffers(runner, step)
    found = [
        Figure("θ", numbers(picked(path.points[path.bounded(step)], axes))),
        Figure(gradient.symbol, numbers(picked(gradient.value, axes)), "grad"),
        Figure("α", compact(path.rates[path.bounded(step)])),
    ]
    found += [_figure(b, axes) for b in carried]
    if step + 1 < len(path):
        found.append(Figure("θ", numbers(picked(path.points[step + 1], axes)), "val", "←"))
    return tuple(found)


def _figure(buffer: Buffer, axes: Sequence[Axis]) -> Figure:
    if buffer.form == "number":
        return Figure(buffer.symbol, numbers(buffer.number))
    root = "√" if buffer.form == "square" and buffer.title.startswith("root") else ""
    return Figure(f"{root}{buffer.symbol}", numbers(picked(buffer.value, axes)))


def figure_rows(
    figures: Sequence[Figure], size: float, width: float
) -> list[tuple[Box, float]]:  # fmt: skip
    """The figures side by side, as many in a row as there is room for."""
    theme, small = current(), size * 0.9
    rows: list[list[Box]] = [[]]
    for figure in figures:
        ink, colour = qcolor(theme.ink), qcolor(getattr(theme, figure.colour))
        sign = qcolor(theme.grad) if figure.colour == "grad" else ink
        named = [words(f"{figure.symbol} ", small, sign), words(f"{figure.sign} ", small, ink)]
        box = row([*(named if figure.symbol else ()), words(figure.words, small, colour),
                   space(small * 1.4)])  # fmt: skip
        if rows[-1] and sum(b.width for b in rows[-1]) + box.width > width:
            rows.append([])
        rows[-1].append(box)
    return [(row(boxes), 0.0) for boxes in rows if boxes]
