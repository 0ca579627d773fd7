"""A function of a point, compiled from some of a program's values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Any

import numpy as np

from gradviz.plan.emit import Emitter, alive
from gradviz.plan.expressions import describe
from gradviz.plan.memory import SHOWS
from gradviz.plan.running import Compiled, compiled
from gradviz.plan.text import Line
from gradviz.plan.values import Value, used


class Function:
    """A function of a point that gives some of a program's values."""

    def __init__(
        self, name: str, titles: Mapping[str, str], leaves: Mapping[str, Value],
        outputs: Sequence[Value],
    ) -> None:  # fmt: skip
        self.leaves = leaves
        self.lock = Lock()
        order = used([*self.leaves.values(), *outputs])
        shown = {v.reads[0].number for v in order if v.kind in SHOWS}
        loose = {v.number for v in leaves.values() if not v.scalar} - shown
        emitter = Emitter(order, alive(outputs), loose=loose)
        emitter.emit()
        results = [emitter.result(v) for v in outputs]
        self.given = [i for i, v in leaves.items() if v.scalar or v.number in loose]
        names = {i: emitter.names[v.number] for i, v in leaves.items()}
        lines = [Line(f"def {name}({', '.join(names[i] for i in self.given)}):")]
        lines += [line._replace(code=f"    {line.code}") for line in emitter.lines]
        lines.append(Line(f"    return {', '.join(results)},"))
        header = [f"# {names[i]}: {describe(leaves[i])}, {titles[i]}" for i in self.given]
        header += emitter.header
        self.compiled: Compiled = compiled(name, header, lines, emitter.scope)
        self.arrays = {i: emitter.arrays[leaves[i].number] for i in leaves if i not in self.given}

    def __call__(self, point: Mapping[str, Any]) -> tuple[Any, ...]:
        """The outputs; arrays are the function's own and are used again."""
        return self.compiled(self.arguments(point, False), lambda: self.arguments(point, True))

    def arguments(self, point: Mapping[str, Any], careful: bool) -> list[Any]:
        """The arguments of a point; what is none of them is put where the function reads it."""
        for node_id, array in self.arrays.items():
            np.copyto(array, point[node_id])
        return self.handed(point, careful)

    def handed(self, point: Mapping[str, Any], careful: bool) -> list[Any]:
        """The parameters that are arguments: numbers, and arrays as they are."""
        return [as_argument(point[i], self.leaves[i], careful) for i in self.given]


def as_argument(given: Any, leaf: Value, careful: bool) -> Any:
    """A parameter as an argument; ValueError where it is not of the leaf's shape."""
    if leaf.scalar:
        return as_number(given, leaf, careful)
    array = np.asarray(given, leaf.dtype)
    if array.shape != leaf.shape:
        raise ValueError(f"a parameter has shape {array.shape}, not {leaf.shape}")
    return array


def as_number(given: Any, leaf: Value, careful: bool) -> Any:
    """A parameter without axes as the program takes it."""
    array = np.asarray(given, leaf.dtype)
    return array.item() if leaf.dtype == np.float64 and not careful else array[()]


def first_number(loss: Any) -> float:
    """The loss as a number, also where it has axes of length one."""
    return float(loss) if isinstance(loss, float | np.generic) else float(loss.reshape(-1)[0])  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
