"""Turning a plan's text into functions, and calling them without losing sight of the nodes.

Python's floats are quicker than NumPy's but raise where those give an infinity or nan. So each
function exists twice from one text: on Python's floats, and, once that has raised, on NumPy's.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import numpy as np

from gradviz.autograd.mode import STATE
from gradviz.ops.spec import Array
from gradviz.plan.outline import PlanError
from gradviz.plan.primitives import points_first
from gradviz.plan.text import Line
from gradviz.plan.whole import ShapeChanged, expect

COMMON: Mapping[str, Any] = {
    "float32": np.float32, "float16": np.float16, "int64": np.int64, "int32": np.int32,
    "int16": np.int16, "int8": np.int8, "uint8": np.uint8, "float64": np.float64,
    "copyto": np.copyto, "inf": math.inf, "nan": math.nan, "reshape": np.reshape,
    "transpose": np.transpose, "broadcast": np.broadcast_to, "packed": points_first,
}  # fmt: skip
QUICK: Mapping[str, Any] = {"number": float, "root": math.sqrt}
CAREFUL: Mapping[str, Any] = {"number": np.float64, "root": np.sqrt}


class Reshaped(PlanError):
    """A node gave another shape than at the point the plan was made at."""

    def __init__(self, node: str, problem: Exception) -> None:
        super().__init__(f"'{node}': {problem}")
        self.node = node


def store(array: Array, result: Any) -> None:
    """Keep what a call gave in the array made for it."""
    np.copyto(array, expect(result, array.shape), "unsafe")


def alone(result: Any) -> Any:
    """What a call gave, if that has no axes."""
    return expect(result, ())


def copies(results: Sequence[Any]) -> tuple[Array, ...]:
    """What a call with several outputs gave, safe from what its inputs' memory is used for next."""
    return tuple(np.array(r) for r in results)


@dataclass(frozen=True, slots=True)
class Compiled:
    """A function of a plan: its text, the node of each line, and the text run both ways."""

    source: str
    nodes: Sequence[str]
    quick: Callable[..., Any]
    careful: Callable[..., Any]

    def __call__(self, quick: Sequence[Any], careful: Callable[[], Sequence[Any]]) -> Any:
        """Run on Python's floats, and on NumPy's where those raise.

        ``careful``: makes the arguments anew, as the first run may have changed arrays.
        """
        try:
            return STATE.quiet(self.quick, *quick)
        except (ArithmeticError, ValueError):
            again = careful()
        except Exception as problem:
            raise self.named(problem) from problem
        try:
            return STATE.quiet(self.careful, *again)
        except Exception as problem:
            raise self.named(problem) from problem

    def named(self, problem: Exception) -> PlanError:
        """A failure with the node at whose line it happened."""
        line, step = 0, problem.__traceback__
        while step is not None:
            if step.tb_frame.f_code in (self.quick.__code__, self.careful.__code__):
                line = step.tb_lineno
            step = next_of(step)
        node = self.nodes[line - 1] if 0 < line <= len(self.nodes) else ""
        if isinstance(problem, ShapeChanged):
            return Reshaped(node.removeprefix("∂"), problem)
        return PlanError(f"'{node}': {problem}")


def next_of(step: TracebackType) -> TracebackType | None:
    """The frame inside."""
    return step.tb_next


def compiled(
    name: str, header: Sequence[str], lines: Sequence[Line], scope: Mapping[str, Any]
) -> Compiled:  # fmt: skip
    """A function from the lines of its text; it is defined as ``name``."""
    text = [*header, *map(str, lines)]
    nodes = ["" for _ in header] + [line.node for line in lines]
    source = "\n".join(text) + "\n"
    bare = "\n" * len(header) + "\n".join([line.code for line in lines])
    code = compile(bare, f"<plan: {name}>", "exec")
    made: list[Callable[..., Any]] = []
    for flavour in (QUICK, CAREFUL):
        names = {
            **COMMON,
            "store": store,
            "copies": copies,
            "alone": alone,
            "kept": np.array,
            **scope,
            **flavour,
        }
        exec(code, names)
        made.append(names[name])
    return Compiled(source, nodes, made[0], made[1])
