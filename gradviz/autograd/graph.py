"""The tape's nodes as things in themselves: edges to differentiate by, hooks on several tensors.

See https://docs.pytorch.org/docs/stable/autograd.html#autograd-graph. What a node offers (its
name, ``next_functions``, what it keeps, hooks) stands on :class:`~gradviz.autograd.record.Record`.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from gradviz.autograd.record import AccumulateGrad, Record
from gradviz.ops.kinds import is_sequence

__all__ = [
    "GradientEdge", "Node", "get_gradient_edge", "increment_version", "register_multi_grad_hook",
]  # fmt: skip


class Node(ABC):  # noqa: B024
    """A node of the tape: every ``grad_fn``, and where gradients come to a leaf, is one."""


Node.register(Record)
Node.register(AccumulateGrad)


class GradientEdge(NamedTuple):
    """Where on the tape the gradient of a tensor arrives: a node, and which of its outputs."""

    node: Any
    output_nr: int


def get_gradient_edge(tensor: Any) -> GradientEdge:
    """The place on the tape where the gradient of ``tensor`` arrives."""
    if not tensor.requires_grad:
        raise RuntimeError(
            "It is not possible to get the gradient edge for a Tensor that does not require "
            "gradients"
        )
    return GradientEdge(*tensor.tape_key())


def increment_version(tensor: Any) -> None:
    """Note that the memory of a tensor, or of several, was written to behind the tape's back."""
    for each in tensor if is_sequence(tensor) else (tensor,):
        each.bump_version()


class Handles:
    """Several handles as one."""

    def __init__(self, handles: Sequence[Any]) -> None:
        self.handles = handles

    def remove(self) -> None:
        """Take every hook off."""
        for handle in self.handles:
            handle.remove()

    def __enter__(self) -> Handles:
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()


def register_multi_grad_hook(
    tensors: Iterable[Any], fn: Callable[[Any], None], *, mode: str = "all"
) -> Handles:
    """Call ``fn`` when the gradients of several tensors have come, or that of the first.

    With ``mode="all"`` it is given a list with one gradient a tensor; with ``"any"`` the first
    gradient of a pass. With ``"all"`` a tensor that a pass does not reach leaves ``fn`` uncalled
    in that pass, where PyTorch would give None for it.
    """
    if mode not in ("all", "any"):
        raise ValueError(f"Expects mode to be one of ('all', 'any') but got {mode}")
    watched = list(tensors)
    arrived: dict[int, Any] = {}

    def hook_at(place: int) -> Callable[[Any], None]:
        def hook(gradient: Any) -> None:
            if mode == "any":
                if not arrived:
                    fn(gradient)
                arrived[place] = gradient
            else:
                arrived[place] = gradient
                if len(arrived) == len(watched):
                    fn([arrived[n] for n in range(len(watched))])
            if len(arrived) == len(watched):
                arrived.clear()

        return hook

    return Handles([t.register_hook(hook_at(n)) for n, t in enumerate(watched)])
