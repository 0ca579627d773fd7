"""The tape: one :class:`Record` for each call of an operation on tensors that need gradients.

A record saves what its gradient rules name and nothing else, which is why an addition can be
passed through twice and a multiplication, once freed, cannot. So that a tape can be opened as a
document, it also knows the inputs that no gradient goes to: numbers for good, tensors until
a backward pass, and from then on for as long as someone else holds them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import count
from typing import Any, NamedTuple, TypeGuard
from weakref import ref

from gradviz.autograd.sending import Sender, sender_of
from gradviz.ops.dtypes import of_numpy
from gradviz.ops.rules import compiled_rule
from gradviz.ops.spec import Op, Shape

SEQUENCE = count(1)
FREED = (
    "Trying to backward through the graph a second time (or directly access saved tensors after "
    "they have already been freed). Saved intermediate values of the graph are freed when you "
    "call .backward() or autograd.grad(). Specify retain_graph=True if you need to backward "
    "through the graph a second time or if you need to access saved tensors after calling "
    "backward."
)


VersionMark = tuple[list[int], int, Any]
"""The state of a kept tensor's memory when it was kept, and whose it is.

The counter, shared by all tensors on that memory; what it was; the tensor that was kept, or the
number of the record's own output (which holding would keep alive in a circle).
"""


class Needed(NamedTuple):
    """What a record must keep, given which ports need gradients, and the rules of these."""

    ports: frozenset[int]
    outputs: tuple[int, ...]
    flags: tuple[bool, ...]
    """For each port, whether it is kept."""
    copied: frozenset[int]
    """The ports of which a copy is kept; see :class:`gradviz.ops.spec.Saving`."""
    send: Sender | None
    """What sends the gradients of the ports in need on; None where each call has its own ports."""


@lru_cache(maxsize=4096)
def needed(op: Op, mask: int) -> Needed:
    """Which inputs and outputs the rules of the ports in need (a bit each) mention."""
    wanted = [index for index in range(len(op.ports)) if mask >> index & 1]
    names = [p.name for p in op.ports]
    mentioned, as_they_are = set[str](), set[str]()
    for index in wanted:
        rule = compiled_rule(op, index)
        read = {*(rule.names if rule else ()), *op.saving.keeps.get(names[index], ())}
        mentioned |= read
        as_they_are |= read - set(op.saving.copies.get(names[index], ()))
    kept = frozenset(i for i, name in enumerate(names) if name in mentioned)
    outputs = [i for i, n in enumerate(op.outputs) if n in mentioned]
    if "out" in mentioned and 0 not in outputs:
        outputs.insert(0, 0)
    flags = tuple(i in kept for i in range(len(op.ports)))
    copied = frozenset(i for i in kept if names[i] not in as_they_are)
    send = None if op.variadic else sender_of(op, wanted)
    return Needed(kept, tuple(outputs), flags, copied, send)


class AccumulateGrad:
    """Where gradients end: adds what arrives to a leaf's ``.grad``."""

    __slots__ = ("__weakref__", "leaf", "sequence")

    def __init__(self, leaf: Any) -> None:
        self.leaf = leaf
        self.sequence = 0

    def name(self) -> str:
        """PyTorch's name of this node."""
        return "torch::autograd::AccumulateGrad"

    @property
    def variable(self) -> Any:
        """The leaf."""
        return self.leaf

    @property
    def next_functions(self) -> tuple[()]:
        """Nothing lies behind a leaf."""
        return ()


