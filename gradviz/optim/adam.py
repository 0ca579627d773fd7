"""Adam and its relatives: a running mean of the gradient over the size of the gradient."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from gradviz.ops.spec import Array
from gradviz.optim.optimizer import Assignment, Optimizer, State, counter, lerp
from gradviz.optim.setting import (
    BETAS,
    DECOUPLED,
    MAXIMIZE,
    WEIGHT_DECAY,
    Setting,
    epsilon,
    learning_rate,
    weight_decay,
)

AMSGRAD = Setting(name="amsgrad", default=False, doc="Never let the mean of squares shrink.")
KERNELS = {"foreach": None, "capturable": False, "differentiable": False}
MEANS = (
    r"m \leftarrow \beta_1 m + (1 - \beta_1) g",
    r"v \leftarrow \beta_2 v + (1 - \beta_2) g^2",
)


def advance_means(gradient: Array, state: State, betas: tuple[float, float]) -> tuple[float, Array]:
    """Count the step and take the gradient into both running means; the count and the first."""
    step = float(state["step"]) + 1
    state["step"] = counter(step)
    mean = state["exp_avg"] = lerp(state["exp_avg"], gradient, 1 - betas[0])
    if "exp_avg_sq" in state:
        square = state["exp_avg_sq"]
        kept, fresh = square * betas[1], (1 - betas[1]) * gradient
        fresh *= gradient
        kept += fresh
        state["exp_avg_sq"] = kept
    return step, mean


def mean_of(g: str) -> Assignment:
    """The running mean of the gradient, as it is written."""
    return ("m", f"beta1 * m + (1 - beta1) * {g}")


class Adam(Optimizer):
    """Kingma and Ba 2015; https://docs.pytorch.org/docs/stable/generated/torch.optim.Adam.html."""

    doc = "Divides a running mean of the gradient by the root of a running mean of its square."
    settings = (learning_rate(1e-3), BETAS, epsilon(1e-8), WEIGHT_DECAY, AMSGRAD, MAXIMIZE)
    options: ClassVar[Mapping[str, Any]] = {
        **KERNELS,
        "fused": None,
        "decoupled_weight_decay": False,
    }
    kept: ClassVar[Mapping[str, str]] = {
        "m": "exp_avg", "v": "exp_avg_sq", "top": "max_exp_avg_sq",
    }  # fmt: skip

    def begin(self, param: Array, group: Mapping[str, Any]) -> State:
        """Both means at zero, and the largest mean of squares where it is kept."""
        state = {"step": counter(0.0), "exp_avg": np.zeros_like(param)}
        state["exp_avg_sq"] = np.zeros_like(param)
        if group["amsgrad"]:
            state["max_exp_avg_sq"] = np.zeros_like(param)
        return state

    @classmethod
    def lines(cls, group: Mapping[str, Any], g: str, first: bool) -> tuple[Assignment, ...]:
        """Each mean is divided by the share that it has gathered."""
        means = (mean_of(g), ("v", f"beta2 * v + (1 - beta2) * {g} ** 2"))
        square = "top" if group["amsgrad"] else "v"
        if group["amsgrad"]:
            means += (("top", "max(top, v)"),)
        step = f"(m / (1 - beta1 ** t)) / (sqrt({square} / (1 - beta2 ** t)) + eps)"
        return (*means, ("theta", f"theta - lr * ({step})"))

    def update(self, param: Array, gradient: Array, state: State, group: Mapping[str, Any]) -> None:
        """Both means are corrected for having started at zero."""
        beta1, beta2 = group["betas"]
        step, mean = advance_means(gradient, state, (beta1, beta2))
        square = state["exp_avg_sq"]
        if group["amsgrad"]:
            square = state["max_exp_avg_sq"] = np.maximum(state["max_exp_avg_sq"], square)
        scale = np.sqrt(square)
        scale /= (1 - beta2**step) ** 0.5
        scale += group["eps"]
        move = (group["lr"] / (1 - beta1**step)) * mean
        move /= scale
        param -= move


class AdamW(Adam):
    """Loshchilov and Hutter 2019.

    https://docs.pytorch.org/docs/stable/generated/torch.optim.AdamW.html.
    """

    doc = "Adam whose weight decay shrinks the parameter itself and stays out of the means."
    settings = (learning_rate(1e-3), BETAS, epsilon(1e-8), weight_decay(1e-2), AMSGRAD, MAXIMIZE)
    options: ClassVar[Mapping[str, Any]] = {**KERNELS, "fused": None}

    @classmethod
    def bind(cls, positional: tuple[Any, ...], given: dict[str, Any]) -> dict[str, Any]:
        """Decoupled, whatever else is given."""
        return {**super().bind(positional, given), "decoupled_weight_decay": True}


