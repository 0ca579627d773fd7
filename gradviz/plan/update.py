"""What an optimizer does to one parameter, as values: the steps of its ``update``, in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gradviz.optim import OPTIMIZERS
from gradviz.plan.trace import PlanError
from gradviz.plan.values import Builder, Value

Settings = Mapping[str, Any]
State = dict[str, Value]


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
    if optimizer == "SGD":
        return {"momentum_buffer": 0.0} if settings["momentum"] else {}
    if optimizer == "Adagrad":
        return {"sum": float(settings["initial_accumulator_value"])}
    if optimizer == "RMSprop":
        names = ["square_avg", *(["grad_avg"] if settings["centered"] else [])]
        return dict.fromkeys([*names, *(["momentum_buffer"] if settings["momentum"] else [])], 0.0)
    names = ["exp_avg", "exp_avg_sq", *(["max_exp_avg_sq"] if settings["amsgrad"] else [])]
    return dict.fromkeys(names, 0.0)


def updated(
    b: Builder, optimizer: str, settings: Settings, param: Value, gradient: Value, state: State
) -> tuple[Value, State]:
    """The parameter and its state after a step; weak numbers read the step's count ``t``."""
    b.node = optimizer
    if settings.get("maximize"):
        gradient = b.make("negative", gradient)
    decay = settings.get("weight_decay", 0.0)
    if decay and optimizer == "AdamW":
        param = b.make("multiply", param, 1 - settings["lr"] * decay)
    elif decay:
        gradient = b.make("add", gradient, b.make("multiply", decay, param))
    move, state = UPDATES[optimizer](b, settings, gradient, state)
    return b.make("subtract", param, move), state


def sgd(b: Builder, s: Settings, g: Value, state: State) -> tuple[Value, State]:
    """The first velocity is the gradient itself."""
    momentum = s["momentum"]
    if momentum:
        kept = b.make("multiply", state["momentum_buffer"], momentum)
        share: Any = 1 - s["dampening"]
        if s["dampening"]:
            share = b.weak(f"{share!r} if t > 1 else 1.0", 1.0)
        velocity = b.make("add", kept, b.make("multiply", share, g))
        state = {"momentum_buffer": velocity}
        ahead = b.make("multiply", momentum, velocity)
        g = b.make("add", g, ahead) if s["nesterov"] else velocity
    return b.make("multiply", s["lr"], g), state


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


def adam(b: Builder, s: Settings, g: Value, state: State) -> tuple[Value, State]:
    """Both means are corrected for having started at zero."""
    beta1, beta2 = s["betas"]
    mean = lerp(b, state["exp_avg"], g, 1 - beta1)
    square = mean_square(b, state["exp_avg_sq"], g, beta2)
    after = {"exp_avg": mean, "exp_avg_sq": square}
    if s["amsgrad"]:
        square = after["max_exp_avg_sq"] = b.make("maximum", state["max_exp_avg_sq"], square)
    root = b.weak(f"(1 - {beta2!r} ** t) ** 0.5", 1.0)
    rate = b.weak(f"{s['lr']!r} / (1 - {beta1!r} ** t)", 1.0)
    scale = b.make("add", b.make("true_divide", b.make("sqrt", square), root), s["eps"])
    return b.make("true_divide", b.make("multiply", rate, mean), scale), after


def rmsprop(b: Builder, s: Settings, g: Value, state: State) -> tuple[Value, State]:
    """``eps`` is added outside the root."""
    spread = mean_square(b, state["square_avg"], g, s["alpha"])
    after = {"square_avg": spread}
    if s["centered"]:
        mean = after["grad_avg"] = lerp(b, state["grad_avg"], g, 1 - s["alpha"])
        spread = b.make("subtract", spread, b.make("multiply", mean, mean))
    scale = b.make("add", b.make("sqrt", spread), s["eps"])
    if not s["momentum"]:
        return b.make("true_divide", b.make("multiply", s["lr"], g), scale), after
    kept = b.make("multiply", state["momentum_buffer"], s["momentum"])
    moving = after["momentum_buffer"] = b.make("add", kept, b.make("true_divide", g, scale))
    return b.make("multiply", s["lr"], moving), after


def adagrad(b: Builder, s: Settings, g: Value, state: State) -> tuple[Value, State]:
    """The sum of squares only grows."""
    total = b.make("add", state["sum"], b.make("multiply", g, g))
    rate: Any = s["lr"]
    if s["lr_decay"]:
        rate = b.weak(f"{rate!r} / (1 + (t - 1) * {s['lr_decay']!r})", 1.0)
    scale = b.make("add", b.make("sqrt", total), s["eps"])
    return b.make("true_divide", b.make("multiply", rate, g), scale), {"sum": total}


UPDATES: Mapping[str, Callable[[Builder, Settings, Value, State], tuple[Value, State]]] = {
    "SGD": sgd, "Adam": adam, "AdamW": adam, "RMSprop": rmsprop, "Adagrad": adagrad,
}  # fmt: skip
"""By optimizer: how far the parameter moves down, and what is kept."""
