"""Recurrent layers over packed sequences: each runs for itself, and the results are packed."""

from __future__ import annotations

from typing import Any

from gradviz.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence
from gradviz.nn.utils.rnn import pad_sequence as padded
from gradviz.tensor.composed import call


def is_packed(input: Any) -> bool:
    """Whether sequences are packed."""
    return isinstance(input, PackedSequence)


def run_packed(layer: Any, packed: PackedSequence, given: Any) -> tuple[Any, Any]:
    """The states at every step, packed as the input is, and each sequence's last states."""
    order = packed.sorted_indices
    inner = PackedSequence(packed.data, packed.batch_sizes)
    steps, lengths = pad_packed_sequence(inner)
    if given is not None and order is not None:
        given = tuple(call("index_select", state, 1, order) for state in given)
    outs: list[Any] = []
    ends: list[Any] = []
    for row, size in enumerate(lengths.array.tolist()):
        own = call("narrow", call("narrow", steps, 1, row, 1), 0, 0, size)
        start = None if given is None else tuple(call("narrow", s, 1, row, 1) for s in given)
        states, end = layer.run(call("transpose", own, 0, 1) if layer.batch_first else own, start)
        states = call("transpose", states, 0, 1) if layer.batch_first else states
        outs.append(call("squeeze", states, 1))
        ends.append(end)
    found = pack_padded_sequence(padded(outs), lengths)
    last = tuple(call("cat", list(parts), 1) for parts in zip(*ends, strict=True))
    if packed.unsorted_indices is not None:
        last = tuple(call("index_select", part, 1, packed.unsorted_indices) for part in last)
    result = PackedSequence(found.data, packed.batch_sizes, order, packed.unsorted_indices)
    return result, last
