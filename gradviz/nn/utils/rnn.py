"""Sequences of different lengths in one tensor: padded, or packed a time after the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from gradviz.ops.spec import Array
from gradviz.tensor import Tensor
from gradviz.tensor.composed import call


class PackedSequence(NamedTuple):
    """All steps of sequences, those of one time together, the longest sequence first.

    ``batch_sizes``: how many sequences still run at each time. The other two say how sequences
    were sorted by length, and how that is undone; None where they were in order.
    """

    data: Any
    batch_sizes: Any
    sorted_indices: Any = None
    unsorted_indices: Any = None


def invert_permutation(permutation: Any) -> Any:
    """The order that undoes an order."""
    if permutation is None:
        return None
    return Tensor.wrap(np.argsort(permutation.array, kind="stable"))


def _lengths(given: Any) -> Array:
    return np.asarray(given.array if isinstance(given, Tensor) else given, np.int64)


def _places(lengths: Array) -> tuple[Array, Array, Array]:
    """For each packed step its time and its sequence, and how many run at each time."""
    running = np.asarray(lengths)[None, :] > np.arange(int(lengths.max()))[:, None]
    times, rows = np.nonzero(running)
    return times, rows, running.sum(1)


def pack_padded_sequence(
    input: Any, lengths: Any, batch_first: bool = False, enforce_sorted: bool = True
) -> PackedSequence:
    """Pack ``(T, N, …)``, of which each sequence counts up to its length."""
    sizes = _lengths(lengths)
    order = None
    if enforce_sorted:
        if bool((sizes[1:] > sizes[:-1]).any()):
            raise RuntimeError(
                "`lengths` array must be sorted in decreasing order when `enforce_sorted` is "
                "True. You can pass `enforce_sorted=False` to pack_padded_sequence and/or "
                "pack_sequence to sidestep this requirement if you do not need ONNX exportability."
            )
    else:
        order = Tensor.wrap(np.argsort(-sizes, kind="stable"))
        sizes = sizes[order.array]
        input = call("index_select", input, 0 if batch_first else 1, order)
    if sizes.min(initial=1) <= 0:
        raise RuntimeError(
            "Length of all samples has to be greater than 0, but found an element in 'lengths' "
            "that is <= 0"
        )
    steps = call("transpose", input, 0, 1) if batch_first else input
    count, batch = steps.array.shape[:2]
    if len(sizes) != batch:
        raise RuntimeError(
            f"Expected `len(lengths)` to be equal to batch_size, but got {len(sizes)} (batch_size="
            f"{batch})"
        )
    times, rows, running = _places(sizes)
    flat = call("reshape", steps, (count * batch, *steps.array.shape[2:]))
    data = call("index_select", flat, 0, Tensor.wrap(times * batch + rows))
    return PackedSequence(data, Tensor.wrap(running), order, invert_permutation(order))


def pad_packed_sequence(
    sequence: PackedSequence, batch_first: bool = False, padding_value: float = 0.0,
    total_length: int | None = None,
) -> tuple[Any, Any]:  # fmt: skip
    """The sequences as ``(T, N, …)`` filled up with ``padding_value``, and their lengths."""
    running = sequence.batch_sizes.array
    batch = int(running[0])
    lengths = (running[:, None] > np.arange(batch)[None]).sum(0)
    longest = len(running)
    if total_length is not None:
        if total_length < longest:
            raise ValueError(
                "Expected total_length to be at least the length of the longest sequence in input, "
                f"but got total_length={total_length} and max sequence length being {longest}"
            )
        longest = total_length
    times, rows, _ = _places(lengths)
    rest = sequence.data.array.shape[1:]
    start = call("full", (longest * batch, *rest), padding_value, dtype=sequence.data.dtype)
    flat = call("index_copy", start, 0, Tensor.wrap(times * batch + rows), sequence.data)
    padded = call("reshape", flat, (longest, batch, *rest))
    sizes = Tensor.wrap(lengths)
    if sequence.unsorted_indices is not None:
        padded = call("index_select", padded, 1, sequence.unsorted_indices)
        sizes = Tensor.wrap(lengths[sequence.unsorted_indices.array])
    return (call("transpose", padded, 0, 1) if batch_first else padded), sizes


def pad_sequence(
    sequences: Any, batch_first: bool = False, padding_value: float = 0.0,
    padding_side: str = "right",
) -> Any:  # fmt: skip
    """Sequences ``(L, …)`` as one tensor ``(T, N, …)``, filled up with ``padding_value``."""
    if padding_side not in ("left", "right"):
        raise RuntimeError(f"Invalid padding_side value {padding_side}, expected 'right' or 'left'")
    members = list(sequences)
    if not members:
        raise RuntimeError("received an empty list of sequences")
    longest = max(len(m.array) for m in members)
    filled: list[Any] = []
    for member in members:
        missing = longest - len(member.array)
        shape = (missing, *member.array.shape[1:])
        rest = call("full", shape, padding_value, dtype=member.dtype)
        parts = [member, rest] if padding_side == "right" else [rest, member]
        filled.append(call("cat", parts, 0) if missing else member)
    return call("stack", filled, 0 if batch_first else 1)


def unpad_sequence(padded_sequences: Any, lengths: Any, batch_first: bool = False) -> list[Any]:
    """The sequences that :func:`pad_sequence` put together."""
    rows = padded_sequences if batch_first else call("transpose", padded_sequences, 0, 1)
    pairs = zip(call("unbind", rows, 0), _lengths(lengths), strict=True)
    return [call("narrow", row, 0, 0, int(size)) for row, size in pairs]


def pack_sequence(sequences: Sequence[Any], enforce_sorted: bool = True) -> PackedSequence:
    """Sequences of different lengths, packed."""
    lengths = [len(s.array) for s in sequences]
    return pack_padded_sequence(pad_sequence(sequences), lengths, False, enforce_sorted)


def unpack_sequence(packed_sequences: PackedSequence) -> list[Any]:
    """The sequences that :func:`pack_sequence` put together."""
    padded, lengths = pad_packed_sequence(packed_sequences, batch_first=True)
    return unpad_sequence(padded, lengths, batch_first=True)
