"""The tensor: an array that remembers how it came about.

Views share memory with what they view, through NumPy; a version counter shared among them
tells a backward pass that a value it kept has been overwritten. Operators, methods named
after operations and conversions are added by :mod:`gradviz.tensor.methods` from the table of
operations.
"""

# The functions below the class make tensors, and know what they keep to themselves.
# pyright: reportPrivateUsage=false

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from gradviz.autograd import inference
from gradviz.autograd.backward import backward
from gradviz.autograd.mode import STATE
from gradviz.autograd.record import AccumulateGrad, Record, VersionMark
from gradviz.autograd.steps import Key
from gradviz.ops import dtypes
from gradviz.ops.kinds import is_tuple
from gradviz.ops.spec import Array, Op
from gradviz.tensor.assigned import NON_LEAF_GRAD, check_assigned_grad
from gradviz.tensor.declared import Declared
from gradviz.tensor.dispatch import note_outputs, prepare, record_call, run_forward
from gradviz.tensor.hooks import RemovableHandle, add_hook
from gradviz.tensor.lanes import Lane, lane_of
from gradviz.tensor.size import Size
from gradviz.tensor.views import ViewStep, same_place

BLOCKS = inference.BLOCKS


class TapeState(Declared):
    """What ties a tensor to the tape and to the memory it shares; see :class:`Tensor`."""

    __slots__ = (
        "__weakref__", "_counter", "_grad", "_hooks", "_node", "_output", "_post_hooks",
        "_requires_grad", "_retains", "_seen", "_view", "array",
    )  # fmt: skip

    array: Array
    _requires_grad: bool
    _node: Record | AccumulateGrad | None
    _output: int
    _grad: Any
    _counter: list[int]
    _view: tuple[Any, tuple[ViewStep, ...]] | None
    _seen: int
    _hooks: list[Callable[[Any], Any]] | None
    _post_hooks: list[Callable[[Any], None]] | None
    _retains: bool

    @classmethod
    def wrap(
        cls,
        array: Any,
        requires_grad: bool = False,
        node: Record | AccumulateGrad | None = None,
        output: int = 0,
    ) -> Any:
        """A tensor on this very array (not copied), as an ``output`` of a ``node`` of the tape."""
        tensor = cls.__new__(cls)
        tensor.array = array if type(array) is np.ndarray else np.asarray(array)
        tensor._requires_grad = requires_grad
        tensor._node, tensor._output = node, output
        tensor._grad = tensor._view = tensor._hooks = tensor._post_hooks = None
        tensor._seen = 0
        tensor._counter = inference.version_counter() if BLOCKS else [0]
        tensor._retains = False
        return tensor

    @classmethod
    def from_record(cls, array: Array, record: Record, output: int) -> Any:
        """An output of ``record`` anew, as its own gradient rule needs it."""
        return cls.wrap(array, True, record, output)

    def tape_key(self) -> Key:
        """The node of the tape that this tensor is, and which of its outputs."""
        node = self._node if self._view is None else self.tape_node()
        if node is None:
            node = self._node = AccumulateGrad(self)
        return node, self._output

    def tape_node(self) -> Record | AccumulateGrad | None:
        """The node, brought up to date where memory that a view shares was written to."""
        if self._view is not None and self._seen != self._counter[0]:
            base, chain = self._view
            self._seen = self._counter[0]
            if base.requires_grad and not base.is_leaf:
                self.settle(*same_place(self, base, chain).tape_key())
        return self._node

    def settle(self, node: Record | AccumulateGrad, output: int) -> None:
        """Take a place on the tape: an output of ``node``."""
        if self._retains:
            self.retain_at(node, output)
        self._node, self._output = node, output
        self._requires_grad = True

    def retain_at(self, node: Record | AccumulateGrad, output: int) -> None:
        """Have a backward pass fill ``.grad`` at a new place on the tape, not at the old one."""
        old: Any = self._node
        if old is not None:
            old.retained = [pair for pair in old.retained or () if pair[1] is not self]
        if isinstance(node, Record):
            node.retained = [*(node.retained or ()), (output, self)]

    def version_mark(self, output: int | None = None) -> VersionMark:
        """The state of this memory now, for a record that keeps it (as this ``output`` of it)."""
        counter = self._counter
        if type(counter) is not list:
            inference.check_saved(counter)
        return counter, counter[0], self if output is None else output

    def memory_version(self) -> int:
        """How often this memory has been written to."""
        return self._counter[0]

    @property
    def _version(self) -> int:
        """How often this memory has been written to, where that is counted."""
        return inference.counted(self._counter)

    @property
    def retains_grad(self) -> bool:
        """Whether backward passes fill ``.grad`` though this is no leaf."""
        return self._retains

    def is_inference(self) -> bool:
        """Whether the tensor was made in inference mode."""
        return isinstance(self._counter, inference.Unversioned)


