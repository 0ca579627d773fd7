"""Descents that run within a plan: gradient and update of each step in one loop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np

from gradviz.ops.spec import Array
from gradviz.plan.emit import Emitter, alive
from gradviz.plan.function import as_number
from gradviz.plan.running import compiled
from gradviz.plan.text import Line
from gradviz.plan.trace import Program
from gradviz.plan.update import Steps, full_settings, state_names, updated
from gradviz.plan.values import Value, used

Point = dict[str, Array]
Rates = Sequence[float]
Key = tuple[str, str]
"""A parameter's node, and what of it: "" itself, "∂" its gradient, or a name in its state."""
MARGIN = "        "


@dataclass(frozen=True, slots=True)
class Descent:
    """A descent: the loss at each point it came to, and the points; entry 0 is the start.

    ``points``, ``gradients``: each parameter by node id, a row a step, or the last row alone.
    ``states``: what the optimizer keeps, by node id and name, likewise. ``taken``: all steps so
    far, to go on from.
    """

    losses: Array
    points: Point
    gradients: Point
    states: Mapping[Key, Array]
    taken: int


class Loop:
    """An optimizer's loop over a program, compiled for any learning rate.

    ``scheduled``: with a rate for each step. ``history``: whether all points are kept.
    """

    def __init__(
        self, program: Program, gradients: list[Value], optimizer: str,
        settings: Mapping[str, Any], scheduled: bool = False, history: bool = True,
    ) -> None:  # fmt: skip
        self.lock = Lock()
        self.history = history
        self.optimizer = optimizer
        self.settings = full_settings(optimizer, settings)
        builder = program.builder
        self.given = dict(program.leaves)
        self.leaves: dict[Key, Value] = {(i, ""): v for i, v in program.parameters.items()}
        self.steps = Steps(builder, self.settings, scheduled)
        after: dict[Key, Value] = {}
        for (i, leaf), gradient in zip(program.parameters.items(), gradients, strict=True):
            state: dict[str, Value] = {}
            for name, start in state_names(optimizer, self.settings).items():
                title, array = f"{name} of {program.names[i]}", np.full_like(leaf.example, start)
                state[name] = self.leaves[i, name] = builder.leaf(title, array)
            moved, kept = updated(self.steps, optimizer, leaf, gradient, state)
            after |= {(i, ""): moved, **{(i, n): v for n, v in kept.items()}}
        self.shown = dict(zip(((i, "∂") for i in program.parameters), gradients, strict=True))
        still = {(i, ""): v for i, v in program.leaves.items() if i not in program.parameters}
        self.everything = {**self.leaves, **still}
        self.write(program, after)

    def write(self, program: Program, after: Mapping[Key, Value]) -> None:
        """Emit the loop: what each leaf is after a step becomes what it is before the next."""
        outputs = [program.loss, *after.values(), *self.shown.values()]
        order = used([*self.everything.values(), *outputs])
        targets = {v.number: self.leaves[k] for k, v in after.items() if not v.scalar}
        emitter = Emitter(order, alive(outputs), targets)
        emitter.emit()
        names = {k: emitter.names[leaf.number] for k, leaf in self.everything.items()}
        recorded = {**self.leaves, **self.shown}
        texts = {k: emitter.result(v) for k, v in recorded.items()}
        self.rows = [k for k, v in recorded.items() if not v.scalar]
        self.numbered = [k for k, v in recorded.items() if v.scalar]
        self.kinds = {k: (v.shape, v.dtype) for k, v in recorded.items()}
        places = {k: f"H{n}[{'k' if self.history else '0'}]" for n, k in enumerate(self.rows)}
        before = [Line(f"{p} = {texts[k]}") for k, p in places.items() if k[1] != "∂"]
        body = [*self.kept(before), *emitter.lines]
        loss = emitter.result(program.loss)
        body.append(Line(f"R({loss if program.loss.scalar else loss + '.item()'})"))
        behind = [Line(f"R{n}({texts[k]})") for n, k in enumerate(self.numbered)]
        behind += [Line(f"{p} = {texts[k]}") for k, p in places.items() if k[1] == "∂"]
        body += self.kept(behind)
        pairs = [(names[k], emitter.result(after[k])) for k in self.leaves if after[k].scalar]
        if pairs:
            left, right = (", ".join(side) for side in zip(*pairs, strict=True))
            body.append(Line(f"{left} = {right}"))
        for key, value in after.items():
            result = emitter.result(value) if not value.scalar else ""
            if result and result != names[key]:
                body.append(Line(f"copyto({names[key]}, {result})"))
        arrays = {k: v.number for k, v in self.everything.items() if not v.scalar}
        self.arrays = {k: emitter.arrays[number] for k, number in arrays.items()}
        self.scalars = [k for k, leaf in self.everything.items() if leaf.scalar]
        self.compiled = compiled("descend", emitter.header, self.whole(body, names), emitter.scope)

    def kept(self, lines: list[Line]) -> list[Line]:
        """Lines that keep what there is, in each step or the last one alone."""
        if self.history or not lines:
            return lines
        inner = [line._replace(code=f"    {line.code}") for line in lines]
        return [Line("if k == steps - 1:"), *inner]

    def whole(self, body: Sequence[Line], names: Mapping[Key, str]) -> list[Line]:
        """The function around the lines of a step."""
        given = ["steps", *(f"T{n}" for n in range(len(self.steps.columns)))]
        given += [f"L{n}" for n in range(len(self.steps.given))]
        given += ["R", *(f"R{n}" for n in range(len(self.numbered)))]
        given += [f"H{n}" for n in range(len(self.rows))]
        given += [names[k] for k in self.scalars]
        return [
            Line(f"def descend({', '.join(given)}):"), Line("    for k in range(steps):"),
            *(line._replace(code=MARGIN + line.code) for line in body),
        ]  # fmt: skip

    def run(
        self, steps: int, start: Mapping[str, Array], after: Descent | None, rates: Rates | None,
        rate: float,
    ) -> Descent:  # fmt: skip
        """``steps`` steps from ``start``; a step more is taken to know the last point's loss.

        ``rate``: the learning rate, of all steps where ``rates`` has none.
        """
        taken = 0 if after is None else after.taken
        begin: dict[Key, Any] = {**self.begun(rate), **{(i, ""): a for i, a in start.items()}}
        begin |= {} if after is None else {k: a[-1] for k, a in after.states.items()}
        tables: list[Any] = self.tables(taken, steps + 1, [rate] if rates is None else rates)
        tables += [formula(rate) for formula in self.steps.given]
        losses: list[Any] = []
        columns: list[list[Any]] = [[] for _ in self.numbered]
        count = steps + 1 if self.history else 1
        rows = [np.empty((count, *self.kinds[k][0]), self.kinds[k][1]) for k in self.rows]

        def arguments(careful: bool) -> list[Any]:
            for column in (losses, *columns):
                column.clear()
            for key, array in self.arrays.items():
                np.copyto(array, begin[key])
            numbers = [as_number(begin[k], self.everything[k], careful) for k in self.scalars]
            records = [column.append for column in (losses, *columns)]
            return [steps + 1, *tables, *records, *rows, *numbers]

        self.compiled(arguments(False), lambda: arguments(True))
        found = dict(zip(self.rows, rows, strict=True))
        for key, column in zip(self.numbered, columns, strict=True):
            found[key] = np.array(column, self.kinds[key][1])
        return Descent(
            np.array(losses, np.float64), {k[0]: a for k, a in found.items() if not k[1]},
            {k[0]: a for k, a in found.items() if k[1] == "∂"},
            {k: a for k, a in found.items() if k[1] not in ("", "∂")}, taken + steps,
        )  # fmt: skip

    def begun(self, rate: float) -> dict[Key, Array]:
        """What the optimizer keeps before its first step."""
        names = state_names(self.optimizer, {**self.settings, "lr": rate})
        return {
            k: np.full_like(v.example, names[k[1]]) for k, v in self.leaves.items() if k[1] in names
        }

    def tables(self, taken: int, steps: int, rates: Rates) -> list[list[float]]:
        """What each changing number is in each of ``steps`` steps after ``taken``."""
        if not self.steps.columns:
            return []
        known = [float(r) for r in rates]
        known += known[-1:] * (taken + steps - len(known))
        count = [float(t) for t in range(taken + 1, taken + steps + 1)]
        return [[column(t, known) for t in count] for column in self.steps.columns]
