"""Calling an operation on tensors: promotion, the forward run, and the record on the tape."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from gradviz.autograd.mode import STATE
from gradviz.autograd.record import SEQUENCE, Record, needed
from gradviz.ops.dtypes import dtype, get_default_dtype, of_numpy, result_type_of
from gradviz.ops.spec import Array, Op, Shape

NUMBERS = (bool, int, float)


def flatten(inputs: Iterable[Any]) -> list[Any]:
    """The inputs with the members of variadic ports one after the other."""
    flat: list[Any] = []
    for value in inputs:
        if isinstance(value, (tuple, list)):
            flat.extend(value)  # pyright: ignore[reportUnknownArgumentType]
        else:
            flat.append(value)
    return flat


def array_of(value: Any) -> Any:
    """The array behind a tensor; numbers, None and tuples of these pass."""
    if isinstance(value, (tuple, list)):
        return tuple(array_of(v) for v in value)  # pyright: ignore[reportUnknownVariableType]
    return getattr(value, "array", value)


def prepare(op: Op, inputs: tuple[Any, ...]) -> list[Any]:
    """The arrays and numbers ``op`` runs on, brought to one type by PyTorch's promotion."""
    arrays = [array_of(value) for value in inputs]
    if op.promotion == "none":
        return arrays
    promoted = [i for i, a in enumerate(arrays) if a is not None and op.ports[i].promote]
    members = flatten(arrays[i] for i in promoted)
    if not members:
        return arrays
    first = members[0]
    if len(members) == 1 and isinstance(first, np.ndarray):
        kind = of_numpy(first.dtype)  # pyright: ignore[reportUnknownMemberType]
    else:
        kind = result_type_of(members)
    if op.promotion == "float" and not kind.is_floating_point:
        kind = get_default_dtype()
    for i in promoted:
        arrays[i] = as_type(arrays[i], kind)
    return arrays


def as_type(value: Any, kind: dtype) -> Any:
    """An array cast to ``kind``, or a number as that type would hold it."""
    if isinstance(value, tuple):
        return tuple(as_type(v, kind) for v in value)  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, NUMBERS):
        if kind.is_floating_point:
            return float(value)
        return np.asarray(value).astype(kind.numpy)
    return value if value.dtype == kind.numpy else value.astype(kind.numpy)


def run_forward(op: Op, arrays: list[Any], attrs: Mapping[str, Any]) -> Any:
    """What ``op`` computes; NumPy's broadcasting complaint becomes PyTorch's."""
    try:
        with np.errstate(all="ignore"):
            return op.forward(*arrays, **attrs)
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
    flat = flatten(inputs)
    last = len(op.ports) - 1
    parents: list[Any] = []
    ports = [False] * len(op.ports)
    for position, value in enumerate(flat):
        parent = None
        if isinstance(value, tensor_type) and value.requires_grad:
            port = min(position, last)
            if op.ports[port].grad is not None:
                parent, ports[port] = value.tape_key(), True
        parents.append(parent)
    if not any(ports):
        return None
    return fill_record(Record(), op, attrs, flat, tuple(parents), tuple(ports), tensor_type)


def fill_record(
    record: Record,
    op: Op,
    attrs: Mapping[str, Any],
    flat: list[Any],
    parents: tuple[Any, ...],
    ports: tuple[bool, ...],
    tensor_type: Any,
) -> Record:
    """Keep in ``record`` what its rules will name."""
    kept = needed(op, ports).ports
    last = len(op.ports) - 1
    record.op, record.attrs, record.parents = op, attrs, parents
    record.saved = tuple(v if min(i, last) in kept else None for i, v in enumerate(flat))
    record.shapes = tuple(np.shape(array_of(v)) if v is not None else () for v in flat)
    record.dtypes = tuple(v.array.dtype if isinstance(v, tensor_type) else None for v in flat)
    record.versions = tuple(v.version_mark() for v in record.saved if isinstance(v, tensor_type))
    record.hooks = record.retained = record.out_arrays = None
    record.sequence = next(SEQUENCE)
    return record


def note_outputs(record: Record, arrays: tuple[Array, ...], tensor_type: Any) -> None:
    """Keep in ``record`` the shapes of its outputs, and those outputs its rules name."""
    record.out_shapes = tuple((a.shape, a.dtype) for a in arrays)
    ports = tuple(
        any(
            record.parents[i] is not None
            for i in range(len(record.parents))
            if record.port_of(i) == p
        )
        for p in range(len(record.op.ports))
    )
    kept = needed(record.op, ports).outputs
    if kept:
        record.out_arrays = {i: (arrays[i], tensor_type.from_record) for i in kept}
