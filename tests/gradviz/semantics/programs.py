"""Programs of several lines, by the names under which recorded expressions call them."""

from __future__ import annotations

import copy
import warnings
from typing import Any

import gradviz
import gradviz.nn.functional as F
from gradviz import optim

gv: Any = gradviz


def once(run: Any, value: Any) -> Any:
    """The gradient that a function leaves in a new leaf."""
    leaf = gv.tensor(value, requires_grad=True)
    run(leaf)
    return leaf.grad


def pair(*values: float) -> Any:
    """A leaf that requires its gradient."""
    return gv.tensor(values, requires_grad=True)


def grad_of_itself() -> Any:
    """The gradient of a tensor with respect to itself."""
    y = (pair(1.0) * 2).sum()
    return gv.autograd.grad(y, y)[0]


def accumulated(retain: bool) -> Any:
    """What two passes through one graph leave."""
    x = gv.tensor(2.0, requires_grad=True)
    y = x**2
    y.backward(retain_graph=retain)
    y.backward()
    return x.grad


def second_through_add() -> Any:
    """Two passes through what keeps nothing."""
    x = gv.tensor(2.0, requires_grad=True)
    y = x + 1
    y.backward()
    y.backward()
    return x.grad


def leaf_backward() -> Any:
    """A pass from a leaf itself."""
    return once(lambda x: x.backward(), 1.0)


def one_element_backward() -> Any:
    """A pass from a vector of one element."""
    return once(lambda x: (x * 2).backward(), [3.0])


def modified_add_input() -> Any:
    """An addition does not mind that its input is overwritten."""
    x = pair(1.0, 2.0)
    y = x * 1
    z = (y + 1).sum()
    y.mul_(5)
    z.backward()
    return x.grad


def setitem_gradient() -> Any:
    """What is overwritten gets no gradient."""
    x = pair(1.0, 2.0)
    y = x * 1
    y[0] = 5
    y.sum().backward()
    return x.grad


def through_a_view() -> Any:
    """A write through a view reaches its base and its gradient."""
    x = pair(1.0, 2.0)
    y = x * 1
    y[0].mul_(10)
    y.sum().backward()
    return y, x.grad


def versions() -> Any:
    """How often memory was written to."""
    x = gv.ones(2)
    before = x._version
    x.add_(1).mul_(2)
    return before, x._version


def spoilt_by_detach() -> None:
    """A write through detach() is noticed."""
    y = pair(1.0, 2.0).exp()
    y.detach().zero_()
    y.sum().backward()


def by_data() -> Any:
    """A write through .data is not."""
    x = pair(1.0, 2.0)
    y = x.exp()
    y.data.zero_()
    y.sum().backward()
    return x.grad


def under_no_grad() -> Any:
    """A leaf may be written to where nothing is recorded."""
    x = pair(1.0, 2.0)
    with gv.no_grad():
        x.add_(1)
    return x, x.requires_grad


def indexed_add() -> Any:
    """A repeated index adds once."""
    x = gv.zeros(3)
    x[[0, 0, 1]] += 1
    return x


def scattered() -> Any:
    """The last of several writes to one place stays."""
    x = gv.zeros(3)
    return x.scatter(0, gv.tensor([0, 0, 1]), gv.tensor([1.0, 2, 3]))


def batch_statistics() -> Any:
    """Batch norm normalises by the biased variance, and keeps the unbiased one."""
    mean, var = gv.zeros(1), gv.ones(1)
    x = gv.tensor([[1.0], [3.0]])
    return F.batch_norm(x, mean, var, training=True), mean, var


def retained() -> Any:
    """Gradients of what is no leaf, where asked for."""
    x = gv.tensor(2.0, requires_grad=True)
    y = x * 3
    y.retain_grad()
    (y * y).backward()
    return y.grad, x.grad


def accumulation() -> Any:
    """Gradients add up over passes."""
    x = gv.tensor(2.0, requires_grad=True)
    (x**2).backward()
    (x**3).backward()
    return x.grad


def same_gradient_tensor() -> Any:
    """They are added up in one tensor."""
    x = gv.tensor(2.0, requires_grad=True)
    (x**2).backward()
    first = x.grad
    (x * 4).backward()
    return first is x.grad, first


def zeroed() -> Any:
    """Gradients are dropped, or filled with zeros."""
    x = pair(1.0)
    optimizer = optim.SGD([x], lr=0.1)
    x.sum().backward()
    optimizer.zero_grad()
    dropped = x.grad
    x.sum().backward()
    optimizer.zero_grad(set_to_none=False)
    return dropped, x.grad


def momentum() -> Any:
    """A gradient of 0 still moves by momentum; none at all does not."""
    x = gv.tensor(1.0, requires_grad=True)
    optimizer = optim.SGD([x], lr=0.1, momentum=0.9)
    x.grad = gv.tensor(1.0)
    optimizer.step()
    x.grad = gv.tensor(0.0)
    optimizer.step()
    moved = x.item()
    x.grad = None
    optimizer.step()
    return moved, x.item()


def detached_memory() -> Any:
    """A detached tensor is on the same memory."""
    x = pair(1.0, 2.0)
    y = x.detach()
    y[0] = 9
    return x, y.requires_grad, y.is_leaf


def recording_off() -> Any:
    """What no_grad and enable_grad do."""
    x = pair(1.0)
    with gv.no_grad():
        y = x * 2
        made = gv.ones(1, requires_grad=True)
        with gv.enable_grad():
            z = x * 2
    return y.requires_grad, y.grad_fn, y.is_leaf, made.requires_grad, z.requires_grad


