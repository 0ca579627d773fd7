"""What a module knows of itself: registration, state, hooks, modes, and how it is shown."""

import copy

import numpy as np
import pytest

import gradviz as gv
from gradviz import nn


class Scaled(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(gv.ones(width))
        self.register_buffer("scale", gv.tensor(10.0))
        self.register_buffer("spare", gv.tensor(1.0), persistent=False)

    def forward(self, x):
        return (self.weight * x).sum() * self.scale


def network():
    return nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3), nn.ReLU())


def test_parameters_and_buffers_have_full_names_and_come_once():
    net = network()
    names = ["0.weight", "0.bias", "1.weight", "1.bias"]
    assert [n for n, _ in net.named_parameters()] == names
    kept = ["1.running_mean", "1.running_var", "1.num_batches_tracked"]
    assert [n for n, _ in net.named_buffers()] == kept
    twice = nn.ModuleList([net[0], net[0]])
    assert len(list(twice.parameters())) == 2
    assert len(list(twice.named_parameters(remove_duplicate=False))) == 4


def test_buffers_that_are_not_persistent_stay_out_of_the_state():
    assert list(Scaled(2).state_dict()) == ["weight", "scale"]


def test_state_goes_out_and_comes_back():
    first, second = network(), network()
    assert repr(second.load_state_dict(first.state_dict())) == "<All keys matched successfully>"
    x = gv.ones(4, 2)
    assert second.eval()(x).tolist() == first.eval()(x).tolist()


def test_what_does_not_fit_is_named_in_one_error():
    net = network()
    state = dict(net.state_dict())
    del state["0.weight"]
    state["foo"], state["0.bias"] = gv.zeros(2), gv.zeros(5)
    with pytest.raises(RuntimeError) as problem:
        net.load_state_dict(state)
    assert str(problem.value) == (
        "Error(s) in loading state_dict for Sequential:"
        '\n\tMissing key(s) in state_dict: "0.weight". '
        '\n\tUnexpected key(s) in state_dict: "foo". '
        "\n\tsize mismatch for 0.bias: copying a param with shape torch.Size([5]) from checkpoint, "
        "the shape in current model is torch.Size([3])."
    )
    state["0.bias"] = gv.zeros(3)
    found = net.load_state_dict(state, strict=False)
    assert found == (["0.weight"], ["foo"])


@pytest.mark.parametrize(
    ("act", "kind", "message"),
    [
        (lambda m: m.foo, AttributeError, "'Scaled' object has no attribute 'foo'"),
        (lambda m: m.register_parameter("a.b", None), KeyError, 'contain "."'),
        (lambda m: m.register_buffer("training", None), KeyError, "already exists"),
        (lambda m: m.add_module("q", 3), TypeError, "int is not a Module subclass"),
        (
            lambda m: setattr(m, "weight", gv.zeros(2)), TypeError,
            "cannot assign 'torch.FloatTensor' as parameter 'weight' "
            r"\(torch.nn.Parameter or None expected\)",
        ),
        (lambda m: m.train(3), ValueError, "training mode is expected to be boolean"),
        (lambda m: m.to(gv.int64), TypeError, "only accepts floating point"),
        (lambda m: nn.Module()(1), NotImplementedError, 'missing the required "forward"'),
    ],
)  # fmt: skip
def test_refusals(act, kind, message):
    with pytest.raises(kind, match=message):
        act(Scaled(2))


def test_hooks_before_after_and_behind():
    net, seen = nn.Linear(2, 2), []
    handles = [
        net.register_forward_pre_hook(lambda m, args: (args[0] * 2,)),
        net.register_forward_hook(lambda m, args, out: out + 1),
        net.register_full_backward_hook(lambda m, gi, go: seen.append((gi[0], go[0]))),
    ]
    x = gv.ones(1, 2).requires_grad_()
    out = net(x)
    plain = x.detach() * 2 @ net.weight.detach().T + net.bias.detach() + 1
    assert out.tolist() == plain.tolist()
    out.sum().backward()
    (given, arrived) = seen[0]
    assert arrived.tolist() == [[1, 1]]
    np.testing.assert_allclose(given.numpy(), net.weight.detach().numpy().sum(0)[None], rtol=1e-6)
    for handle in handles:
        handle.remove()
    assert net(x).tolist() != out.tolist()


