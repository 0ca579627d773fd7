"""Operations with a gradient of the user's own: ``autograd.Function``.

A call enters the tape as a record like any other, of an operation described once for each
class, so that backward passes, their steps and what shows them need to know nothing of it. See
https://docs.pytorch.org/docs/stable/autograd.html#torch.autograd.Function.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any
from weakref import ref

import numpy as np

from gradviz.autograd.mode import enable_grad, is_grad_enabled, no_grad
from gradviz.autograd.record import Record
from gradviz.ops.dual import is_plain
from gradviz.ops.kinds import is_tuple
from gradviz.ops.spec import Attr, Op, Port, Shape
from gradviz.tensor.dispatch import record_call
from gradviz.tensor.tensor import Tensor

__all__ = ["Function", "FunctionCtx", "once_differentiable"]


class FunctionCtx:
    """What a function's ``forward`` leaves for its ``backward``; any attribute may be set."""

    needs_input_grad: tuple[bool, ...]

    def __init__(self, owner: type[Function], arguments: Sequence[Any]) -> None:
        self.needs_input_grad = tuple(needs_gradient(a) for a in arguments)
        self._owner = owner
        self._tensor_places = [i for i, a in enumerate(arguments) if isinstance(a, Tensor)]
        self._to_save: tuple[Any, ...] = ()
        self._saved_outputs: tuple[int | None, ...] = ()
        self._constant: tuple[Any, ...] = ()
        self._dirty: tuple[Any, ...] = ()
        self._materialize = True
        self._record: Callable[[], Record | None] = lambda: None

    def save_for_backward(self, *tensors: Any) -> None:
        """Keep tensors (or None) for ``backward``; the tape sees when they are overwritten."""
        for tensor in tensors:
            if tensor is not None and not isinstance(tensor, Tensor):
                raise TypeError(
                    "save_for_backward can only save variables, but argument 0 is of type "
                    f"{type(tensor).__name__}"
                )
        self._to_save = tensors

    def mark_non_differentiable(self, *outputs: Any) -> None:
        """Declare outputs that no gradient comes back to."""
        self._constant = outputs

    def mark_dirty(self, *tensors: Any) -> None:
        """Declare inputs that ``forward`` overwrites, and returns."""
        self._dirty = tensors

    def set_materialize_grads(self, value: bool) -> None:
        """Whether ``backward`` gets zeros, or None, where no gradient arrived."""
        self._materialize = value

    @property
    def saved_tensors(self) -> tuple[Any, ...]:
        """What ``save_for_backward`` kept; an error once a backward pass has freed it."""
        record = self._record()
        if record is None:
            return self._to_save
        kept = record.check_kept()
        outputs: dict[int, Any] = record.out_arrays or {}
        return tuple(
            value if place is None else Tensor.from_record(outputs[place][0], record, place)
            for value, place in zip(kept, self._saved_outputs, strict=True)
        )


