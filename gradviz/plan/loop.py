"""Descents that run within a plan: gradient and update of each step in one loop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np

from gradviz.ops.spec import Array
from gradviz.plan.emit import Emitter, alive
from gradviz.plan.function import as_number
from gradviz.plan.running import compiled
from gradviz.plan.trace import Program
from gradviz.plan.update import full_settings, state_names, updated
from gradviz.plan.values import Value, used

Point = dict[str, Array]
MARGIN = "        "


@dataclass(frozen=True, slots=True)
class Descent:
    """A descent: the loss at each point it came to, and the points; entry 0 is the start.

    ``points``: each parameter by node id, a row a step. ``state``: what the optimizer keeps, by
    node id and name, and ``taken`` steps, to go on from.
    """

    losses: Array
    points: Point
    state: Mapping[tuple[str, str], Array]
    taken: int


class Loop:
    """An optimizer's loop over a program, compiled."""

    def __init__(
        self, program: Program, gradients: list[Value], optimizer: str, settings: Mapping[str, Any]
    ) -> None:
        self.lock = Lock()
        self.settings = full_settings(optimizer, settings)
        builder = program.builder
        self.leaves: dict[tuple[str, str], Value] = {
            (i, ""): leaf for i, leaf in program.parameters.items()
        }
        self.first: dict[tuple[str, str], Array] = {}
        after: dict[tuple[str, str], Value] = {}
        with np.errstate(all="ignore"):
            for (i, leaf), gradient in zip(program.parameters.items(), gradients, strict=True):
                state: dict[str, Value] = {}
                for name, start in state_names(optimizer, self.settings).items():
                    array = self.first[i, name] = np.full_like(leaf.example, start)
                    title = f"{name} of {program.names[i]}"
                    state[name] = self.leaves[i, name] = builder.leaf(title, array)
                moved, kept = updated(builder, optimizer, self.settings, leaf, gradient, state)
                after |= {(i, ""): moved, **{(i, n): v for n, v in kept.items()}}
        self.write(program, after)

    def write(self, program: Program, after: Mapping[tuple[str, str], Value]) -> None:
        """Emit the loop: what each leaf is after a step becomes what it is before the next."""
        outputs = [program.loss, *after.values()]
        order = used([*self.leaves.values(), *outputs])
        targets = {v.number: self.leaves[k] for k, v in after.items() if not v.scalar}
        emitter = Emitter(order, alive(outputs), targets)
        emitter.emit()
        loss = emitter.result(program.loss)
        names = {k: emitter.names[leaf.number] for k, leaf in self.leaves.items()}
        numbers = [names[k] for k, leaf in self.leaves.items() if leaf.scalar]
        self.rows = [k for k, leaf in self.leaves.items() if not leaf.scalar and not k[1]]
        self.numbered = [k for k, leaf in self.leaves.items() if leaf.scalar and not k[1]]
        body = [(f"H{n}[k] = {names[k]}", "") for n, k in enumerate(self.rows)]
        body += emitter.lines
        shown = ", ".join([loss, *(names[k] for k in self.numbered)])
        body.append((f"record(({shown}))" if self.numbered else f"record({loss})", ""))
        pairs = [(names[k], emitter.result(after[k])) for k in self.leaves if after[k].scalar]
        if pairs:
            left, right = (", ".join(side) for side in zip(*pairs, strict=True))
            body.append((f"{left} = {right}", ""))
        for key, value in after.items():
            result = emitter.result(value) if not value.scalar else ""
            if result and result != names[key]:
                body.append((f"copyto({names[key]}, {result})", ""))
        histories = [f"H{n}" for n in range(len(self.rows))]
        signature = ", ".join(["steps", "taken", "record", *histories, *numbers])
        lines = [
            (f"def descend({signature}):", ""), ("    for k in range(steps):", ""),
            (f"{MARGIN}t = taken + k + 1.0", ""), *((MARGIN + x, node) for x, node in body),
            (f"    return {''.join(n + ', ' for n in numbers) or '()'}", ""),
        ]  # fmt: skip
        self.compiled = compiled("descend", emitter.header, lines, emitter.scope)
        self.arrays = {k: emitter.arrays[v.number] for k, v in self.leaves.items() if not v.scalar}
        self.scalars = [k for k, leaf in self.leaves.items() if leaf.scalar]

    def run(
        self, steps: int, start: Mapping[str, Array],
        state: Mapping[tuple[str, str], Array] | None, taken: int,
    ) -> tuple[list[Any], Point, dict[tuple[str, str], Array]]:  # fmt: skip
        """Losses of the steps' starts, the points, and what all is at the end."""
        begin: dict[tuple[str, str], Any] = {**self.first, **(state or {})}
        begin |= {(i, ""): a for i, a in start.items()}
        records: list[Any] = []
        rows = {k: np.empty((steps + 1, *self.arrays[k].shape), self.arrays[k].dtype)
                for k in self.rows}  # fmt: skip

        def arguments(careful: bool) -> list[Any]:
            records.clear()
            for key, array in self.arrays.items():
                np.copyto(array, begin[key])
            numbers = [as_number(begin[k], self.leaves[k], careful) for k in self.scalars]
            return [steps, taken, records.append, *rows.values(), *numbers]

        ended = self.compiled(arguments(False), lambda: arguments(True))
        final = {k: np.array(v, self.leaves[k].dtype)
                 for k, v in zip(self.scalars, ended, strict=True)}  # fmt: skip
        final |= {k: np.array(a) for k, a in self.arrays.items()}
        points = {k[0]: rows[k] for k in self.rows}
        for key in self.rows:
            rows[key][steps] = final[key]
        for column, key in enumerate(self.numbered, 1):
            path = [r[column] for r in records]
            points[key[0]] = np.array([*path, final[key]], self.leaves[key].dtype)
        losses = [r[0] for r in records] if self.numbered else records
        return losses, points, final
