"""Calling an operation on tensors: promotion, the forward run, and the record on the tape."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from gradviz.autograd.mode import STATE
from gradviz.autograd.record import SEQUENCE, Record, needed
from gradviz.ops.dtypes import dtype, get_default_dtype, of_number, of_numpy, result_type_of
from gradviz.ops.kinds import is_array, is_sequence, is_tuple
from gradviz.ops.spec import Array, Op, Shape

NUMBERS = (bool, int, float)


def flatten(inputs: Iterable[Any]) -> list[Any]:
    """The inputs with the members of variadic ports one after the other."""
    flat: list[Any] = []
    for value in inputs:
        if is_sequence(value):
            flat.extend(value)
        else:
            flat.append(value)
    return flat


def array_of(value: Any) -> Any:
    """The array behind a tensor; numbers, None and tuples of these pass."""
    if is_sequence(value):
        return tuple(array_of(v) for v in value)
    return getattr(value, "array", value)


def prepare(op: Op, inputs: tuple[Any, ...]) -> list[Any]:
    """The arrays and numbers ``op`` runs on, brought to one type by PyTorch's promotion."""
    return alike(op, inputs) or promoted_arrays(op, inputs)


def alike(op: Op, inputs: tuple[Any, ...]) -> list[Any] | None:
    """The arrays where all are of one floating-point type already; None where they are not."""
    if op.promotion == "none":
        return None
    kind: Any = None
    arrays: list[Any] = []
    for value in inputs:
        array = getattr(value, "array", None)
        if array is None:
            if type(value) is not float and type(value) is not int:
                return None
            arrays.append(value)
        elif kind is None or array.dtype is kind:
            kind = array.dtype
            arrays.append(array)
        else:
            return None
    return arrays if kind is not None and kind.kind == "f" else None


def promoted_arrays(op: Op, inputs: tuple[Any, ...]) -> list[Any]:
    """The arrays and numbers brought to one type; numbers alone become arrays without axes."""
    arrays = [array_of(value) for value in inputs]
    if op.check is not None:
        op.check(*arrays)
    if not any(map(is_array, flatten(arrays))):
        arrays = [number_array(value) for value in arrays]
    if op.promotion == "none":
        return arrays
    promoted = [i for i, a in enumerate(arrays) if a is not None and op.ports[i].promote]
    members = flatten(arrays[i] for i in promoted)
    if not members:
        return arrays
    first = members[0]
    if len(members) == 1 and is_array(first):
        kind = of_numpy(first.dtype)
    else:
        kind = result_type_of(members)
    if op.promotion == "float" and not kind.is_floating_point:
        kind = get_default_dtype()
    for i in promoted:
        arrays[i] = as_type(arrays[i], kind)
    return arrays


def number_array(value: Any) -> Any:
    """A number, or the numbers of a variadic port, as tensors made from them would hold them."""
    if is_tuple(value):
        return tuple(number_array(v) for v in value)
    if isinstance(value, NUMBERS):
        return np.asarray(value, of_number(value).numpy)
    return value


def as_type(value: Any, kind: dtype) -> Any:
    """An array cast to ``kind``, or a number as that type would hold it."""
    if is_tuple(value):
        return tuple(as_type(v, kind) for v in value)
    if isinstance(value, NUMBERS):
        if kind.is_floating_point:
            return float(value)
        return np.asarray(value).astype(kind.numpy)
    return value if value.dtype == kind.numpy else value.astype(kind.numpy)


def run_forward(op: Op, arrays: list[Any], attrs: Mapping[str, Any]) -> Any:
    """What ``op`` computes; NumPy's broadcasting complaint becomes PyTorch's."""
    try:
        if attrs:
            return STATE.quiet(op.forward, *arrays, **attrs)
        return STATE.quiet(op.forward, *arrays)
    except ValueError:
        if op.elementwise:
            check_broadcast([np.shape(a) for a in flatten(arrays) if a is not None])
        raise


def check_broadcast(shapes: list[Shape]) -> None:
    """Raise PyTorch's error where shapes do not broadcast together."""
    rank = max(map(len, shapes))
    result = [1] * rank
    for shape in shapes:
        for axis, size in zip(range(rank - 1, -1, -1), reversed(shape), strict=False):
            if size != 1 and result[axis] not in (1, size):
                raise RuntimeError(
                    f"The size of tensor a ({result[axis]}) must match the size of tensor b "
                    f"({size}) at non-singleton dimension {axis}"
                )
            result[axis] = size if size != 1 else result[axis]


def record_call(
    op: Op, inputs: tuple[Any, ...], attrs: Mapping[str, Any], tensor_type: Any
) -> Record | None:
    """The record of a call, or None where no gradient can be asked of it."""
    if not STATE.enabled:
        return None
    flat = flatten(inputs) if op.variadic else inputs
    record = Record()
    mask = note_inputs(record, op, flat, tensor_type)
    if not mask:
        return None
    record.op, record.attrs = op, attrs
    record.kept = kept = needed(op, mask)
    record.saved = record.versions = ()
    if kept.ports:
        keep_inputs(record, flat, tensor_type)
    record.hooks = record.retained = record.out_arrays = None
    record.sequence = next(SEQUENCE)
    return record


def note_inputs(record: Record, op: Op, flat: Sequence[Any], tensor_type: Any) -> int:
    """Note where inputs came from, or what they were; which ports need gradients, a bit each."""
    parents: list[Any] = []
    shapes: list[Shape] = []
    kinds: list[Any] = []
    numbers: tuple[Any, ...] = ()
    constants: tuple[Any, ...] = ()
    takes, mask = op.takes_gradient, 0
    last = len(takes) - 1
    for position, value in enumerate(flat):
        parent = None
        if isinstance(value, tensor_type):
            array = value.array
            shapes.append(array.shape)
            kinds.append(array.dtype)
            port = position if position < last else last
            if value.requires_grad and takes[port]:
                parent = value.tape_key()
                mask |= 1 << port
            else:
                constants += ((position, value, value.memory_version()),)
        else:
            shapes.append(())
            kinds.append(None)
            numbers += ((position, value),)
        parents.append(parent)
    record.parents, record.shapes, record.dtypes = tuple(parents), tuple(shapes), tuple(kinds)
    record.numbers, record.constants = numbers, constants
    return mask


def keep_inputs(record: Record, flat: Sequence[Any], tensor_type: Any) -> None:
    """Keep in ``record`` the inputs its rules name, and the state of their memory."""
    kept, last = record.kept.ports, len(record.op.ports) - 1
    saved: list[Any] = []
    for position, value in enumerate(flat):
        if (position if position < last else last) in kept:
            saved.append(value)
            if isinstance(value, tensor_type):
                record.versions += (value.version_mark(),)
        else:
            saved.append(None)
    record.saved = tuple(saved)


def note_outputs(record: Record, arrays: Sequence[Array], tensor_type: Any) -> None:
    """Keep in ``record`` the shapes of its outputs, and those outputs its rules name."""
    record.out_shapes = tuple([(a.shape, a.dtype) for a in arrays])
    if record.kept.outputs:
        keep_outputs(record, arrays, tensor_type)


def keep_outputs(record: Record, arrays: Sequence[Array], tensor_type: Any) -> None:
    """Keep in ``record`` the outputs its rules name, and how to make tensors of them again."""
    record.out_arrays = {i: (arrays[i], tensor_type.from_record) for i in record.kept.outputs}
