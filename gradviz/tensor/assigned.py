"""What may be put in a tensor's ``grad`` by hand, in PyTorch's words."""

from __future__ import annotations

from typing import Any

from gradviz.tensor.declared import Declared

NON_LEAF_GRAD = (
    "The .grad attribute of a Tensor that is not a leaf Tensor is being accessed. Its .grad "
    "attribute won't be populated during autograd.backward(). If you indeed want the .grad field "
    "to be populated for a non-leaf Tensor, use .retain_grad() on the non-leaf Tensor. If you "
    "access the non-leaf Tensor by mistake, make sure you access the leaf Tensor instead."
)


def check_assigned_grad(tensor: Any, value: Any) -> None:
    """Raise PyTorch's error where ``value`` cannot be the gradient of ``tensor``."""
    if not isinstance(value, Declared):
        raise TypeError(
            "assigned grad expected to be a Tensor or None but got grad of type "
            f"{type(value).__name__}"
        )
    if value.shape != tensor.shape:
        raise RuntimeError(
            f"attempting to assign a gradient of size '{list(value.shape)}' to a tensor of size "
            f"'{list(tensor.shape)}'. Please ensure that the gradient and the tensor are the same "
            "size"
        )
    if value.dtype is not tensor.dtype:
        names = {"Float": "float", "Double": "double", "Half": "c10::Half"}
        mine = value.dtype.legacy_name
        raise RuntimeError(
            f"attempting to assign a gradient with dtype '{names.get(mine, mine.lower())}' to a "
            f"tensor with grad_dtype '{tensor.dtype.legacy_name}'. The gradient must match the "
            "tensor's grad_dtype (defaults to the tensor's dtype). You can set the tensor's "
            "grad_dtype attribute with a specific dtype, or None to allow any dtype. Set "
            "grad_dtype with caution. Diverging the dtypes of a tensor and its gradient may break "
            "downstream systems that assume they match."
        )