class Record:
    """One call on the tape: the operation, where its inputs came from, what its rules need.

    ``inputs`` are flat: the members of a variadic port stand one after the other. ``parents``
    gives for each the node and output it came from, or None where no gradient is needed; those
    inputs are ``numbers``, by position, or ``constants``: position, tensor (or a weak reference
    to it) and the version of its memory.
    """

    __slots__ = (
        "__weakref__", "aside", "attrs", "constants", "dtypes", "hooks", "kept", "numbers", "op",
        "out_arrays", "out_shapes", "parents", "retained", "saved", "sequence", "shapes",
        "versions",
    )  # fmt: skip

    op: Op
    attrs: Mapping[str, Any]
    parents: tuple[tuple[Any, int] | None, ...]
    kept: Needed
    saved: tuple[Any, ...] | None
    numbers: tuple[tuple[int, Any], ...]
    constants: tuple[tuple[int, Any, int], ...]
    shapes: tuple[Shape, ...]
    dtypes: tuple[Any, ...]
    out_shapes: tuple[tuple[Shape, Any], ...]
    out_arrays: dict[int, Any] | None
    aside: Any
    versions: tuple[VersionMark, ...]
    hooks: dict[int, list[Callable[[Any], Any]]] | None
    retained: list[tuple[int, Any]] | None
    sequence: int

    def name(self) -> str:
        """PyTorch's name of this node: ``MulBackward0``."""
        name = self.op.backward_name
        if not callable(name):
            return backward_name(self.op)
        pairs = zip(self.shapes, self.dtypes, strict=True)
        return name(tuple(None if kind is None else shape for shape, kind in pairs), self.attrs)

    @property
    def next_functions(self) -> tuple[tuple[Any, int], ...]:
        """The nodes that gradients go to next, with the output each enters at."""
        return tuple(p if p is not None else (None, 0) for p in self.parents)

    @property
    def freed(self) -> bool:
        """Whether a backward pass has consumed what this record kept."""
        return self.saved is None

    def release(self) -> None:
        """Forget saved values, as a backward pass without ``retain_graph`` does."""
        if self.out_arrays or self.saved:
            self.saved = self.out_arrays = self.aside = None
            self.versions = ()
        if self.constants:
            held = self.constants
            self.constants = tuple([(i, v if is_reference(v) else ref(v), n) for i, v, n in held])

    def check_kept(self) -> tuple[Any, ...]:
        """What is saved; PyTorch's errors where it was freed, or modified in place since."""
        if self.saved is None:
            raise RuntimeError(FREED)
        for counter, expected, owner in self.versions:
            if counter[0] != expected:
                raise RuntimeError(
                    "one of the variables needed for gradient computation has been modified by an "
                    f"inplace operation: {owner_text(self, owner)}, is at version {counter[0]}; "
                    f"expected version {expected} instead. Hint: enable anomaly detection to find "
                    "the operation that failed to compute its gradient, with "
                    "torch.autograd.set_detect_anomaly(True, check_nan=False)."
                )
        return self.saved

    def port_of(self, position: int) -> int:
        """The port that the flat input at ``position`` belongs to."""
        return min(position, len(self.op.ports) - 1)

    def __repr__(self) -> str:
        return f"<{self.name()} object at {hex(id(self))}>"


def is_reference(value: object) -> TypeGuard[ref[Any]]:
    """Whether ``value`` is a weak reference."""
    return isinstance(value, ref)


def owner_text(record: Record, owner: Any) -> str:
    """PyTorch's way to name a kept tensor that was modified; see :data:`VersionMark`."""
    if isinstance(owner, int):
        shape, kind = record.out_shapes[owner]
        maker, output = record, owner
    else:
        shape, kind = owner.array.shape, owner.array.dtype
        maker, output = owner.tape_key()
    text = f"[torch.{of_numpy(kind).legacy_name}Tensor {list(shape)}]"
    if isinstance(maker, Record):
        text += f", which is output {output} of {maker.name().partition('Backward')[0]}"
    return text


def backward_name(op: Op) -> str:
    """``MulBackward0`` for ``mul``, whatever it is called on."""
    if isinstance(op.backward_name, str) and op.backward_name:
        return op.backward_name
    words = op.base_name.strip("_").split("_")
    return "".join(word.title() for word in words) + "Backward0"
