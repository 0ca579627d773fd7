"""What an optimizer does to one parameter, as values: the steps of its ``update``, in order.

Numbers that change from step to step and depend on nothing but its count and the learning rates
(a correction for having started at zero, a falling rate) are worked out beforehand, as the
optimizer's own code does, and read from a table in the loop. What depends on the learning rate
alone is given to the loop with each call, so that another rate is no other program.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gradviz.optim import OPTIMIZERS
from gradviz.optim.optimizer import counter
from gradviz.plan.outline import PlanError
from gradviz.plan.values import Builder, Value

Settings = Mapping[str, Any]
State = dict[str, Value]
Number = Any
"""A Python number, or the value of one that changes from step to step."""
Column = Callable[[float, Sequence[float]], float]
"""A number in step ``t``, counted from 1, given the learning rate of each step so far."""


class Steps:
    """An optimizer's numbers: ``columns`` has those that change, in the order they are read.

    ``given``: those that the learning rate alone decides, where no schedule moves it; likewise.
    """

    def __init__(self, builder: Builder, settings: Settings, scheduled: bool) -> None:
        self.builder = builder
        self.settings = settings
        self.scheduled = scheduled
        self.columns: list[Column] = []
        self.given: list[Callable[[float], float]] = []
        self.kept: dict[str, Value] = {}

    def changing(self, name: str, column: Column) -> Value:
        """A number that is another in each step; the one of that name, where there is one."""
        if name not in self.kept:
            self.kept[name] = self.builder.weak(f"T{len(self.columns)}[k]", 1.0)
            self.columns.append(column)
        return self.kept[name]

    def of_rate(self, name: str, formula: Callable[[float], float]) -> Value:
        """A number that changes only with the learning rate."""
        if self.scheduled:
            return self.changing(name, lambda t, rates: formula(rates[int(t) - 1]))
        if name not in self.kept:
            self.kept[name] = self.builder.weak(f"L{len(self.given)}", 1.0)
            self.given.append(formula)
        return self.kept[name]

    @property
    def rate(self) -> Value:
        """The learning rate."""
        return self.of_rate("lr", float)


def full_settings(optimizer: str, given: Settings) -> dict[str, Any]:
    """An optimizer's settings with what is not given at its default; PlanError for an unknown."""
    if optimizer not in UPDATES:
        raise PlanError(f"{optimizer} runs in no plan; those that do are {', '.join(UPDATES)}")
    defaults = {s.name: s.default for s in OPTIMIZERS[optimizer].settings}
    unknown = given.keys() - defaults.keys()
    if unknown:
        raise PlanError(f"{optimizer} has no setting '{min(unknown)}'")
    return {**defaults, **given}


def state_names(optimizer: str, settings: Settings) -> dict[str, float]:
    """What an optimizer keeps for each parameter, and what it is before the first step."""
    if optimizer == "Rprop":
        return {"prev": 0.0, "step_size": settings["lr"]}
    if optimizer == "Adagrad":
        return {"sum": float(settings["initial_accumulator_value"])}
    names = {
        "SGD": ["momentum_buffer"] if settings.get("momentum") else [],
        "RMSprop": [
            "square_avg", *(["grad_avg"] if settings.get("centered") else []),
            *(["momentum_buffer"] if settings.get("momentum") else []),
        ],
        "Adadelta": ["square_avg", "acc_delta"],
        "Adamax": ["exp_avg", "exp_inf"],
        "ASGD": ["ax"],
    }  # fmt: skip
    largest = ["max_exp_avg_sq"] if settings.get("amsgrad") else []
    return dict.fromkeys(names.get(optimizer, ["exp_avg", "exp_avg_sq", *largest]), 0.0)