class NAdam(Optimizer):
    """Dozat 2016; https://docs.pytorch.org/docs/stable/generated/torch.optim.NAdam.html."""

    doc = "Adam that looks ahead along its momentum, as Nesterov's does."
    settings = (
        learning_rate(2e-3), BETAS, epsilon(1e-8), WEIGHT_DECAY,
        Setting(name="momentum_decay", default=4e-3, high=0.1, symbol=r"\psi",
                title="momentum_decay value", doc="How fast the momentum grows to its full size."),
        DECOUPLED, MAXIMIZE,
    )  # fmt: skip
    options = KERNELS
    rule = (
        r"\mu_t \leftarrow \beta_1 (1 - \frac{1}{2} 0.96^{t \psi})",
        *MEANS,
        r"\hat m \leftarrow \frac{\mu_{t+1} m}{1 - \prod_{i=1}^{t+1} \mu_i}"
        r" + \frac{(1 - \mu_t) g}{1 - \prod_{i=1}^{t} \mu_i}",
        r"\theta \leftarrow \theta - \alpha \frac{\hat m}{\sqrt{v / (1 - \beta_2^t)} + \epsilon}",
    )

    def begin(self, param: Array, group: Mapping[str, Any]) -> State:
        """Means at zero, and the product of all momenta so far."""
        return {
            "step": counter(0.0), "mu_product": counter(1.0), "exp_avg": np.zeros_like(param),
            "exp_avg_sq": np.zeros_like(param),
        }  # fmt: skip

    def update(self, param: Array, gradient: Array, state: State, group: Mapping[str, Any]) -> None:
        """The gradient's own share and the momentum's are corrected each in its way."""
        beta1, beta2 = group["betas"]
        step, mean = advance_means(gradient, state, (beta1, beta2))
        decay, rate = group["momentum_decay"], group["lr"]
        momentum = beta1 * (1.0 - 0.5 * 0.96 ** (step * decay))
        ahead = beta1 * (1.0 - 0.5 * 0.96 ** ((step + 1) * decay))
        kept = state["mu_product"]
        state["mu_product"] = kept * kept.dtype.type(momentum)
        product = float(state["mu_product"])
        scale = np.sqrt(state["exp_avg_sq"] / (1 - beta2**step)) + group["eps"]
        param += (-rate * (1.0 - momentum) / (1.0 - product)) * gradient / scale
        param += (-rate * ahead / (1.0 - product * ahead)) * mean / scale


class RAdam(Optimizer):
    """Liu et al. 2020; https://docs.pytorch.org/docs/stable/generated/torch.optim.RAdam.html."""

    doc = "Adam that trusts its mean of squares only once it has seen enough of them."
    settings = (
        learning_rate(1e-3), BETAS, epsilon(1e-8), WEIGHT_DECAY, DECOUPLED, MAXIMIZE,
    )  # fmt: skip
    options = KERNELS
    rule = (
        *MEANS,
        r"\rho_t \leftarrow \rho_\infty - \frac{2 t \beta_2^t}{1 - \beta_2^t},"
        r"\quad \rho_\infty = \frac{2}{1 - \beta_2} - 1",
        r"r \leftarrow \sqrt{\frac{(\rho_t - 4)(\rho_t - 2) \rho_\infty}"
        r"{(\rho_\infty - 4)(\rho_\infty - 2) \rho_t}}",
        r"\theta \leftarrow \theta - \alpha \frac{m}{1 - \beta_1^t} \cdot \begin{cases}"
        r"r \frac{\sqrt{1 - \beta_2^t}}{\sqrt{v} + \epsilon} & \rho_t > 5 \\ 1 & \rho_t \le 5"
        r"\end{cases}",
    )

    def begin(self, param: Array, group: Mapping[str, Any]) -> State:
        """Both means at zero."""
        return {
            "step": counter(0.0), "exp_avg": np.zeros_like(param),
            "exp_avg_sq": np.zeros_like(param),
        }  # fmt: skip

    def update(self, param: Array, gradient: Array, state: State, group: Mapping[str, Any]) -> None:
        """``eps`` is added before the correction of the mean of squares."""
        beta1, beta2 = group["betas"]
        step, mean = advance_means(gradient, state, (beta1, beta2))
        corrected = 1 - beta2**step
        move = mean / (1 - beta1**step) * group["lr"]
        limit = 2 / (1 - beta2) - 1
        seen = limit - 2 * step * beta2**step / corrected
        if seen > 5.0:
            trust = (seen - 4) * (seen - 2) * limit / ((limit - 4) * (limit - 2) * seen)
            scale = np.sqrt(state["exp_avg_sq"]) + group["eps"]
            move = move * (corrected**0.5 / scale) * trust**0.5
        param -= move


class Adamax(Optimizer):
    """Kingma and Ba 2015, section 7.

    https://docs.pytorch.org/docs/stable/generated/torch.optim.Adamax.html.
    """

    doc = "Divides a running mean of the gradient by the largest size it had of late."
    settings = (learning_rate(2e-3), BETAS, epsilon(1e-8), WEIGHT_DECAY, MAXIMIZE)
    options = KERNELS
    kept: ClassVar[Mapping[str, str]] = {"m": "exp_avg", "u": "exp_inf"}

    @classmethod
    def lines(cls, group: Mapping[str, Any], g: str, first: bool) -> tuple[Assignment, ...]:
        """Only the mean is corrected for having started at zero."""
        largest = ("u", f"max(beta2 * u, abs({g}) + eps)")
        return (mean_of(g), largest, ("theta", "theta - lr / (1 - beta1 ** t) * (m / u)"))

    def begin(self, param: Array, group: Mapping[str, Any]) -> State:
        """The mean and the largest size at zero."""
        return {
            "step": counter(0.0), "exp_avg": np.zeros_like(param), "exp_inf": np.zeros_like(param),
        }  # fmt: skip

    def update(self, param: Array, gradient: Array, state: State, group: Mapping[str, Any]) -> None:
        """``eps`` is added to the gradient's size, not to what divides."""
        beta1, beta2 = group["betas"]
        step, mean = advance_means(gradient, state, (beta1, beta2))
        largest = np.maximum(state["exp_inf"] * beta2, np.abs(gradient) + group["eps"])
        state["exp_inf"] = largest
        param -= (group["lr"] / (1 - beta1**step)) * mean / largest