def used_after_inference() -> Any:
    """A tensor of inference mode cannot be kept for a pass."""
    with gv.inference_mode():
        x = gv.ones(2)
    return pair(1.0, 2.0) * x


def twice_differentiated() -> Any:
    """A gradient that is differentiated again."""
    x = gv.tensor(2.0, requires_grad=True)
    (first,) = gv.autograd.grad(x**3, x, create_graph=True)
    (second,) = gv.autograd.grad(first, x)
    return first, second, first.requires_grad


def twice_without_graph() -> None:
    """A gradient that was not recorded."""
    x = gv.tensor(2.0, requires_grad=True)
    (first,) = gv.autograd.grad(x**3, x)
    first.backward()


def scaled_by_hook() -> Any:
    """A hook changes the gradient until it is removed."""
    x = gv.tensor(2.0, requires_grad=True)
    handle = x.register_hook(lambda g: g * 10)
    (x**2).backward()
    scaled = x.grad.item()
    handle.remove()
    x.grad = None
    (x**2).backward()
    return scaled, x.grad


def hook_order() -> Any:
    """Hooks run as the pass arrives; a leaf's sees the whole."""
    seen: list[Any] = []
    x = gv.tensor(2.0, requires_grad=True)
    x.register_hook(lambda g: seen.append(("x", g.item())))
    y = x * 3
    y.register_hook(lambda g: seen.append(("y", g.item())))
    (y * y + x).backward()
    return seen


def hook_after_accumulation() -> Any:
    """A hook that runs when .grad is there."""
    seen: list[float] = []
    x = gv.tensor(2.0, requires_grad=True)
    x.register_post_accumulate_grad_hook(lambda t: seen.append(t.grad.item()))
    (x**2).backward()
    return seen


def hooked(hook: Any) -> None:
    """A pass with a hook."""
    x = pair(1.0, 2.0)
    x.register_hook(hook)
    x.sum().backward()


def nodes_behind() -> Any:
    """Names of records, and what they keep."""
    a, b = gv.tensor(2.0, requires_grad=True), gv.tensor(3.0, requires_grad=True)
    node = (a * b + a * a).grad_fn
    behind = [n.name() for n, _ in node.next_functions]
    product = node.next_functions[0][0]
    return node.name(), behind, product._saved_self, [n.name() for n, _ in product.next_functions]


def saved_after_free() -> Any:
    """What was kept is gone after a pass."""
    y = pair(1.0).exp()
    y.sum().backward()
    return y.grad_fn._saved_result


def names_of_nodes() -> Any:
    """What records are called."""
    x = gv.ones(2, 2, requires_grad=True)
    v = gv.ones(2, requires_grad=True)
    made = [
        x + 1, x * 2, x - 1, -x, x / 2, x**2, x ** gv.ones(2), v @ v, x.sum(), x.mean(), x.exp(),
        x.relu(), x.view(4), x[0], x.clone(), x.max(), x.max(0)[0], x.softmax(0), gv.cat([x, x]),
        gv.stack([x, x]), gv.where(x > 0, x, x), x.unsqueeze(0), x.std(), x.double(), x.t(),
        F.mse_loss(x, x.detach()), F.nll_loss(x, gv.tensor([0, 1])),
    ]  # fmt: skip
    return [m.grad_fn.name() for m in made]


def sum_of_powers(x: Any) -> Any:
    """A diamond in a diamond: 8x."""
    for _ in range(3):
        x = x + x
    return x


def deep_chain() -> Any:
    """A pass through many records needs no recursion."""
    x = gv.tensor(1.0, requires_grad=True)
    y = x
    for _ in range(20_000):
        y = y * 1.00001
    y.backward()
    return x.grad


def deep_copied(value: Any) -> Any:
    """A deep copy."""
    return copy.deepcopy(value)


def copies_require() -> Any:
    """Whether copies require a gradient."""
    y = pair(1.0) * 2
    return y.clone().requires_grad, y.detach().requires_grad, y.detach().clone().is_leaf


def too_many_gradients() -> None:
    """A function of its own that returns a gradient too many."""

    class Sq(gv.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            return x * x

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            return g, g

    Sq.apply(pair(1.0)).sum().backward()


def misshapen_gradient() -> None:
    """A function of its own that returns a gradient of another shape."""

    class Sh(gv.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            return x * x

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            return gv.ones(3)

    Sh.apply(pair(1.0, 2.0)).sum().backward()


def anomaly_on() -> Any:
    """A block in which passes are watched."""
    with gv.autograd.detect_anomaly():
        return gv.ones(1)


def anomalous() -> None:
    """A pass that meets nan where it is watched."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with gv.autograd.detect_anomaly():
            (gv.sqrt(pair(-1.0)) * 1).sum().backward()


def kinds_of_gradients() -> Any:
    """A gradient is of its input's type."""
    a, b = gv.ones(2, requires_grad=True), gv.ones(2, dtype=gv.float64, requires_grad=True)
    (a * b).sum().backward()
    return str(a.grad.dtype), str(b.grad.dtype)


def shapes_of_einsum_gradients() -> Any:
    """Shapes of the gradients of a product of stacks."""
    a, b = gv.ones(2, 3, 4, requires_grad=True), gv.ones(2, 4, 5, requires_grad=True)
    gv.einsum("bij,bjk->bik", a, b).sum().backward()
    return list(a.grad.shape), list(b.grad.shape)


def set_flag(value: Any) -> None:
    """Have a tensor require its gradient."""
    value.requires_grad = True


def turn_off(value: Any) -> None:
    """Have a tensor no longer require its gradient."""
    value.requires_grad = False


def set_item(value: Any) -> None:
    """Write to a part."""
    value[0] = 1