def updated(
    n: Steps, optimizer: str, param: Value, gradient: Value, state: State
) -> tuple[Value, State]:
    """The parameter and its state after a step."""
    b, settings = n.builder, n.settings
    b.node = optimizer
    if settings.get("maximize"):
        gradient = b.make("negative", gradient)
    decay = settings.get("weight_decay", 0.0)
    if decay and (optimizer == "AdamW" or settings.get("decoupled_weight_decay")):
        param = b.make("multiply", param, n.of_rate("decay", lambda lr: 1 - lr * decay))
    elif decay:
        gradient = b.make("add", gradient, b.make("multiply", decay, param))
    return UPDATES[optimizer](n, param, gradient, state)


def sgd(n: Steps, param: Value, g: Value, state: State) -> tuple[Value, State]:
    """The first velocity is the gradient itself."""
    b, s = n.builder, n.settings
    momentum = s["momentum"]
    if momentum:
        kept = b.make("multiply", state["momentum_buffer"], momentum)
        share: Number = 1 - s["dampening"]
        if s["dampening"]:
            later: float = share
            share = n.changing("share", lambda t, _: later if t > 1 else 1.0)
        velocity = b.make("add", kept, b.make("multiply", share, g))
        state = {"momentum_buffer": velocity}
        ahead = b.make("multiply", momentum, velocity)
        g = b.make("add", g, ahead) if s["nesterov"] else velocity
    return b.make("subtract", param, b.make("multiply", n.rate, g)), state


def lerp(b: Builder, start: Value, end: Value, weight: float) -> Value:
    """From ``start`` towards ``end``, from whichever end rounds less."""
    way = b.make("subtract", end, start)
    if weight < 0.5:
        return b.make("add", start, b.make("multiply", weight, way))
    return b.make("subtract", end, b.make("multiply", way, 1 - weight))


def mean_square(b: Builder, square: Value, g: Value, kept: float) -> Value:
    """A running mean of squares."""
    fresh = b.make("multiply", b.make("multiply", 1 - kept, g), g)
    return b.make("add", b.make("multiply", square, kept), fresh)


def means(n: Steps, g: Value, state: State) -> State:
    """Both running means with the gradient taken in."""
    beta1, beta2 = n.settings["betas"]
    mean = lerp(n.builder, state["exp_avg"], g, 1 - beta1)
    if "exp_avg_sq" not in state:
        return {"exp_avg": mean}
    square = mean_square(n.builder, state["exp_avg_sq"], g, beta2)
    return {"exp_avg": mean, "exp_avg_sq": square}


def adam(n: Steps, param: Value, g: Value, state: State) -> tuple[Value, State]:
    """Both means are corrected for having started at zero."""
    b, s, after = n.builder, n.settings, means(n, g, state)
    beta1, beta2 = s["betas"]
    square = after["exp_avg_sq"]
    if s["amsgrad"]:
        square = after["max_exp_avg_sq"] = b.make("maximum", state["max_exp_avg_sq"], square)
    root = n.changing("root", lambda t, _: (1 - beta2**t) ** 0.5)
    rate = n.changing("rate", lambda t, rates: rates[int(t) - 1] / (1 - beta1**t))
    scale = b.make("add", b.make("true_divide", b.make("sqrt", square), root), s["eps"])
    move = b.make("true_divide", b.make("multiply", rate, after["exp_avg"]), scale)
    return b.make("subtract", param, move), after


def adamax(n: Steps, param: Value, g: Value, state: State) -> tuple[Value, State]:
    """``eps`` is added to the gradient's size, not to what divides."""
    b, s, after = n.builder, n.settings, means(n, g, state)
    beta1, beta2 = s["betas"]
    size = b.make("add", b.make("absolute", g), s["eps"])
    largest = b.make("maximum", b.make("multiply", state["exp_inf"], beta2), size)
    rate = n.changing("rate", lambda t, rates: rates[int(t) - 1] / (1 - beta1**t))
    move = b.make("true_divide", b.make("multiply", rate, after["exp_avg"]), largest)
    return b.make("subtract", param, move), {**after, "exp_inf": largest}


