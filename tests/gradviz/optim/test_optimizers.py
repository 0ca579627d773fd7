"""Each optimizer against its rule as PyTorch documents it, written out here with plain floats."""

import math
from typing import Any

import numpy as np
import pytest

import gradviz
from gradviz.optim import OPTIMIZERS, SGD, Adagrad, Adam, RMSprop
from gradviz.optim.lr_scheduler import CosineAnnealingLR, StepLR

# Methods and operators of tensors are bound when gradviz is imported; checkers see none.
tensor: Any = gradviz.tensor
STEPS = 12
GIVEN_GRADIENTS = {n: o for n, o in OPTIMIZERS.items() if not o.needs_closure}


def slope(x):
    return 4 * (x - 0.3) ** 3 + x


def walked(make, steps=STEPS):
    """Where an optimizer takes one number down (x − 0.3)⁴ + x²/2."""
    x = tensor(1.5, dtype=gradviz.float64, requires_grad=True)
    optimizer = make([x])
    found = [x.item()]
    for _ in range(steps):
        optimizer.zero_grad()
        ((x - 0.3) ** 4 + x**2 / 2).backward()
        optimizer.step()
        found.append(x.item())
    return found


def by_hand(step, steps=STEPS):
    """The same by a function of the number, its slope, its memory and the step's number."""
    x, memory, found = 1.5, {}, [1.5]
    for t in range(1, steps + 1):
        x = step(x, slope(x), memory, t)
        found.append(x)
    return found


def test_plain_descent():
    expected = by_hand(lambda x, g, m, t: x - 0.05 * g)
    np.testing.assert_allclose(walked(lambda p: SGD(p, lr=0.05)), expected, rtol=1e-12)


@pytest.mark.parametrize(("dampening", "nesterov"), [(0.0, False), (0.4, False), (0.0, True)])
def test_momentum(dampening, nesterov):
    def step(x, g, memory, t):
        g += 0.1 * x
        v = memory["v"] = g if t == 1 else 0.9 * memory["v"] + (1 - dampening) * g
        return x - 0.02 * (g + 0.9 * v if nesterov else v)

    found = walked(
        lambda p: SGD(
            p, lr=0.02, momentum=0.9, dampening=dampening, nesterov=nesterov, weight_decay=0.1
        )
    )
    np.testing.assert_allclose(found, by_hand(step), rtol=1e-12)


@pytest.mark.parametrize("amsgrad", [False, True])
def test_adam(amsgrad):
    def step(x, g, memory, t):
        m = memory["m"] = 0.8 * memory.get("m", 0.0) + 0.2 * g
        v = memory["v"] = 0.95 * memory.get("v", 0.0) + 0.05 * g * g
        top = memory["top"] = max(memory.get("top", 0.0), v) if amsgrad else v
        return x - 0.1 * (m / (1 - 0.8**t)) / (math.sqrt(top / (1 - 0.95**t)) + 1e-6)

    found = walked(lambda p: Adam(p, lr=0.1, betas=(0.8, 0.95), eps=1e-6, amsgrad=amsgrad))
    np.testing.assert_allclose(found, by_hand(step), rtol=1e-10)


@pytest.mark.parametrize("centered", [False, True])
@pytest.mark.parametrize("momentum", [0.0, 0.5])
def test_rmsprop(centered, momentum):
    def step(x, g, memory, t):
        s = memory["s"] = 0.9 * memory.get("s", 0.0) + 0.1 * g * g
        a = memory["a"] = 0.9 * memory.get("a", 0.0) + 0.1 * g
        way = g / (math.sqrt(s - a * a if centered else s) + 1e-8)
        b = memory["b"] = momentum * memory.get("b", 0.0) + way
        return x - 0.03 * b

    found = walked(lambda p: RMSprop(p, lr=0.03, alpha=0.9, centered=centered, momentum=momentum))
    np.testing.assert_allclose(found, by_hand(step), rtol=1e-10)


def test_adagrad():
    def step(x, g, memory, t):
        s = memory["s"] = memory.get("s", 0.3) + g * g
        return x - 0.4 / (1 + (t - 1) * 0.05) * g / (math.sqrt(s) + 1e-10)

    found = walked(lambda p: Adagrad(p, lr=0.4, lr_decay=0.05, initial_accumulator_value=0.3))
    np.testing.assert_allclose(found, by_hand(step), rtol=1e-12)


@pytest.mark.parametrize("kind", GIVEN_GRADIENTS.values(), ids=GIVEN_GRADIENTS)
def test_maximize_climbs_as_far_as_the_other_falls(kind):
    x, y = (tensor(1.0, requires_grad=True) for _ in range(2))
    down, up = kind([x], lr=0.1), kind([y], lr=0.1, maximize=True)
    (x * 2.0).backward()
    (y * -2.0).backward()
    down.step()
    up.step()
    assert x.item() < 1.0
    assert y.item() == pytest.approx(x.item())


