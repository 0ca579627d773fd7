"""What the tape keeps for the backward pass: which tensors, how much memory, at which version."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gradviz.autograd.record import Record
from gradviz.graph.checks import port_name
from gradviz.graph.evaluate import Evaluation, called
from gradviz.ops.spec import Array, Shape


@dataclass(frozen=True, slots=True)
class Saved:
    """One tensor kept for a node's gradient rule.

    ``name``: the port or output it is. ``of``: the id of the node it is the value of, where the
    document has it. ``version``: how often its memory had been written to when it was kept,
    ``now`` how often by now: the pass refuses to go on where the two differ. ``memory`` tells
    which tensors share theirs.
    """

    name: str
    of: str | None
    shape: Shape
    dtype: str
    bytes: int
    version: int
    now: int
    memory: int

    @property
    def stale(self) -> bool:
        """Whether it was modified in place after it was kept."""
        return self.version != self.now


def saved_by(evaluation: Evaluation, node_id: str) -> tuple[Saved, ...]:
    """What a node keeps until the backward pass has been through it."""
    evaluation.record()
    record = called(evaluation.results[node_id].outputs)
    if record is None or record.saved is None:
        return ()
    graph, found = evaluation.graph, list[Saved]()
    for position, kept in enumerate(record.saved):
        if hasattr(kept, "array"):
            wire = graph.inputs(node_id).get(position)
            name = port_name(record.op, position)
            found.append(one(name, wire.source if wire else None, kept.array, *state(record, kept)))
    for index, (array, _) in sorted((record.out_arrays or {}).items()):
        name = record.op.outputs[index] if len(record.op.outputs) > 1 else "result"
        found.append(one(name, node_id, array, *state(record, index)))
    return tuple(found)


def state(record: Record, owner: object) -> tuple[int, int]:
    """The version of a kept tensor's memory then and now."""
    for counter, version, whose in record.versions:
        if whose is owner or (isinstance(owner, int) and whose == owner):
            return version, counter[0]
    return 0, 0


def one(name: str, of: str | None, array: Array, version: int, now: int) -> Saved:
    """A kept array."""
    base = array
    while base.base is not None and hasattr(base.base, "nbytes"):
        base = base.base
    kind, shape = str(array.dtype), tuple(array.shape)
    return Saved(name, of, shape, kind, array.nbytes, version, now, id(base))


def memory(kept: Iterable[Saved]) -> int:
    """How many bytes these take, what is shared counted once."""
    largest: dict[int, int] = {}
    for saved in kept:
        largest[saved.memory] = max(saved.bytes, largest.get(saved.memory, 0))
    return sum(largest.values())


def whole_memory(evaluation: Evaluation) -> int:
    """How many bytes the tape of a whole graph keeps."""
    return memory(s for node_id in evaluation.graph.nodes for s in saved_by(evaluation, node_id))


def bytes_text(count: int) -> str:
    """``512 B``, ``1.5 KiB``, ``3.2 MiB``."""
    size, units = float(count), ["B", "KiB", "MiB", "GiB"]
    while size >= 1024 and len(units) > 1:
        size /= 1024
        units.pop(0)
    return f"{size:.0f} {units[0]}" if units[0] == "B" else f"{size:.1f} {units[0]}"