def test_a_backward_hook_can_change_what_goes_to_the_inputs():
    net = nn.Linear(2, 1)
    net.register_full_backward_hook(lambda m, gi, go: (gi[0] * 0 + 5,))
    x = gv.ones(1, 2).requires_grad_()
    net(x).sum().backward()
    assert x.grad.tolist() == [[5, 5]]
    assert net.weight.grad.tolist() == [[1, 1]]


def test_modes_types_and_gradients_reach_all_within():
    net = network().double()
    assert {p.dtype for p in net.parameters()} == {gv.float64}
    assert net[1].num_batches_tracked.dtype is gv.int64
    net(gv.ones(3, 2, dtype=gv.float64) * gv.tensor([[1.0], [2.0], [4.0]])).sum().backward()
    assert net[0].weight.grad is not None
    net.zero_grad()
    assert net[0].weight.grad is None
    assert not net.eval()[1].training
    assert not any(p.requires_grad for p in net.requires_grad_(False).parameters())


def test_copies_are_apart():
    net = network()
    other = copy.deepcopy(net)
    with gv.no_grad():
        other[0].weight.zero_()
    assert net[0].weight.abs().sum().item() > 0
    assert isinstance(other[0].weight, nn.Parameter)


def test_parameters_give_plain_tensors():
    weight = nn.Parameter(gv.ones(2))
    assert weight.is_leaf and weight.requires_grad
    for made in (weight * 2, weight.detach(), weight.data, weight[0]):
        assert type(made) is gv.Tensor
    assert repr(weight) == "Parameter containing:\ntensor([1., 1.], requires_grad=True)"


def test_containers_are_lists_and_mappings():
    layers = nn.ModuleList([nn.ReLU(), nn.ReLU(), nn.Linear(1, 1)])
    assert repr(layers) == (
        "ModuleList(\n  (0-1): 2 x ReLU()\n"
        "  (2): Linear(in_features=1, out_features=1, bias=True)\n)"
    )
    layers.insert(0, nn.Tanh())
    assert len(layers) == 4 and isinstance(layers[-1], nn.Linear)
    del layers[0]
    assert [type(m).__name__ for m in layers] == ["ReLU", "ReLU", "Linear"]
    with pytest.raises(IndexError, match="index 5 is out of range"):
        layers[5]
    held = nn.ParameterDict({"a": gv.ones(2)})
    assert isinstance(held["a"], nn.Parameter) and "a" in held


def test_repr_is_pytorchs():
    assert repr(network()) == (
        "Sequential(\n  (0): Linear(in_features=2, out_features=3, bias=True)\n"
        "  (1): BatchNorm1d(3, eps=1e-05, momentum=0.1, affine=True, bias=True, "
        "track_running_stats=True)\n  (2): ReLU()\n)"
    )


def test_clipping_and_vectors():
    net = nn.Linear(2, 1)
    net(gv.tensor([[3.0, 4.0]])).sum().backward()
    size = nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    assert size.item() == pytest.approx(26**0.5)
    left = sum((p.grad**2).sum().item() for p in net.parameters())
    assert left == pytest.approx(1, rel=1e-5)
    nn.utils.clip_grad_value_(net.parameters(), 0.1)
    assert max(p.grad.abs().max().item() for p in net.parameters()) == pytest.approx(0.1)
    vector = nn.utils.parameters_to_vector(net.parameters())
    assert tuple(vector.shape) == (3,)
    nn.utils.vector_to_parameters(vector.detach() * 2, net.parameters())
    np.testing.assert_allclose(
        nn.utils.parameters_to_vector(net.parameters()).detach().numpy(),
        2 * vector.detach().numpy(),
    )