class Momenta:
    """NAdam's momentum in each step, and the product of all so far, kept as the optimizer does."""

    def __init__(self, settings: Settings) -> None:
        self.beta: float = settings["betas"][0]
        self.decay: float = settings["momentum_decay"]
        self.products = [counter(1.0)]

    def at(self, t: float) -> float:
        """The momentum of step ``t``."""
        return self.beta * (1.0 - 0.5 * 0.96 ** (t * self.decay))

    def product(self, t: float) -> float:
        """The product of the momenta of the steps up to ``t``."""
        for step in range(len(self.products), int(t) + 1):
            before = self.products[-1]
            self.products.append(before * before.dtype.type(self.at(float(step))))
        return float(self.products[int(t)])


def nadam(n: Steps, param: Value, g: Value, state: State) -> tuple[Value, State]:
    """The gradient's own share and the momentum's are corrected each in its way."""
    b, s, after = n.builder, n.settings, means(n, g, state)
    beta2, momenta = s["betas"][1], Momenta(s)

    def own(t: float, rates: Sequence[float]) -> float:
        return -rates[int(t) - 1] * (1.0 - momenta.at(t)) / (1.0 - momenta.product(t))

    def ahead(t: float, rates: Sequence[float]) -> float:
        later = momenta.at(t + 1)
        return -rates[int(t) - 1] * later / (1.0 - momenta.product(t) * later)

    seen = n.changing("seen", lambda t, _: 1 - beta2**t)
    scale = b.make("sqrt", b.make("true_divide", after["exp_avg_sq"], seen))
    scale = b.make("add", scale, s["eps"])
    for share, part in (("own", own), ("ahead", ahead)):
        by = n.changing(share, part)
        move = b.make("multiply", by, g if part is own else after["exp_avg"])
        param = b.make("add", param, b.make("true_divide", move, scale))
    return param, after


def radam(n: Steps, param: Value, g: Value, state: State) -> tuple[Value, State]:
    """The mean of squares counts only once enough of them were seen."""
    b, s, after = n.builder, n.settings, means(n, g, state)
    beta1, beta2 = s["betas"]
    limit = 2 / (1 - beta2) - 1

    def seen(t: float) -> float:
        return limit - 2 * t * beta2**t / (1 - beta2**t)

    def trust(t: float, _: Sequence[float]) -> float:
        now = seen(t)
        if not now > 5.0:
            return 0.0
        ratio = (now - 4) * (now - 2) * limit / ((limit - 4) * (limit - 2) * now)
        return ratio**0.5

    corrected = n.changing("corrected", lambda t, _: 1 - beta1**t)
    root = n.changing("root", lambda t, _: (1 - beta2**t) ** 0.5)
    share = n.changing("trust", trust)
    move = b.make("multiply", b.make("true_divide", after["exp_avg"], corrected), n.rate)
    scale = b.make("add", b.make("sqrt", after["exp_avg_sq"]), s["eps"])
    scaled = b.make("multiply", move, b.make("true_divide", root, scale))
    scaled = b.make("multiply", scaled, share)
    chosen = b.make("where", b.make("not_equal", share, 0.0), scaled, move)
    return b.make("subtract", param, chosen), after


def rmsprop(n: Steps, param: Value, g: Value, state: State) -> tuple[Value, State]:
    """``eps`` is added outside the root."""
    b, s = n.builder, n.settings
    spread = mean_square(b, state["square_avg"], g, s["alpha"])
    after = {"square_avg": spread}
    if s["centered"]:
        mean = after["grad_avg"] = lerp(b, state["grad_avg"], g, 1 - s["alpha"])
        spread = b.make("subtract", spread, b.make("multiply", mean, mean))
    scale = b.make("add", b.make("sqrt", spread), s["eps"])
    if s["momentum"]:
        kept = b.make("multiply", state["momentum_buffer"], s["momentum"])
        moving = after["momentum_buffer"] = b.make("add", kept, b.make("true_divide", g, scale))
        move = b.make("multiply", n.rate, moving)
    else:
        move = b.make("true_divide", b.make("multiply", n.rate, g), scale)
    return b.make("subtract", param, move), after


