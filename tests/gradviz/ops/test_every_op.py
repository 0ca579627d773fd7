"""What must hold for every operation of the table, on its own examples."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import gradviz as gv
from gradviz.autograd.reading import RuleValues
from gradviz.autograd.record import Record
from gradviz.autograd.steps import fit
from gradviz.ops import OPS, Example, Op
from gradviz.ops.rules import RULE_NAMES, compile_text, names_in
from gradviz.tensor import Tensor, apply


def tensor_of(value: Any, wanted: bool) -> Any:
    """An example's input as a tensor, on the tape where its port takes gradients."""
    if isinstance(value, tuple):
        return tuple(tensor_of(v, wanted) for v in value)
    if not isinstance(value, np.ndarray):
        return value
    return Tensor.wrap(np.array(value), wanted and value.dtype.kind == "f")


def inputs_of(op: Op, case: Example) -> tuple[Any, ...]:
    """The example's inputs, one entry a port."""
    given = (*case.inputs, *[() if p.variadic else None for p in op.ports[len(case.inputs) :]])
    return tuple(tensor_of(v, p.grad is not None) for p, v in zip(op.ports, given, strict=True))


def flat_tensors(inputs: tuple[Any, ...]) -> list[Tensor]:
    """Every tensor among the inputs."""
    members = [m for v in inputs for m in (v if isinstance(v, tuple) else (v,))]
    return [m for m in members if isinstance(m, Tensor)]


def examples_of(wanted: Callable[[Op, Example], bool]) -> pytest.MarkDecorator:
    """Every example of every operation for which a test can say something."""
    cases = [
        pytest.param(op, case, id=f"{op.name}-{i}")
        for op in OPS.values()
        for i, case in enumerate(op.examples)
        if wanted(op, case)
    ]
    return pytest.mark.parametrize(("op", "case"), cases)


def has_rules(op: Op, case: Example) -> bool:
    """Whether PyTorch, too, has a gradient for the operation where it has one at all."""
    return not any(p.grad is not None and "not_implemented" in p.grad for p in op.ports)


def takes_gradient(op: Op, case: Example) -> bool:
    """Whether an input of the example can be given a gradient."""
    return has_rules(op, case) and any(t.requires_grad for t in flat_tensors(inputs_of(op, case)))


def has_second_rules(op: Op, case: Example) -> bool:
    """Whether what the rules call has rules too: PyTorch refuses some gradients of gradients."""
    called = {n for p in op.ports if p.grad is not None for n in names_in(p.grad)}
    return takes_gradient(op, case) and all(
        has_rules(OPS[name], case) for name in called if name in OPS
    )


def is_recorded(op: Op, case: Example) -> bool:
    """Whether the example's first output is on the tape."""
    result = apply(op, inputs_of(op, case), {**op.defaults, **case.attrs})
    first = result[0] if isinstance(result, tuple) else result
    return isinstance(first.grad_fn, Record)


LOGARITHMS = {"ctc_loss"}
"""What PyTorch differentiates as if its first input could only be what a log_softmax gives."""

every_op = pytest.mark.parametrize("op", [pytest.param(op, id=op.name) for op in OPS.values()])


def as_function(op: Op, inputs: tuple[Any, ...], case: Example) -> Any:
    """The operation as a function of the tensors among its inputs."""
    attrs = {**op.defaults, **case.attrs}

    def function(*tensors: Tensor) -> Any:
        left = iter(tensors)
        filled = tuple(
            tuple(next(left) if isinstance(m, Tensor) else m for m in v)
            if isinstance(v, tuple)
            else next(left) if isinstance(v, Tensor) else v
            for v in inputs
        )  # fmt: skip
        if op.name in LOGARITHMS:
            filled = (gv.log_softmax(filled[0], -1), *filled[1:])
        return apply(op, filled, attrs)

    return function


@every_op
def test_has_words_and_examples(op: Op) -> None:
    assert op.examples, f"{op.name} has no example"
    assert op.doc.endswith(".") and op.symbol and op.family
    for port in op.ports if op.addable else ():
        if port.grad is not None and "not_implemented" not in port.grad:
            assert op.meaning.get(port.name), f"{op.name}.{port.name} does not say what it means"


@examples_of(has_rules)
def test_gradient_agrees_with_finite_differences(op: Op, case: Example) -> None:
    inputs = inputs_of(op, case)
    function = as_function(op, inputs, case)
    tensors = tuple(flat_tensors(inputs))
    function(*tensors)
    assert gv.autograd.gradcheck(function, tensors)


@examples_of(has_second_rules)
def test_gradient_of_gradient_agrees_with_finite_differences(op: Op, case: Example) -> None:
    inputs = inputs_of(op, case)
    tensors = tuple(flat_tensors(inputs))
    assert gv.autograd.gradgradcheck(as_function(op, inputs, case), tensors)


@examples_of(is_recorded)
def test_shown_rule_is_the_rule_that_runs(op: Op, case: Example) -> None:
    inputs = inputs_of(op, case)
    result = apply(op, inputs, {**op.defaults, **case.attrs})
    outputs = result if isinstance(result, tuple) else (result,)
    record = outputs[0].grad_fn
    assert isinstance(record, Record)
    rng = np.random.default_rng(1)
    upstream = [
        rng.standard_normal(s).astype(k) if k.kind == "f" else None for s, k in record.out_shapes
    ]
    for index, port in enumerate(op.ports):
        if port.rule is None or port.grad is None or "not_implemented" in port.grad:
            continue
        keep_everything(record, inputs, outputs)
        values = RuleValues(record, list(upstream), False)
        ran = values.apply(index)
        rule = compile_text(op, port.grad, RULE_NAMES)
        shown = rule.function(*[values.value(name) for name in rule.names])
        position = index
        pairs = zip(shown, ran, strict=True) if port.variadic else [(shown, ran)]
        for offset, (a, b) in enumerate(pairs):
            if b is None:
                continue
            shape, kind = record.shapes[position + offset], record.dtypes[position + offset]
            np.testing.assert_allclose(
                fit(a, shape, kind), fit(b, shape, kind), rtol=1e-7, atol=1e-9
            )


def keep_everything(record: Record, inputs: tuple[Any, ...], outputs: tuple[Any, ...]) -> None:
    """Give the shown rule every name, also those the running rule had no need to keep."""
    record.saved = tuple(m for v in inputs for m in (v if isinstance(v, tuple) else (v,)))
    record.out_arrays = {i: (o.array, Tensor.from_record) for i, o in enumerate(outputs)}