class Tensor(TapeState):
    """A multi-dimensional array of one dtype, which can require gradients.

    See https://docs.pytorch.org/docs/stable/tensors.html.
    """

    __slots__ = ()
    __array_priority__ = 1000
    return_types: ClassVar[dict[str, Any]] = {}

    @staticmethod
    def __gradviz_apply__(op: Op, inputs: tuple[Any, ...], attrs: Mapping[str, Any]) -> Any:
        """Run an operation on tensors and record it."""
        return apply(op, inputs, attrs)

    @property
    def shape(self) -> Size:
        """The size of each dimension."""
        return Size.of(self.array.shape)

    @property
    def dtype(self) -> dtypes.dtype:
        """The data type of the elements."""
        return dtypes.of_numpy(self.array.dtype)

    @property
    def requires_grad(self) -> bool:
        """Whether operations on this tensor are recorded."""
        if self._view is not None:
            self.tape_node()
        return self._requires_grad

    @requires_grad.setter
    def requires_grad(self, value: bool) -> None:
        if not self.is_leaf:
            if value:
                return
            raise RuntimeError(
                "you can only change requires_grad flags of leaf variables. If you want to use a "
                "computed variable in a subgraph that doesn't require differentiation use "
                "var_no_grad = var.detach()."
            )
        if value and not self.dtype.is_floating_point:
            raise RuntimeError(
                "only Tensors of floating point and complex dtype can require gradients"
            )
        if value:
            inference.check_requiring(self._counter)
        self._requires_grad = bool(value)

    @property
    def is_leaf(self) -> bool:
        """Whether no recorded operation made this tensor."""
        return not isinstance(self._node, Record)

    @property
    def grad_fn(self) -> Record | None:
        """The record of the operation that made this tensor; None for a leaf."""
        node = self.tape_node()
        return node if isinstance(node, Record) else None

    @property
    def grad(self) -> Any:
        """The gradient accumulated by backward passes; None before the first."""
        if self._grad is None and not self.is_leaf and not self._retains:
            warnings.warn(NON_LEAF_GRAD, UserWarning, stacklevel=2)
        return self._grad

    @grad.setter
    def grad(self, value: Any) -> None:
        if value is not None:
            check_assigned_grad(self, value)
        self._grad = value

    @property
    def data(self) -> Any:
        """The same memory with no history; writing to it goes unnoticed by the tape."""
        return type(self).wrap(self.array)

    @data.setter
    def data(self, value: Any) -> None:
        self.array = value.array

    def backward(
        self,
        gradient: Any = None,
        retain_graph: bool | None = None,
        create_graph: bool = False,
        inputs: Any = None,
    ) -> None:
        """Add to the ``.grad`` of every leaf behind this tensor its gradient.

        ``gradient`` is that of some scalar with respect to this tensor, by default one, which
        only a one-element tensor may leave out. See
        https://docs.pytorch.org/docs/stable/generated/torch.Tensor.backward.html.
        """
        backward(self, gradient, retain_graph, create_graph, inputs=inputs)

    def detach(self) -> Any:
        """The same memory, cut from the tape."""
        tensor = type(self).wrap(self.array)
        tensor._counter = self._counter
        return tensor

    def requires_grad_(self, requires_grad: bool = True) -> Any:
        """Set ``requires_grad`` in place."""
        if requires_grad and not self.dtype.is_floating_point:
            raise RuntimeError("only Tensors of floating point dtype can require gradients")
        self.requires_grad = requires_grad
        return self

    def retain_grad(self) -> None:
        """Have backward passes fill this non-leaf tensor's ``.grad`` too."""
        if not self.requires_grad:
            raise RuntimeError("can't retain_grad on Tensor that has requires_grad=False")
        node = self.tape_node()
        if self._retains or not isinstance(node, Record):
            return
        self._retains = True
        node.retained = [*(node.retained or ()), (self._output, self)]

    def register_hook(self, hook: Callable[[Any], Any]) -> RemovableHandle:
        """Call ``hook(gradient)`` in each backward pass; what it returns replaces the gradient."""
        return add_hook(self, hook)

    def register_post_accumulate_grad_hook(self, hook: Callable[[Any], None]) -> RemovableHandle:
        """Call ``hook(tensor)`` after each time a leaf's ``.grad`` was added to."""
        if not self.requires_grad:
            raise RuntimeError("cannot register a hook on a tensor that doesn't require gradient")
        if not self.is_leaf:
            raise RuntimeError(
                "post accumulate grad hooks cannot be registered on non-leaf tensors"
            )
        self._post_hooks = [] if self._post_hooks is None else self._post_hooks
        self._post_hooks.append(hook)
        return RemovableHandle(self._post_hooks, hook)

    def after_accumulation(self) -> None:
        """Let hooks know that ``.grad`` was added to."""
        if self._post_hooks is not None:
            for hook in self._post_hooks:
                hook(self)

    def leaf_hooks(self) -> list[Callable[[Any], Any]]:
        """The list of hooks on this tensor as a leaf, to be added to."""
        self._hooks = [] if self._hooks is None else self._hooks
        return self._hooks

    def gradient_hooks(self) -> Sequence[Callable[[Any], Any]]:
        """The hooks registered on this tensor as a leaf, for the backward pass."""
        return self._hooks or ()

    def bump_version(self) -> None:
        """Note that the memory was written to, for backward passes that keep it."""
        self._counter[0] += 1

    def accumulate(self, gradient: Any, create_graph: bool) -> None:
        """Add ``gradient`` (a tensor where the pass is recorded, else an array) to ``.grad``.

        The array may become the gradient itself, so it must be nobody else's.
        """
        if self._grad is None:
            self._grad = gradient if create_graph else type(self).wrap(gradient)
        elif create_graph:
            self._grad = self._grad + gradient
        else:
            self._grad.array += gradient
            self._grad._counter[0] += 1


