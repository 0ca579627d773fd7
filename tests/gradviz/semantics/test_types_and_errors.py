"""Types of results, and errors with their messages, as recorded from PyTorch 2.13."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import gradviz as gv

TYPES = [
    ("gv.tensor(1)", "int64"),
    ("gv.tensor(1.0)", "float32"),
    ("gv.tensor(True)", "bool"),
    ("gv.tensor([1, 2.0])", "float32"),
    ("gv.tensor([True, 2])", "int64"),
    ("gv.arange(3)", "int64"),
    ("gv.arange(3.0)", "float32"),
    ("gv.ones(2)", "float32"),
    ("gv.full((2,), 1)", "int64"),
    ("gv.full((2,), True)", "bool"),
    ("gv.linspace(0, 1, 3)", "float32"),
    ("gv.zeros_like(i64)", "int64"),
    ("f32 + 1.5", "float32"),
    ("f32 + 2", "float32"),
    ("i64 + 1.5", "float32"),
    ("i64 + 1", "int64"),
    ("i64 * True", "int64"),
    ("i64 / i64", "float32"),
    ("i64 // i64", "int64"),
    ("flag + flag", "bool"),
    ("flag + 1", "int64"),
    ("flag * 1.5", "float32"),
    ("flag / flag", "float32"),
    ("f32 + f64", "float64"),
    ("f32 + i64", "float32"),
    ("f16 + f32", "float32"),
    ("f16 + i64", "float16"),
    ("F.binary_cross_entropy_with_logits(f64, f32)", "float32"),
    ("F.binary_cross_entropy_with_logits(f32, f64)", "float64"),
    ("F.huber_loss(f32, f64)", "float32"),
    ("F.smooth_l1_loss(f64.sum(), f32)", "float64"),
    ("F.rms_norm(f32, (2,), f64)", "float32"),
    ("gv.einsum('i,j->ij', f32, f64)", "float64"),
    ("gv.linalg.solve_triangular(gv.eye(2), f64[:, None], upper=True)", "float32"),
    ("i32 + i64", "int64"),
    ("u8 + i8", "int16"),
    ("u8 + i32", "int32"),
    ("f32 + gv.tensor(1.0, dtype=gv.float64)", "float32"),
    ("i64 + gv.tensor(1.0, dtype=gv.float64)", "float64"),
    ("gv.tensor(1.0) + gv.tensor(1.0, dtype=gv.float64)", "float64"),
    ("i32 + gv.tensor(5)", "int32"),
    ("i32 + gv.tensor(1.5)", "float32"),
    ("i64.sum()", "int64"),
    ("i32.sum()", "int64"),
    ("flag.sum()", "int64"),
    ("flag.prod()", "int64"),
    ("i32.cumsum(0)", "int64"),
    ("f16.sum()", "float16"),
    ("gv.sqrt(i64)", "float32"),
    ("gv.exp(flag)", "float32"),
    ("gv.abs(u8)", "uint8"),
    ("gv.round(i64)", "int64"),
    ("gv.floor(i64)", "int64"),
    ("gv.sigmoid(i64)", "float32"),
    ("gv.relu(i64)", "int64"),
    ("gv.clamp(i64, 0, 1.5)", "float32"),
    ("gv.maximum(i64, f32)", "float32"),
    ("gv.pow(i64, 2.0)", "float32"),
    ("gv.pow(2, i64)", "int64"),
    ("i64 @ i64", "int64"),
    ("f32 > 0", "bool"),
    ("gv.cat([i64, f32])", "float32"),
    ("f32.argmax()", "int64"),
    ("gv.where(flag, i64, f32)", "float32"),
    ("gv.logical_and(f32, i64)", "bool"),
    ("i64.median()", "int64"),
    ("gv.tensor(3) / 2", "float32"),
    ("gv.tensor(3) // 2", "int64"),
    ("gv.tensor(2**31)", "int64"),
    ("f32.clone().add_(f64)", "float32"),
    ("i32.clone().add_(i64)", "int32"),
]

ERRORS: list[tuple[str, type[Exception], str]] = [
    (
        "-flag",
        RuntimeError,
        "Negation, the `-` operator, on a bool tensor is not supported. If you are trying to "
        "invert a mask, use the `~` or `logical_not()` operator instead.",
    ),
    (
        "flag - flag",
        RuntimeError,
        "Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` "
        "or `logical_xor()` operator instead.",
    ),
    (
        "1 - flag",
        RuntimeError,
        "Subtraction, the `-` operator, with a bool tensor is not supported. If you are "
        "trying to invert a mask, use the `~` or `logical_not()` operator instead.",
    ),
    (
        "i64 @ f32",
        RuntimeError,
        "dot : expected both vectors to have same dtype, but found Long and Float",
    ),
    (
        "f32 @ f64",
        RuntimeError,
        "dot : expected both vectors to have same dtype, but found Float and Double",
    ),
    (
        "i64.mean()",
        RuntimeError,
        "mean(): could not infer output dtype. Input dtype must be either a floating point "
        "or complex dtype. Got: Long",
    ),
    (
        "gv.softmax(i64, 0)",
        NotImplementedError,
        "\"softmax_lastdim_kernel_impl\" not implemented for 'Long'",
    ),
    ("i64.std()", RuntimeError, "std and var only support floating point and complex dtypes"),
    (
        "i64.norm()",
        RuntimeError,
        "linalg.vector_norm: Expected a floating point or complex tensor as input. Got Long",
    ),
    ("gv.tensor(2**63)", ValueError, "Overflow when unpacking long long"),
    (
        "i64.clone().add_(1.5)",
        RuntimeError,
        "result type Float can't be cast to the desired output type Long",
    ),
    (
        "i64.clone().div_(2)",
        RuntimeError,
        "result type Float can't be cast to the desired output type Long",
    ),
    (
        "gv.tensor([1, 2], requires_grad=True)",
        RuntimeError,
        "Only Tensors of floating point and complex dtype can require gradients",
    ),
    (
        "i64.clone().requires_grad_()",
        RuntimeError,
        "only Tensors of floating point dtype can require gradients",
    ),
    ("gv.tensor([2]) ** -1", RuntimeError, "Integers to negative integer powers are not allowed."),
    (
        "gv.where(i64, f32, f32)",
        RuntimeError,
        "where expected condition to be a boolean tensor, but got a tensor with dtype Long",
    ),
    (
        "gv.floor_divide(w, 2.0).sum().backward()",
        RuntimeError,
        "derivative for aten::floor_divide is not implemented",
    ),
    ("i64 // 0", RuntimeError, "ZeroDivisionError"),
    ("i64 % 0", RuntimeError, "ZeroDivisionError"),
    (
        "gv.tensor([]).max()",
        RuntimeError,
        "max(): Expected reduction dim to be specified for input.numel() == 0. Specify the "
        "reduction dim with the 'dim' argument.",
    ),
    ("w.backward()", RuntimeError, "grad can be implicitly created only for scalar outputs"),
    (
        "w.backward(gv.ones(3))",
        RuntimeError,
        "Mismatch in shape: grad_output[0] has a shape of torch.Size([3]) and output[0] has "
        "a shape of torch.Size([2]).",
    ),
    (
        "f32.sum().backward()",
        RuntimeError,
        "element 0 of tensors does not require grad and does not have a grad_fn",
    ),
    (
        "gv.autograd.grad(w.sum(), gv.ones(2, requires_grad=True))",
        RuntimeError,
        "The differentiated Tensor at index 0 appears to not have been used in the graph. "
        "Set allow_unused=True if this is the desired behavior.",
    ),
    (
        "gv.autograd.grad(w.sum(), f32)",
        RuntimeError,
        "One of the differentiated Tensors does not require grad",
    ),
    (
        "again((w**2).sum())",
        RuntimeError,
        "Trying to backward through the graph a second time (or directly access saved "
        "tensors after they have already been freed). Saved intermediate values of the graph "
        "are freed when you call .backward() or autograd.grad(). Specify retain_graph=True "
        "if you need to backward through the graph a second time or if you need to access "
        "saved tensors after calling backward.",
    ),
    (
        "again((w * 3).sum())",
        RuntimeError,
        "Trying to backward through the graph a second time (or directly access saved "
        "tensors after they have already been freed). Saved intermediate values of the graph "
        "are freed when you call .backward() or autograd.grad(). Specify retain_graph=True "
        "if you need to backward through the graph a second time or if you need to access "
        "saved tensors after calling backward.",
    ),
    (
        "w.add_(1)",
        RuntimeError,
        "a leaf Variable that requires grad is being used in an in-place operation.",
    ),
    (
        "w[0].add_(1)",
        RuntimeError,
        "a view of a leaf Variable that requires grad is being used in an in-place operation.",
    ),
    (
        "gv.ones(1).expand(3).add_(1)",
        RuntimeError,
        "unsupported operation: more than one element of the written-to tensor refers to a "
        "single memory location. Please clone() the tensor before performing the operation.",
    ),
    (
        "gv.ones(2).add_(gv.ones(3, 2))",
        RuntimeError,
        "output with shape [2] doesn't match the broadcast shape [3, 2]",
    ),
    (
        "spoilt(w.exp())",
        RuntimeError,
        "one of the variables needed for gradient computation has been modified by an "
        "inplace operation: [torch.FloatTensor [2]], which is output 0 of Exp, is at version "
        "1; expected version 0 instead. Hint: enable anomaly detection to find the operation "
        "that failed to compute its gradient, with torch.autograd.set_detect_anomaly(True, "
        "check_nan=False).",
    ),
    (
        "spoilt_input(w * 1)",
        RuntimeError,
        "one of the variables needed for gradient computation has been modified by an "
        "inplace operation: [torch.FloatTensor [2]], which is output 0 of Add, is at version "
        "1; expected version 0 instead. Hint: enable anomaly detection to find the operation "
        "that failed to compute its gradient, with torch.autograd.set_detect_anomaly(True, "
        "check_nan=False).",
    ),
    (
        "(w * 2).unbind()[0].add_(1)",
        RuntimeError,
        "Output 0 of Unbind is a view and is being modified inplace. This view is the output "
        "of a function that returns multiple views. Such functions do not allow the output "
        "views to be modified inplace. You should replace the inplace operation by an "
        "out-of-place one.",
    ),
    (
        "gv.ones(3) + gv.ones(4)",
        RuntimeError,
        "The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 0",
    ),
    (
        "gv.ones(2, 3) @ gv.ones(2, 3)",
        RuntimeError,
        "mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)",
    ),
    (
        "gv.tensor(1.0) @ gv.ones(2)",
        RuntimeError,
        "both arguments to matmul need to be at least 1D, but they are 0D and 1D",
    ),
    ("gv.ones(6).view(4)", RuntimeError, "shape '[4]' is invalid for input of size 6"),
    (
        "gv.ones(2, 3).t().view(6)",
        RuntimeError,
        "view size is not compatible with input tensor's size and stride (at least one "
        "dimension spans across two contiguous subspaces). Use .reshape(...) instead.",
    ),
    ("gv.ones(6).reshape(-1, -1)", RuntimeError, "only one dimension can be inferred"),
    (
        "gv.cat([gv.ones(2, 3), gv.ones(2, 4)])",
        RuntimeError,
        "Sizes of tensors must match except in dimension 0. Expected size 3 but got size 4 "
        "for tensor number 1 in the list.",
    ),
    (
        "gv.stack([gv.ones(2), gv.ones(3)])",
        RuntimeError,
        "stack expects each tensor to be equal size, but got [2] at entry 0 and [3] at entry 1",
    ),
    ("gv.ones(3)[3]", IndexError, "index 3 is out of bounds for dimension 0 with size 3"),
    (
        "gv.ones(3).sum(1)",
        IndexError,
        "Dimension out of range (expected to be in range of [-1, 0], but got 1)",
    ),
    ("gv.ones(2).item()", RuntimeError, "a Tensor with 2 elements cannot be converted to Scalar"),
    (
        "bool(gv.ones(2))",
        RuntimeError,
        "Boolean value of Tensor with more than one value is ambiguous",
    ),
    (
        "w.numpy()",
        RuntimeError,
        "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.",
    ),
    ("gv.ones(3)[::-1]", ValueError, "step must be greater than zero"),
    (
        "gv.ones(3)[gv.tensor([True, False])]",
        IndexError,
        "The shape of the mask [2] at index 0 does not match the shape of the indexed tensor "
        "[3] at index 0",
    ),
    (
        "gv.ones(3).gather(0, gv.ones(1))",
        RuntimeError,
        "gather(): Expected dtype int32/int64 for index",
    ),
    (
        "gv.ones(3)[gv.ones(1)]",
        IndexError,
        "tensors used as indices must be long, int, byte or bool tensors",
    ),
    ("F.cross_entropy(gv.ones(1, 3), gv.tensor([3]))", IndexError, "Target 3 is out of bounds."),
    (
        "F.cross_entropy(gv.ones(2, 3), gv.tensor([0, 1, 2]))",
        ValueError,
        "Expected input batch_size (2) to match target batch_size (3).",
    ),
    (
        "F.binary_cross_entropy(gv.tensor([2.0]), gv.tensor([1.0]))",
        RuntimeError,
        "all elements of input should be between 0 and 1",
    ),
    ("f32.retain_grad()", RuntimeError, "can't retain_grad on Tensor that has requires_grad=False"),
    (
        "set_grad(w, gv.ones(3))",
        RuntimeError,
        "attempting to assign a gradient of size '[3]' to a tensor of size '[2]'. Please "
        "ensure that the gradient and the tensor are the same size",
    ),
    (
        "set_grad(w, gv.ones(2, dtype=gv.float64))",
        RuntimeError,
        "attempting to assign a gradient with dtype 'double' to a tensor with grad_dtype "
        "'Float'. The gradient must match the tensor's grad_dtype (defaults to the tensor's "
        "dtype). You can set the tensor's grad_dtype attribute with a specific dtype, or "
        "None to allow any dtype. Set grad_dtype with caution. Diverging the dtypes of a "
        "tensor and its gradient may break downstream systems that assume they match.",
    ),
    (
        "gv.einsum('ij->l', gv.ones(2, 2))",
        RuntimeError,
        "einsum(): output subscript l does not appear in the equation for any input operand",
    ),
    (
        "gv.einsum('ij,jk', gv.ones(2, 3), gv.ones(4, 2))",
        RuntimeError,
        "einsum(): subscript j has size 4 for operand 1 which does not broadcast with "
        "previously seen size 3",
    ),
    (
        "gv.einsum('ijk', gv.ones(2, 2))",
        RuntimeError,
        "einsum(): the number of subscripts in the equation (3) does not match the number of "
        "dimensions (2) for operand 0 and no ellipsis was given",
    ),
]


@pytest.mark.parametrize(("text", "expected"), TYPES)
def test_type(evaluated: Callable[[str], Any], text: str, expected: str) -> None:
    assert evaluated(text).dtype is getattr(gv, expected)


@pytest.mark.parametrize(("text", "kind", "message"), ERRORS, ids=[e[0] for e in ERRORS])
def test_error(
    evaluated: Callable[[str], Any], text: str, kind: type[Exception], message: str
) -> None:
    with pytest.raises(kind) as caught:
        evaluated(text)
    assert str(caught.value).partition("\n")[0] == message
