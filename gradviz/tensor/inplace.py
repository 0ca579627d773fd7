"""Writing into a tensor's memory, with what autograd needs to stay right.

A write puts a new record in the tensor's place on the tape. Where the tensor is a view, what
it views gets one too ("this part of it was overwritten"), and other views follow when they
are next used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from gradviz.autograd.inference import check_written
from gradviz.autograd.mode import STATE
from gradviz.autograd.record import Record, backward_name
from gradviz.ops.dtypes import of_numpy
from gradviz.ops.spec import Array, Attr, Op, Port
from gradviz.tensor.dispatch import (
    copy_as_now,
    note_outputs,
    prepare,
    record_call,
    run_forward,
)
from gradviz.tensor.overwriting import overwritten
from gradviz.tensor.tensor import Tensor
from gradviz.tensor.views import replay


def _write_part(input: Array, value: Array, chain: Any) -> Array:
    raise RuntimeError("records of partial writes are made by write() and never run forward")


def _outside(g: Any, chain: Any) -> Any:
    """The gradient with the overwritten part cleared: nothing of the old value is left there."""
    cleared = Tensor.wrap(np.array(getattr(g, "array", g)))
    replay(cleared, chain).array[...] = 0
    if not isinstance(g, Tensor):
        return cleared.array
    mask = Tensor.wrap(np.ones_like(g.array))
    replay(mask, chain).array[...] = 0
    return g * mask


def _inside(g: Any, chain: Any) -> Any:
    """The gradient of the overwritten part, which is the written value's."""
    if isinstance(g, Tensor):
        return replay(g, chain)
    return replay(Tensor.wrap(g), chain).array


COPY_SLICES = Op(
    name="copy_slices", family="In place", category="index", symbol="[ ]←",
    doc="A tensor part of which was overwritten through a view.",
    ports=(
        Port(name="input", grad="outside(g, chain)", rule=_outside),
        Port(name="value", grad="inside(g, chain)", rule=_inside),
    ),
    attrs=(Attr(name="chain", kind="array", doc="The views from the tensor to the part."),),
    forward=_write_part, backward_name="CopySlices", promotion="none", function=False,
    method=False,
)  # fmt: skip


def write(op: Op, inputs: tuple[Any, ...], attrs: Mapping[str, Any]) -> Tensor:
    """Run ``op`` and write its result into its first input; PyTorch's errors where it may not."""
    target: Tensor = inputs[0]
    if overwritten(op, inputs, attrs):
        return target
    check_writable(target)
    array = np.asarray(run_forward(op, prepare(op, inputs), attrs))
    check_result(target, array)
    record = record_call(op, inputs, attrs)
    if record is not None and 0 in record.kept.ports - record.kept.copied:
        keep_as_it_was(record, target)
    target.array[...] = array
    target.bump_version()
    if record is not None:
        note_outputs(record, (target.array,), Tensor)
        settle(target, record)
        if record.kept.outputs:
            record.versions += (target.version_mark(0),)
    return target


def overwrite(target: Tensor, compute: Callable[[], Tensor]) -> Tensor:
    """Write what ``compute`` gives, a value on the tape, into ``target``."""
    check_writable(target)
    value = compute()
    check_result(target, value.array)
    value = value.to(target.dtype)
    target.array[...] = value.array
    target.bump_version()
    if value.requires_grad:
        place(target, value)
    return target


def keep_as_it_was(record: Record, target: Tensor) -> None:
    """Have ``record``, whose rules name its first input, keep a copy that no write reaches."""
    before = copy_as_now(target, record.parents[0])
    record.saved = (before, *(record.saved or ())[1:])
    record.versions = record.versions[1:]


def check_writable(target: Tensor) -> None:
    """Refuse writes that would leave autograd or memory in contradiction."""
    check_written(target._counter)  # pyright: ignore[reportPrivateUsage]
    check_leaf(target)
    check_apart(target)


def check_leaf(target: Tensor) -> None:
    """Refuse to change a leaf whose gradient is asked for, or a view that may not be changed."""
    if not (STATE.enabled and target.requires_grad):
        return
    base = target._view[0] if target._view is not None else None  # pyright: ignore[reportPrivateUsage]
    if target.is_leaf and base is None:
        raise RuntimeError(
            "a leaf Variable that requires grad is being used in an in-place operation."
        )
    if base is not None and base.is_leaf:
        raise RuntimeError(
            "a view of a leaf Variable that requires grad is being used in an in-place operation."
        )
    check_sole_view(target)


def check_apart(target: Tensor) -> None:
    """Refuse to write where several elements are one place in memory."""
    strides = target.array.strides
    if 0 in strides and any(
        stride == 0 and size > 1 for stride, size in zip(strides, target.array.shape, strict=True)
    ):
        raise RuntimeError(
            "unsupported operation: more than one element of the written-to tensor refers to a "
            "single memory location. Please clone() the tensor before performing the operation."
        )


def check_sole_view(target: Tensor) -> None:
    """Refuse to write to one of several views that one operation made."""
    chain = () if target._view is None else target._view[1]  # pyright: ignore[reportPrivateUsage]
    for step in chain:
        if step.output is not None:
            origin = backward_name(step.op).removesuffix("Backward0")
            raise RuntimeError(
                f"Output {step.output} of {origin} is a view and is being modified inplace. This "
                "view is the output of a function that returns multiple views. Such functions do "
                "not allow the output views to be modified inplace. You should replace the inplace "
                "operation by an out-of-place one."
            )


def check_result(target: Tensor, array: Array) -> None:
    """Refuse a result whose shape or kind of type the target cannot hold."""
    if array.shape != target.array.shape:
        raise RuntimeError(
            f"output with shape {list(target.array.shape)} doesn't match the broadcast shape "
            f"{list(array.shape)}"
        )
    if array.dtype is target.array.dtype:
        return
    mine, theirs = of_numpy(target.array.dtype), of_numpy(array.dtype)
    if theirs.category > mine.category:
        raise RuntimeError(
            f"result type {theirs.legacy_name} can't be cast to the desired output type "
            f"{mine.legacy_name}"
        )


def settle(target: Tensor, record: Any) -> None:
    """Put ``record`` in the target's place on the tape, and in that of what it views."""
    if target._view is None:  # pyright: ignore[reportPrivateUsage]
        target.settle(record, 0)
    else:
        place(target, Tensor.from_record(target.array, record, 0))


def place(target: Tensor, value: Tensor) -> None:
    """Put ``value`` in the target's place on the tape, and in that of what it views."""
    view = target._view  # pyright: ignore[reportPrivateUsage]
    if view is None:
        target.settle(*value.tape_key())
        return
    base, chain = view
    outer = record_call(COPY_SLICES, (base, value), {"chain": chain})
    if outer is not None:
        note_outputs(outer, (base.array,), Tensor)
        base.settle(outer, 0)
    target.settle(*replay(base, chain).tape_key())
    target._seen = target._counter[0]  # pyright: ignore[reportPrivateUsage]