class Function:
    """A differentiable operation: subclass it with static ``forward`` and ``backward``.

    ``forward(ctx, *args)`` computes, unrecorded; or ``forward(*args)`` with
    ``setup_context(ctx, inputs, output)``. ``backward(ctx, *gradients)`` returns a gradient (or
    None) for each argument of ``forward``. Call it by ``apply``.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        raise RuntimeError(
            f"{type(self)} should not be instantiated. Methods on autograd functions are all "
            "static, so you should invoke them on the class itself. Instantiating an autograd "
            "function will raise an error in a future version of PyTorch."
        )

    @staticmethod
    def forward(*args: Any, **kwargs: Any) -> Any:
        """Compute the result."""
        raise NotImplementedError(
            "You must implement the forward function for custom autograd.Function."
        )

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> Any:
        """Keep what ``backward`` needs, where ``forward`` takes no context."""
        raise NotImplementedError("setup_context is not implemented.")

    @staticmethod
    def backward(*args: Any, **kwargs: Any) -> Any:
        """The gradient of each argument, from the context and those of the outputs."""
        raise NotImplementedError(
            "You must implement either the backward or vjp method for your custom "
            "autograd.Function to use it with backward mode AD."
        )

    vjp = backward

    @classmethod
    def apply(cls, *args: Any, **kwargs: Any) -> Any:
        """Run ``forward`` and enter the call on the tape where gradients are needed."""
        context = FunctionCtx(cls, args)
        result = run_forward(cls, context, args, kwargs)
        outputs: tuple[Any, ...] = result if is_tuple(result) else (result,)
        tensors = tuple(a for a in args if isinstance(a, Tensor))
        record = record_call(operation(cls), (tensors,), {"context": context})
        taped = tuple(apart(output, tensors, context) for output in outputs)
        if record is not None:
            enter(record, context, taped, outputs)
        return taped if is_tuple(result) else taped[0]


def needs_gradient(value: Any) -> bool:
    """Whether an argument is a tensor that requires a gradient."""
    return isinstance(value, Tensor) and value.requires_grad


def run_forward(
    cls: type[Function], context: FunctionCtx, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    """What ``forward`` computes, in whichever of its two styles."""
    with no_grad():
        if cls.setup_context is Function.setup_context:
            return cls.forward(context, *args, **kwargs)
        result = cls.forward(*args, **kwargs)
        cls.setup_context(context, args, result)
    return result


def apart(output: Any, tensors: tuple[Any, ...], context: FunctionCtx) -> Any:
    """An output as a tensor of its own, where ``forward`` handed an input or its view back."""
    if not isinstance(output, Tensor) or any(output is d for d in context._dirty):  # pyright: ignore[reportPrivateUsage]
        return output
    shared = output._view is not None or any(output is t for t in tensors)  # pyright: ignore[reportPrivateUsage]
    return output.detach() if shared else output


def enter(
    record: Record, context: FunctionCtx, taped: tuple[Any, ...], outputs: tuple[Any, ...]
) -> None:
    """Make the tensors that a call gave outputs of its record, and keep what it saved."""
    found = [t.array if isinstance(t, Tensor) else np.empty(0) for t in taped]
    record.out_shapes = tuple((a.shape, a.dtype) for a in found)
    constant = {id(t) for t in context._constant}  # pyright: ignore[reportPrivateUsage]
    for index, (tensor, given) in enumerate(zip(taped, outputs, strict=True)):
        if not isinstance(tensor, Tensor):
            continue
        if any(given is dirty for dirty in context._dirty):  # pyright: ignore[reportPrivateUsage]
            check_dirty(tensor)
            tensor.bump_version()
        if tensor.dtype.is_floating_point and id(given) not in constant:
            tensor.settle(record, index)
    keep(record, context, taped, outputs)


def check_dirty(tensor: Tensor) -> None:
    """Refuse to overwrite a leaf that requires a gradient."""
    if tensor.is_leaf and tensor.requires_grad:
        raise RuntimeError(
            "a leaf Variable that requires grad is being used in an in-place operation."
        )


def keep(
    record: Record, context: FunctionCtx, taped: tuple[Any, ...], outputs: tuple[Any, ...]
) -> None:
    """Move saved tensors to the record, which frees them; outputs without a circle."""
    places = {id(given): i for i, given in enumerate(outputs)}
    saved, marks, numbers = list[Any](), list[Any](), list[int | None]()
    kept: dict[int, Any] = {}
    for tensor in context._to_save:  # pyright: ignore[reportPrivateUsage]
        index = places.get(id(tensor)) if tensor is not None else None
        if index is not None and taped[index].tape_node() is not record:
            index = None
        numbers.append(index)
        saved.append(tensor if index is None else None)
        if index is not None:
            kept[index] = (taped[index].array, Tensor.from_record)
            marks.append(taped[index].version_mark(index))
        elif tensor is not None:
            marks.append(tensor.version_mark())
    record.saved, record.versions, record.out_arrays = tuple(saved), tuple(marks), kept or None
    context._saved_outputs, context._to_save = tuple(numbers), ()  # pyright: ignore[reportPrivateUsage]
    context._record = ref(record)  # pyright: ignore[reportPrivateUsage]


def operation(cls: type[Function]) -> Op:
    """The description under which calls of a class stand on the tape; one for each class."""
    found = cls.__dict__.get("_operation")
    if found is None:
        found = Op(
            name=cls.__name__, family="custom", category="elem", symbol="ƒ",
            doc=(cls.__doc__ or f"The function {cls.__name__}.").strip().partition("\n")[0],
            ports=(Port(name="inputs", variadic=True, grad="backward(context, gs)",
                        rule=input_gradients),),
            attrs=(Attr(name="context", kind="array", doc="What forward left for backward."),),
            forward=never_forward, promotion="none", backward_name=f"{cls.__name__}Backward",
            addable=False, function=False, method=False,
        )  # fmt: skip
        cls._operation = found  # pyright: ignore[reportAttributeAccessIssue]
    return found


def never_forward(*_: Any, **__: Any) -> Any:
    """Refuse: ``apply`` runs the class's own ``forward``."""
    raise RuntimeError("a custom Function runs by its apply() and has no forward on arrays")


