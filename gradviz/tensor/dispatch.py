"""Calling an operation on tensors: promotion, the forward run, and the record on the tape."""

# The tape reads what a tensor keeps to itself.
# pyright: reportPrivateUsage=false

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from gradviz.autograd.inference import check_saved
from gradviz.autograd.mode import STATE
from gradviz.autograd.record import SEQUENCE, Record, needed
from gradviz.ops.dtypes import dtype, get_default_dtype, of_number, of_numpy, result_type_of
from gradviz.ops.kinds import is_array, is_sequence, is_tuple
from gradviz.ops.spec import Array, Op, Shape

NUMBERS = (bool, int, float)
NOTHING: tuple[Any, ...] = ()
new = object.__new__


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
    found = as_given(op, inputs) if op.promotion == "none" else alike(inputs)
    return promoted_arrays(op, inputs) if found is None else found


def alike(inputs: tuple[Any, ...]) -> list[Any] | None:
    """The arrays where all are of one floating-point type already; None where they are not."""
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


def as_given(op: Op, inputs: tuple[Any, ...]) -> list[Any] | None:
    """The arrays of tensors that nothing is to be done to; None where there is."""
    arrays: list[Any] = []
    for value in inputs:
        array = getattr(value, "array", None)
        if array is None and value is not None:
            return None
        arrays.append(array)
    return arrays if op.check is None and arrays and arrays[0] is not None else None


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
        return STATE.quiet(op.forward, *arrays, **attrs)
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


def record_call(op: Op, inputs: tuple[Any, ...], attrs: Mapping[str, Any]) -> Record | None:
    """The record of a call, or None where no gradient can be asked of it."""
    if not STATE.enabled:
        return None
    flat: Sequence[Any] = flatten(inputs) if op.variadic else inputs
    takes, mask = op.takes_gradient, 0
    last = len(takes) - 1
    parents: list[Any] = []
    shapes: list[Shape] = []
    kinds: list[Any] = []
    numbers = constants = NOTHING
    for position, value in enumerate(flat):
        parent = None
        array = getattr(value, "array", None)
        if array is None:
            # Zeros that stand for a gradient that did not arrive come as bare arrays.
            shapes.append(value.shape if is_array(value) else NOTHING)
            kinds.append(None)
            numbers += ((position, value),)
        else:
            shapes.append(array.shape)
            kinds.append(array.dtype)
            port = position if position < last else last
            # What a view is tied to may have changed; else the tensor itself knows.
            asks = value._requires_grad if value._view is None else value.requires_grad
            if asks and takes[port]:
                node = value._node
                parent = value.tape_key() if node is None else (node, value._output)
                mask |= 1 << port
            else:
                constants += ((position, value, value._counter[0]),)
        parents.append(parent)
    if not mask:
        return None
    record = new(Record)
    record.op, record.attrs, record.parents = op, attrs, tuple(parents)
    record.shapes, record.dtypes = tuple(shapes), tuple(kinds)
    record.numbers, record.constants = numbers, constants
    record.kept = kept = needed(op, mask)
    saved: list[Any] = []
    versions: tuple[Any, ...] = ()
    for position, value in enumerate(flat) if kept.ports else ():
        port = position if position < last else last
        if port not in kept.ports:
            saved.append(None)
            continue
        if port in kept.copied and is_copied(record, position, value):
            saved.append(copy_as_now(value, parents[position]))
            continue
        saved.append(value)
        counter: Any = getattr(value, "_counter", None)
        if counter is not None:
            if type(counter) is not list:
                check_saved(counter)
            versions = (*versions, (counter, counter[0], value))
    record.saved, record.versions = tuple(saved), versions
    record.hooks = record.retained = record.out_arrays = record.aside = None
    record.sequence = next(SEQUENCE)
    return record


def is_copied(record: Record, position: int, value: Any) -> bool:
    """Whether a copy of an input is kept, where its operation has copies kept."""
    when = record.op.saving.when
    return hasattr(value, "_counter") and (when is None or when(record, position, value.array))


def copy_as_now(tensor: Any, parent: tuple[Any, int] | None) -> Any:
    """A tensor in the same place of the tape, on memory that no one writes to."""
    node, output = parent or (None, 0)
    return tensor.__class__.wrap(tensor.array.copy(), node is not None, node, output)


def note_outputs(record: Record, arrays: Sequence[Array], tensor_type: Any) -> None:
    """Keep in ``record`` the shapes of its outputs, and those outputs its rules name."""
    record.out_shapes = tuple([(a.shape, a.dtype) for a in arrays])
    if record.kept.outputs:
        keep_outputs(record, arrays, tensor_type)


def keep_outputs(record: Record, arrays: Sequence[Array], tensor_type: Any) -> None:
    """Keep in ``record`` the outputs its rules name, and how to make tensors of them again."""
    record.out_arrays = {i: (arrays[i], tensor_type.from_record) for i in record.kept.outputs}
