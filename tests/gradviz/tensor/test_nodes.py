"""The nodes of the tape: what they keep, metadata, and hooks on them."""

from typing import Any

import pytest

import gradviz

gv: Any = gradviz


def leaf(*values: float) -> Any:
    return gv.tensor(values, requires_grad=True)


def test_what_a_record_keeps_goes_by_names_of_pytorch() -> None:
    x = leaf(1.0, 2.0)
    assert (x * 3).grad_fn._saved_other == 3
    assert (x**2).grad_fn._saved_exponent == 2
    assert (x**2).grad_fn._saved_self is x
    assert x.softmax(0).grad_fn._saved_dim == 0
    assert x.sum().grad_fn._saved_self_sym_sizes == (2,)
    y = x.exp()
    assert y.grad_fn._saved_result.equal(y)
    with pytest.raises(
        AttributeError, match="'SumBackward0' object has no attribute '_saved_self'"
    ):
        _ = x.sum().grad_fn._saved_self


def test_metadata_stays_with_its_node() -> None:
    node = (leaf(1.0) * 2).grad_fn
    node.metadata["seen"] = 1
    assert node.metadata == {"seen": 1}
    assert node.next_functions[0][0].metadata == {}


def test_hooks_see_and_change_what_passes() -> None:
    x = leaf(1.0, 2.0)
    y = x * 3
    seen: list[Any] = []
    before = y.grad_fn.register_prehook(lambda grads: (grads[0] * 10,))
    after = y.grad_fn.register_hook(lambda inputs, grads: seen.append((inputs, grads)))
    y.sum().backward()
    ((inputs, grads),) = seen
    assert (inputs[0].tolist(), inputs[1], grads[0].tolist()) == ([30.0, 30.0], None, [10.0, 10.0])
    assert x.grad.tolist() == [30.0, 30.0]
    before.remove()
    after.remove()
    (alone,) = gv.autograd.grad((x * 3).sum(), [x])
    assert alone.tolist() == [3.0, 3.0]


def test_a_hook_after_a_node_replaces_what_it_sends() -> None:
    a, b = leaf(1.0), leaf(2.0)
    y = a * b
    y.grad_fn.register_hook(lambda inputs, grads: (inputs[0] * 100, None))
    y.sum().backward()
    assert (a.grad.tolist(), b.grad) == ([200.0], None)


def test_hooks_stay_on_a_recorded_pass() -> None:
    x = leaf(2.0)
    y = x**3
    y.grad_fn.register_hook(lambda inputs, grads: (inputs[0] * 2, *inputs[1:]))
    (first,) = gv.autograd.grad(y.sum(), x, create_graph=True)
    (second,) = gv.autograd.grad(first.sum(), x)
    assert (first.tolist(), second.tolist()) == ([24.0], [24.0])


def test_leaves_have_nodes_with_hooks_too() -> None:
    x = leaf(1.0)
    node = (x * 2).grad_fn.next_functions[0][0]
    seen: list[Any] = []
    node.register_prehook(lambda grads: (grads[0] * 5,))
    node.register_hook(lambda inputs, grads: seen.append((inputs, grads[0].tolist())))
    (x * 2).sum().backward()
    assert x.grad.tolist() == [10.0]
    assert seen == [((), [10.0])]


def test_a_wrong_number_of_gradients_is_refused() -> None:
    y = leaf(1.0) * 2
    y.grad_fn.register_hook(lambda inputs, grads: (inputs[0],))
    with pytest.raises(RuntimeError, match="incorrect number of values: got 1, but expected 2"):
        y.sum().backward()


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda x: x.sum(), "SumBackward0"),
        (lambda x: x.sum(0), "SumBackward1"),
        (lambda x: x.mean(0), "MeanBackward1"),
        (lambda x: x.fmod(2), "FmodBackward0"),
        (lambda x: x.fmod(gv.ones(2)), "FmodBackward1"),
        (lambda x: x.median(0).values, "MedianBackward1"),
        (lambda x: x.log1p(), "Log1PBackward0"),
        (lambda x: x.deg2rad(), "Deg2RadBackward0"),
    ],
)
def test_records_are_named_by_how_they_were_called(call: Any, name: str) -> None:
    assert call(leaf(1.0, 2.0)).grad_fn.name() == name