def adagrad(n: Steps, param: Value, g: Value, state: State) -> tuple[Value, State]:
    """The sum of squares only grows."""
    b, s = n.builder, n.settings
    total = b.make("add", state["sum"], b.make("multiply", g, g))
    rate, fall = n.rate, s["lr_decay"]
    if fall:
        rate = n.changing("fallen", lambda t, rates: rates[int(t) - 1] / (1 + (t - 1) * fall))
    scale = b.make("add", b.make("sqrt", total), s["eps"])
    move = b.make("true_divide", b.make("multiply", rate, g), scale)
    return b.make("subtract", param, move), {"sum": total}


def adadelta(n: Steps, param: Value, g: Value, state: State) -> tuple[Value, State]:
    """``eps`` is added inside the roots."""
    b, s = n.builder, n.settings
    square = mean_square(b, state["square_avg"], g, s["rho"])
    above = b.make("sqrt", b.make("add", state["acc_delta"], s["eps"]))
    below = b.make("sqrt", b.make("add", square, s["eps"]))
    delta = b.make("multiply", b.make("true_divide", above, below), g)
    after = {"square_avg": square, "acc_delta": mean_square(b, state["acc_delta"], delta, s["rho"])}
    return b.make("subtract", param, b.make("multiply", n.rate, delta)), after


def rprop(n: Steps, param: Value, g: Value, state: State) -> tuple[Value, State]:
    """After a change of sign the gradient counts as zero, once."""
    b, s = n.builder, n.settings
    turn = b.make("sign", b.make("multiply", g, state["prev"]))
    factor: Value = b.constant(turn.dtype.type("nan"))
    for sign, by in ((0, 1.0), (-1, s["etas"][0]), (1, s["etas"][1])):
        number = b.constant(turn.dtype.type(by))
        factor = b.make("where", b.make("equal", turn, sign), number, factor)
    shortest, longest = s["step_sizes"]
    size = b.make("maximum", b.make("multiply", state["step_size"], factor), shortest)
    size = b.make("minimum", size, longest)
    nothing = b.constant(g.dtype.type(0))
    kept = b.make("where", b.make("less", turn, 0), nothing, g)
    move = b.make("multiply", b.make("sign", kept), size)
    return b.make("subtract", param, move), {"prev": kept, "step_size": size}


def asgd(n: Steps, param: Value, g: Value, state: State) -> tuple[Value, State]:
    """The length of a step is settled at the end of the one before."""
    b, s = n.builder, n.settings
    lambd, power, begin = s["lambd"], s["alpha"], s["t0"]

    def eta(t: float, rates: Sequence[float]) -> float:
        if t == 1:
            return float(counter(rates[0]))
        rate = rates[int(t) - 2]
        return float(counter(rate / (1 + lambd * rate * (t - 1)) ** power))

    def shrinking(t: float, rates: Sequence[float]) -> float:
        return 1 - lambd * eta(t, rates)

    def mean_share(t: float, _: Sequence[float]) -> float:
        return float(counter(1.0 if t == 1 else 1 / max(1, t - 1 - begin)))

    param = b.make("multiply", param, n.changing("shrinking", shrinking))
    param = b.make("subtract", param, b.make("multiply", n.changing("eta", eta), g))
    share, mean = n.changing("share", mean_share), state["ax"]
    nearer = b.make("add", mean, b.make("multiply", b.make("subtract", param, mean), share))
    mean = b.make("where", b.make("equal", share, 1.0), param, nearer)
    return param, {"ax": mean}


UPDATES: Mapping[str, Callable[[Steps, Value, Value, State], tuple[Value, State]]] = {
    "SGD": sgd, "Adam": adam, "AdamW": adam, "NAdam": nadam, "RAdam": radam, "Adamax": adamax,
    "RMSprop": rmsprop, "Adagrad": adagrad, "Adadelta": adadelta, "Rprop": rprop, "ASGD": asgd,
}  # fmt: skip
"""By optimizer: the parameter after a step, and what is kept."""
