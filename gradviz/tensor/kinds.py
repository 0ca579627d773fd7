"""Questions of what kind a tensor is, all answered alike here: dense, real, on the processor.

Programs that ask them, and take a way for each answer, so run unchanged.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gradviz.ops.dtypes import dtype
from gradviz.tensor.composed import call
from gradviz.tensor.conversion import truth
from gradviz.tensor.layouts import strided
from gradviz.tensor.tensor import Tensor

ALWAYS = ("is_cpu",)
NEVER = (
    "is_cuda", "is_ipu", "is_maia", "is_meta", "is_mkldnn", "is_mps", "is_mtia", "is_nested",
    "is_quantized", "is_sparse", "is_sparse_csr", "is_vulkan", "is_xla", "is_xpu",
)  # fmt: skip
NEVER_ASKED = ("is_coalesced", "is_complex", "is_conj", "is_distributed", "is_neg", "is_pinned",
               "is_shared")  # fmt: skip
ITSELF = (
    "conj_physical",
    "conj_physical_",
    "cpu",
    "dequantize",
    "resolve_conj",
    "resolve_neg",
    "to_dense",
)
NO_COMPLEX = "imag is not implemented for tensors with non-complex dtypes."


def answer(value: bool, name: str, doc: str) -> Callable[..., bool]:
    """A method that always gives ``value``."""

    def method(self: Tensor, *_: Any, **__: Any) -> bool:
        return value

    method.__name__, method.__doc__ = name, doc
    return method


def itself(self: Tensor, *_: Any, **__: Any) -> Tensor:
    """The tensor itself, which is real, dense and on the processor already."""
    return self


def is_signed(self: Tensor) -> bool:
    """Whether the type holds negative numbers."""
    return self.dtype.is_signed


def is_nonzero(self: Tensor) -> bool:
    """Whether the only element is not zero."""
    return truth(self)


def adjoint(self: Tensor) -> Any:
    """Each matrix of a stack transposed."""
    return call("transpose", self, -2, -1)


def imaginary(self: Tensor) -> Any:
    """Refused: the elements are real."""
    raise RuntimeError(NO_COMPLEX)


def equal(self: Tensor, other: Tensor) -> bool:
    """Whether two tensors have the same shape and elements."""
    same = self.array.shape == other.array.shape
    return same and bool((self.array == other.array).all())


def grad_dtype(self: Tensor) -> dtype:
    """The type of the tensor's gradient: its own."""
    return self.dtype


def output_nr(self: Tensor) -> int:
    """Which output of its ``grad_fn`` the tensor is."""
    return self.tape_key()[1] if self.requires_grad else 0


def get_device(self: Tensor) -> int:
    """-1: the processor has no number."""
    return -1


def no_name(self: Tensor) -> None:
    """None: tensors have no names of their own."""
    return None


def sparse_dim(self: Tensor) -> int:
    """0: no dimension is sparse."""
    return 0


def dense_dim(self: Tensor) -> int:
    """How many dimensions there are, all of them dense."""
    return self.array.ndim


METHODS: dict[str, Any] = {
    "is_signed": is_signed, "is_nonzero": is_nonzero, "adjoint": adjoint, "equal": equal,
    "imag": property(imaginary), "layout": property(lambda _: strided),
    "get_device": get_device, "name": property(no_name),
    "grad_dtype": property(grad_dtype), "output_nr": property(output_nr),
    "sparse_dim": sparse_dim, "dense_dim": dense_dim,
}  # fmt: skip


def install_kinds() -> None:
    """Give tensors these questions."""
    for name, value in [*((n, True) for n in ALWAYS), *((n, False) for n in NEVER)]:
        doc = f"{value}, of every tensor here."
        setattr(Tensor, name, property(answer(value, name, doc), doc=doc))
    for name in NEVER_ASKED:
        setattr(Tensor, name, answer(False, name, "False, of every tensor here."))
    for name in ITSELF:
        setattr(Tensor, name, itself)
    for name, method in METHODS.items():
        setattr(Tensor, name, method)