def input_gradients(
    gs: tuple[Any, ...],
    context: Any,
    out_shapes: tuple[Shape, ...],
    inputs_shape: tuple[Shape, ...],
) -> list[Any]:
    """What ``backward`` returns for each tensor among the arguments, checked."""
    owner: type[Function] = context._owner
    recorded = is_grad_enabled()
    found = owner.backward if owner.backward is not Function.backward else owner.vjp
    returned = found(context, *arriving(gs, context))
    gradients = as_many(owner, returned, len(context.needs_input_grad))
    results: list[Any] = []
    for shape, place in zip(inputs_shape, context._tensor_places, strict=True):
        gradient = checked(owner, place, gradients[place], shape)
        results.append(gradient if recorded else getattr(gradient, "array", gradient))
    return results


def arriving(gs: tuple[Any, ...], context: Any) -> list[Any]:
    """The gradients that arrived, as tensors; zeros where none did and they are wanted."""
    kinds = context._record().out_shapes
    arrived: list[Any] = []
    for gradient, (shape, kind) in zip(gs, kinds, strict=True):
        if gradient is None:
            arrived.append(Tensor.wrap(np.zeros(shape, kind)) if context._materialize else None)
        else:
            arrived.append(Tensor.wrap(gradient) if is_plain(gradient) else gradient)
    return arrived


def as_many(owner: type[Function], returned: Any, count: int) -> tuple[Any, ...]:
    """The gradients returned, one an argument; PyTorch's error where there are not as many."""
    gradients: tuple[Any, ...] = returned if is_tuple(returned) else (returned,)
    spare = gradients[count:]
    if len(gradients) < count or any(g is not None for g in spare):
        raise RuntimeError(
            f"function {owner.__name__}Backward returned an incorrect number of gradients "
            f"(expected {count}, got {len(gradients)})"
        )
    return gradients[:count]


def checked(owner: type[Function], index: int, gradient: Any, shape: Shape) -> Any:
    """A gradient as returned; PyTorch's errors where it is no tensor, or does not fit."""
    if gradient is None:
        return None
    if not isinstance(gradient, Tensor):
        raise TypeError(f"expected Variable or None (got {type(gradient).__name__})")
    mine = gradient.array.shape
    reducible = len(mine) >= len(shape) and all(
        want in (1, got) for want, got in zip(reversed(shape), reversed(mine), strict=False)
    )
    if not reducible:
        raise RuntimeError(
            f"Function {owner.__name__}Backward returned an invalid gradient at index {index} - "
            f"got {list(mine)} but expected shape compatible with {list(shape)}"
        )
    return gradient


class Refused(Function):
    """Hands a gradient on, and refuses to be differentiated itself."""

    @staticmethod
    def forward(ctx: Any, *tensors: Any) -> Any:
        """The tensors as they are."""
        return tensors

    @staticmethod
    def backward(ctx: Any, *grad_outputs: Any) -> Any:
        """Raise: this gradient was declared to have none."""
        raise RuntimeError(
            "trying to differentiate twice a function that was marked with @once_differentiable"
        )


def once_differentiable(fn: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate a ``backward`` whose result cannot be differentiated again: it runs unrecorded."""

    @wraps(fn)
    def wrapped(ctx: Any, *args: Any) -> Any:
        with no_grad():
            returned = fn(ctx, *args)
        if not is_grad_enabled() or not any(map(needs_gradient, args)):
            return returned
        outputs: tuple[Any, ...] = returned if is_tuple(returned) else (returned,)
        with enable_grad():
            guarded = tuple(refusing(output) for output in outputs)
        return guarded if is_tuple(returned) else guarded[0]

    return wrapped


def refusing(output: Any) -> Any:
    """A gradient that says so when it is differentiated."""
    if not isinstance(output, Tensor):
        return output
    return Refused.apply(output.detach().requires_grad_())[0]
