"""What tensors make of the nodes of the tape: what they keep, and hooks on them.

See https://docs.pytorch.org/docs/stable/notes/autograd.html#saved-tensors and
https://docs.pytorch.org/docs/stable/generated/torch.autograd.graph.Node.register_hook.html.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from gradviz.autograd.record import FREED, AccumulateGrad, Record
from gradviz.autograd.steps import AFTER, BEFORE
from gradviz.ops.dual import is_plain
from gradviz.ops.kinds import is_sequence
from gradviz.tensor.hooks import RemovableHandle
from gradviz.tensor.tensor import Tensor

PREFIX = "_saved_"
METADATA: WeakKeyDictionary[Any, dict[Any, Any]] = WeakKeyDictionary()


def kept_value(record: Record, name: str) -> Any:
    """``node._saved_self``: an input, output or setting that a record keeps, by PyTorch's name."""
    if not name.startswith(PREFIX):
        raise AttributeError(f"'{record.name()}' object has no attribute '{name}'")
    word = name.removeprefix(PREFIX)
    shaped = word.removesuffix("_sym_sizes")
    place = port_called(record, shaped)
    if shaped != word and place is not None:
        return record.shapes[place]
    if word == "result" and record.kept.outputs:
        if record.out_arrays is None:
            raise RuntimeError(FREED)
        array, rebuild = record.out_arrays[0]
        return rebuild(array, record, 0)
    if place is not None and place in record.kept.ports:
        if record.saved is None:
            raise RuntimeError(FREED)
        return record.saved[place]
    numbers = dict(record.numbers)
    if place is not None and numbers.get(place) is not None:
        return numbers[place]
    if word in record.attrs:
        return record.attrs[word]
    raise AttributeError(f"'{record.name()}' object has no attribute '{name}'")


def port_called(record: Record, word: str) -> int | None:
    """The place of the input that PyTorch calls ``word``; ``self`` is the first."""
    names = [port.name for port in record.op.ports]
    if word in names:
        return names.index(word)
    return 0 if word == "self" and names else None


def metadata(node: Record | AccumulateGrad) -> dict[Any, Any]:
    """A dictionary to keep things in beside a node."""
    return METADATA.setdefault(node, {})


def register_prehook(node: Any, fn: Callable[[tuple[Any, ...]], Any]) -> RemovableHandle:
    """Call ``fn(grad_outputs)`` as a pass comes to a node; what it returns takes their place."""
    if isinstance(node, AccumulateGrad):

        def on_leaf(gradient: Any) -> Any:
            return alone(fn((gradient,)))

        return node.variable.register_hook(on_leaf)

    def before(upstream: list[Any]) -> list[Any]:
        changed = fn(as_tensors(upstream))
        return upstream if changed is None else like_those(changed, upstream)

    return added(node, BEFORE, before)


def register_hook(
    node: Any, fn: Callable[[tuple[Any, ...], tuple[Any, ...]], Any]
) -> RemovableHandle:
    """Call ``fn(grad_inputs, grad_outputs)`` after a node; what it returns is sent on instead."""
    if isinstance(node, AccumulateGrad):

        def on_leaf(leaf: Tensor) -> None:
            refuse_change(fn((), (leaf.grad,)))

        return node.variable.register_post_accumulate_grad_hook(on_leaf)

    def after(values: list[Any], upstream: list[Any]) -> list[Any]:
        changed = fn(as_tensors(values), as_tensors(upstream))
        return values if changed is None else like_those(changed, values)

    return added(node, AFTER, after)


def alone(changed: Any) -> Any:
    """The only gradient of what a hook returned."""
    return changed[0] if is_sequence(changed) else changed


def refuse_change(changed: Any) -> None:
    """Refuse gradients from a hook on a leaf, which sends none on."""
    if changed:
        raise RuntimeError("a hook on AccumulateGrad has no gradients to replace")


def added(record: Record, when: int, hook: Any) -> RemovableHandle:
    """Put a hook among those of a record."""
    record.hooks = record.hooks or {}
    hooks = record.hooks.setdefault(when, [])
    hooks.append(hook)
    return RemovableHandle(hooks, hook)


def as_tensors(values: Sequence[Any]) -> tuple[Any, ...]:
    """Gradients of a pass as tensors."""
    return tuple(Tensor.wrap(v) if v is not None and is_plain(v) else v for v in values)


def like_those(changed: Any, values: Sequence[Any]) -> list[Any]:
    """What a hook returned, as the pass has its gradients: arrays, or tensors where recorded."""
    given = list(changed) if is_sequence(changed) else [changed]
    if len(given) != len(values):
        raise RuntimeError(
            f"hook has returned an incorrect number of values: got {len(given)}, but expected "
            f"{len(values)}"
        )
    return [
        new.array if new is not None and is_plain(old) else new
        for new, old in zip(given, values, strict=True)
    ]


def install_nodes() -> None:
    """Give the nodes of the tape these."""
    Record.__getattr__ = kept_value  # pyright: ignore[reportAttributeAccessIssue]
    for node in (Record, AccumulateGrad):
        node.metadata = property(metadata)  # pyright: ignore[reportAttributeAccessIssue]
        node.register_hook = register_hook  # pyright: ignore[reportAttributeAccessIssue]
        node.register_prehook = register_prehook  # pyright: ignore[reportAttributeAccessIssue]
        node.requires_grad = property(lambda _: True)  # pyright: ignore[reportAttributeAccessIssue]