@pytest.mark.parametrize("kind", GIVEN_GRADIENTS.values(), ids=GIVEN_GRADIENTS)
def test_a_parameter_without_a_gradient_stays(kind):
    x = tensor(1.0, requires_grad=True)
    kind([x], lr=0.1).step()
    assert x.item() == 1.0


@pytest.mark.parametrize("kind", GIVEN_GRADIENTS.values(), ids=GIVEN_GRADIENTS)
def test_a_saved_state_goes_on_as_the_one_that_was_never_saved(kind):
    whole, first, second = (tensor(1.5, requires_grad=True) for _ in range(3))

    def steps(x, optimizer, count):
        for _ in range(count):
            optimizer.zero_grad()
            (x**4).backward()
            optimizer.step()

    steps(whole, kind([whole], lr=0.01), 6)
    begun = kind([first], lr=0.01)
    steps(first, begun, 3)
    second.detach().copy_(first.detach())
    resumed = kind([second], lr=0.5)
    resumed.load_state_dict(begun.state_dict())
    steps(second, resumed, 3)
    assert second.item() == whole.item()


def test_groups_have_settings_of_their_own():
    x, y = (tensor(1.0, requires_grad=True) for _ in range(2))
    optimizer = SGD([{"params": [x]}, {"params": [y], "lr": 0.5}], lr=0.1)
    (x + y).backward()
    optimizer.step()
    assert (x.item(), y.item()) == (pytest.approx(0.9), pytest.approx(0.5))


def test_a_closure_is_run_first_and_its_loss_returned():
    x = tensor(3.0, requires_grad=True)
    optimizer = SGD([x], lr=0.1)

    def closure():
        optimizer.zero_grad()
        loss = x**2
        loss.backward()
        return loss

    assert optimizer.step(closure).item() == 9.0
    assert x.item() == pytest.approx(2.4)


def test_zero_grad_forgets_or_fills_with_zeros():
    x = tensor(1.0, requires_grad=True)
    optimizer = SGD([x], lr=0.1)
    (x * 2.0).backward()
    optimizer.zero_grad(set_to_none=False)
    assert x.grad.item() == 0.0
    optimizer.zero_grad()
    assert x.grad is None


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda p: SGD(p, lr=-0.1), "Invalid learning rate: -0.1"),
        (lambda p: SGD(p, lr=0.1, momentum=-1.0), "Invalid momentum value: -1.0"),
        (lambda p: SGD(p, lr=0.1, weight_decay=-1.0), "Invalid weight_decay value: -1.0"),
        (lambda p: SGD(p, lr=0.1, nesterov=True), "Nesterov momentum requires a momentum"),
        (lambda p: Adam(p, betas=(1.0, 0.9)), "Invalid beta parameter at index 0: 1.0"),
        (lambda p: Adam(p, eps=-1.0), "Invalid epsilon value: -1.0"),
        (lambda p: SGD([]), "optimizer got an empty parameter list"),
        (lambda p: SGD([p[0] * 2.0]), "can't optimize a non-leaf Tensor"),
    ],
)
def test_settings_that_make_no_sense_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make([tensor(1.0, requires_grad=True)])


def test_unknown_settings_and_things_that_are_no_tensors_are_refused():
    x = tensor(1.0, requires_grad=True)
    with pytest.raises(TypeError, match="unexpected keyword argument 'speed'"):
        SGD([x], speed=1.0)
    with pytest.raises(TypeError, match="can only optimize Tensors, but one of the params is int"):
        SGD([1])
    with pytest.raises(TypeError, match="should be an iterable of Tensors"):
        SGD(x)


def rates(schedule, steps):
    x = tensor(1.0, requires_grad=True)
    optimizer = SGD([x], lr=0.8)
    scheduler = schedule(optimizer)
    found = [optimizer.param_groups[0]["lr"]]
    for _ in range(steps):
        optimizer.step()
        scheduler.step()
        found.append(scheduler.get_last_lr()[0])
    return found


def test_step_lr():
    found = rates(lambda o: StepLR(o, step_size=3, gamma=0.5), 7)
    np.testing.assert_allclose(found, [0.8, 0.8, 0.8, 0.4, 0.4, 0.4, 0.2, 0.2])


def test_cosine_annealing_falls_and_rises_again():
    found = rates(lambda o: CosineAnnealingLR(o, T_max=5, eta_min=0.1), 12)
    expected = [0.1 + 0.7 * (1 + math.cos(math.pi * k / 5)) / 2 for k in range(13)]
    np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_a_rate_set_by_hand_is_followed():
    x = tensor(1.0, requires_grad=True)
    optimizer = SGD([x], lr=0.8)
    scheduler = StepLR(optimizer, step_size=2, gamma=0.1)
    optimizer.param_groups[0]["lr"] = 0.5
    optimizer.step()
    scheduler.step()
    scheduler.step()
    assert optimizer.param_groups[0]["lr"] == pytest.approx(0.05)
