"""What records keep for backward may be overwritten exactly where PyTorch lets it be.

Every example of every operation is called with both libraries; then one of its inputs or outputs
is written to, and the backward pass goes through or is refused on both sides.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import gradviz as gv
from gradviz.graph.tape import TapeError
from gradviz.ops import OPS, Example, Op
from gradviz.program import FormulaError, source
from gradviz.tensor import Tensor, apply

torch: Any = pytest.importorskip("torch")

# PyTorch keeps the power, or the loss of each sample, though no gradient that is asked for
# reads it: with a number for the exponent, or a reduced loss, it does not.
RESULT_KEPT = {("pow", 1), ("float_power", 0), ("float_power", 1), ("ctc_loss", 1)}


@dataclass(frozen=True)
class Call:
    """A call as text, and its inputs by the names in it: values and types."""

    text: str
    inputs: dict[str, tuple[Any, str]]

    @property
    def parameters(self) -> list[str]:
        """The inputs that a gradient may be asked for."""
        return [name for name in self.inputs if name.startswith("parameter")]

    def asked(self) -> Iterator[list[str]]:
        """All inputs that gradients are asked for at once, then each alone."""
        yield self.parameters
        if len(self.parameters) > 1:
            for name in self.parameters:
                yield [name]


def on_tape(value: Any, wanted: bool) -> Any:
    if isinstance(value, tuple):
        return tuple(on_tape(v, wanted) for v in value)
    if not isinstance(value, np.ndarray):
        return value
    return Tensor.wrap(np.array(value), wanted and value.dtype.kind == "f")


def call_of(op: Op, case: Example) -> Call | None:
    """An example as text; None where PyTorch has no such call."""
    missing = [() if p.variadic else None for p in op.ports[len(case.inputs) :]]
    pairs = zip(op.ports, (*case.inputs, *missing), strict=True)
    given = tuple(on_tape(value, port.grad is not None) for port, value in pairs)
    result = apply(op, given, {**op.defaults, **case.attrs})
    outputs = result if isinstance(result, tuple) else (result,)
    ends = [x for x in outputs if x.requires_grad]
    if not ends:
        return None
    try:
        graph = gv.Graph.from_tensor(ends[0])
        lines = source(graph).splitlines()[2:]
    except (TapeError, FormulaError):
        return None
    made = dict(line.split(" = ", 1) for line in lines if not line.endswith(".backward()"))
    text = made.popitem()[1]
    nodes = {node.name: node for node in graph.nodes.values()}
    found = {name: nodes[name].setting("data") for name in made}
    return Call(text, {n: (d.tolist(), str(d.dtype)) for n, d in found.items()})


def outcome(call: Call, package: Any, asked: list[str], victim: str | int) -> str:
    """What a backward pass does after an input (by name) or output (by place) was written to."""
    values: dict[str, Any] = {"torch": package}
    for name, (data, kind) in call.inputs.items():
        x = package.tensor(data, dtype=getattr(package, kind))
        values[name] = x.requires_grad_() * 1 if name in asked else x
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = eval(call.text, values)
    outputs = result if isinstance(result, (tuple, list)) else (result,)
    ends = [x for x in outputs if x.requires_grad]
    if not ends or (isinstance(victim, int) and victim >= len(outputs)):
        return "nothing to do"
    written = values[victim] if isinstance(victim, str) else outputs[victim]
    try:
        written.detach().copy_(written.detach().clone())
    except RuntimeError:
        return "cannot be written to"
    try:
        package.autograd.backward(ends, [package.ones_like(x) for x in ends])
    except RuntimeError as error:
        if "modified by an inplace operation" in str(error):
            return "refused"
        # Parts of a split tensor say so when they are next asked where they came from.
        return "refused as a view" if "is a view" in str(error) else "no gradient"
    return "let be"


def cases() -> Iterator[Any]:
    for op in OPS.values():
        for number, case in enumerate(op.examples if op.differentiable else ()):
            call = call_of(op, case)
            if call is None:
                continue
            try:
                outcome(call, torch, call.parameters, "nothing")
            except KeyError:
                yield pytest.param(op, number, call, id=f"{op.name}-{number}")
            except (AttributeError, RuntimeError, TypeError):
                continue


@pytest.mark.parametrize(("op", "number", "call"), list(cases()))
def test_overwriting_is_refused_where_pytorch_refuses_it(op: Op, number: int, call: Call) -> None:
    skipped: set[str | int] = set()
    if (op.name, number) in RESULT_KEPT:
        skipped = {0}
    for asked in call.asked():
        for victim in [*call.inputs, 0, 1, 2]:
            wanted = outcome(call, torch, asked, victim)
            if victim in skipped or wanted == "refused as a view":
                continue
            found = outcome(call, gv, asked, victim)
            assert found == wanted, f"{call.text}: gradient of {asked}, wrote to {victim}"


STACKS = [(3,), (2, 3), (4, 2, 3), (1, 2, 3), (2, 1, 2, 3), (1, 4, 2, 3)]
LAYOUTS = {
    "plain": lambda values, shape: values.reshape(shape),
    "turned": lambda values, shape: values.reshape(shape[::-1]).permute(*range(len(shape))[::-1]),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("right", STACKS)
@pytest.mark.parametrize("left", STACKS)
def test_a_factor_may_be_overwritten_where_pytorch_multiplies_a_copy(
    left: tuple[int, ...], right: tuple[int, ...], layout: str
) -> None:
    right = (*right[:-2], 3, 2) if len(right) > 1 else right
    for asked, victim in [(0, 1), (1, 0), (None, 0), (None, 1)]:
        found: list[str] = []
        for package in (torch, gv):
            factors = [
                LAYOUTS[layout](package.arange(float(np.prod(shape))), shape).detach()
                for shape in (left, right)
            ]
            for number, factor in enumerate(factors):
                factor.requires_grad_(asked in (None, number))
            product = package.matmul(*factors)
            with package.no_grad():
                factors[victim].mul_(2)
            try:
                product.sum().backward()
            except RuntimeError as problem:
                found.append(str(problem).partition(":")[0])
            else:
                found.append("goes through")
        assert found[0] == found[1], (asked, victim)
