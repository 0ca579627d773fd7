"""A function of a point, compiled from some of a program's values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Any

import numpy as np

from gradviz.plan.emit import Emitter, alive
from gradviz.plan.running import Compiled, compiled
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
        emitter = Emitter(order, alive(outputs))
        emitter.emit()
        results = [emitter.result(v) for v in outputs]
        signature = [emitter.names[v.number] for v in self.leaves.values() if v.scalar]
        lines = [(f"def {name}({', '.join(signature)}):", "")]
        lines += [(f"    {text}", node) for text, node in emitter.lines]
        lines.append((f"    return {', '.join(results)},", ""))
        header = [
            *(f"# {emitter.names[v.number]}: {v.dtype.name}, {titles[i]}"
              for i, v in self.leaves.items() if v.scalar),
            *emitter.header,
        ]  # fmt: skip
        self.compiled: Compiled = compiled(name, header, lines, emitter.scope)
        self.arrays = {i: emitter.arrays[v.number] for i, v in self.leaves.items() if not v.scalar}

    def __call__(self, point: Mapping[str, Any]) -> tuple[Any, ...]:
        """The outputs; arrays are the function's own and are used again."""
        return self.compiled(self.arguments(point, False), lambda: self.arguments(point, True))

    def arguments(self, point: Mapping[str, Any], careful: bool) -> list[Any]:
        """The numbers of a point; its arrays are put where the function reads them."""
        for node_id, array in self.arrays.items():
            np.copyto(array, point[node_id])
        return [as_number(point[i], v, careful) for i, v in self.leaves.items() if v.scalar]


def as_number(given: Any, leaf: Value, careful: bool) -> Any:
    """A parameter without axes as the program takes it."""
    array = np.asarray(given, leaf.dtype)
    return array.item() if leaf.dtype == np.float64 and not careful else array[()]


def first_number(loss: Any) -> float:
    """The loss as a number, also where it has axes of length one."""
    return float(loss) if isinstance(loss, float | np.generic) else float(loss.reshape(-1)[0])  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