def apply(op: Op, inputs: tuple[Any, ...], attrs: Mapping[str, Any]) -> Any:
    """Run ``op`` on tensors and numbers, record it where gradients are needed, wrap the result.

    ``inputs``: one entry a port (a tuple for a variadic one, None for an absent one).
    """
    lane = LANES.get(op)
    if lane is None:
        lane = LANES[op] = lane_of(op, Tensor, finish)
    output = lane(inputs, attrs)
    return apply_at_length(op, inputs, attrs) if output is None else output


LANES: dict[Op, Lane] = {}


def apply_at_length(op: Op, inputs: tuple[Any, ...], attrs: Mapping[str, Any]) -> Any:
    """Do what :func:`apply` says, whatever the inputs are."""
    result = run_forward(op, prepare(op, inputs), attrs)
    return finish(op, inputs, attrs, result)


def finish(op: Op, inputs: tuple[Any, ...], attrs: Mapping[str, Any], result: Any) -> Any:
    """Record a call and wrap its result: one tensor, or several, by name where they have names."""
    record = record_call(op, inputs, attrs) if STATE.enabled else None
    if not is_tuple(result):
        (output,) = wrap_outputs((np.asarray(result),), record)
        if op.view and isinstance(inputs[0], Tensor):
            share(inputs[0], op, attrs, [output], False)
        if op.category == "const" and attrs.get("requires_grad"):
            output.requires_grad_()
        return output
    outputs = wrap_outputs(result, record)
    if op.view and isinstance(inputs[0], Tensor):
        share(inputs[0], op, attrs, outputs, True)
    named = Tensor.return_types.get(op.name)
    return tuple(outputs) if named is None else named(*outputs)


def wrap_outputs(arrays: tuple[Array, ...], record: Record | None) -> list[Tensor]:
    """Tensors on the results of a call; on the tape where they are differentiable."""
    wrap = Tensor.wrap
    if record is None:
        return [wrap(array) for array in arrays]
    note_outputs(record, arrays, Tensor)
    outputs = [
        wrap(array, True, record, index) if array.dtype.kind == "f" else wrap(array)
        for index, array in enumerate(arrays)
    ]
    record.versions += tuple([outputs[i].version_mark(i) for i in record.kept.outputs])
    return outputs


def share(
    source: Tensor, op: Op, attrs: Mapping[str, Any], outputs: list[Tensor], several: bool
) -> None:
    """Tie views to what they view: one version counter, and how to make them again."""
    base, chain = source._view or (source, ())
    for index, output in enumerate(outputs):
        if not np.may_share_memory(output.array, source.array):
            continue
        output._counter = source._counter
        output._seen = output._counter[0]
        step = ViewStep(op, attrs, index if several else None)
        output._view = (base, (*chain, step))
