"""A softmax over very many classes, the rare ones in clusters (Grave et al. 2017)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from gradviz.nn import functional
from gradviz.nn.containers import ModuleList, Sequential
from gradviz.nn.linear import Linear
from gradviz.nn.module import Module
from gradviz.tensor.composed import call

__all__ = ["AdaptiveLogSoftmaxWithLoss"]


class ASMoutput(NamedTuple):
    """The log-probability of each target, and minus their mean."""

    output: Any
    loss: Any


class AdaptiveLogSoftmaxWithLoss(Module):
    """Log-probabilities of classes in order of frequency; the ``cutoffs`` are where clusters end.

    The head knows the most frequent classes and one entry for each cluster; a cluster projects to
    fewer features (by ``div_value`` each time) and has an output for each of its classes.
    """

    def __init__(
        self, in_features: int, n_classes: int, cutoffs: Sequence[int], div_value: float = 4.0,
        head_bias: bool = False, device: Any = None, dtype: Any = None,
    ) -> None:  # fmt: skip
        super().__init__()
        given = list(cutoffs)
        if not given:
            raise ValueError("cutoffs should be a sequence of length larger than 0")
        if (
            given != sorted(set(given)) or given[0] <= 0 or given[-1] > n_classes - 1
            or any(int(c) != c for c in given)
        ):  # fmt: skip
            raise ValueError(
                "cutoffs should be a sequence of unique, positive integers sorted in an increasing "
                "order, where each value is between 1 and n_classes-1"
            )
        self.in_features, self.n_classes, self.div_value = in_features, n_classes, div_value
        self.cutoffs, self.head_bias = [*given, n_classes], head_bias
        self.shortlist_size, self.n_clusters = given[0], len(given)
        self.head_size = self.shortlist_size + self.n_clusters
        self.head = Linear(in_features, self.head_size, bias=head_bias, dtype=dtype)
        self.tail = ModuleList()
        for number in range(self.n_clusters):
            hidden = int(in_features // div_value ** (number + 1))
            size = self.cutoffs[number + 1] - self.cutoffs[number]
            pair = (
                Linear(in_features, hidden, bias=False, dtype=dtype),
                Linear(hidden, size, bias=False, dtype=dtype),
            )
            self.tail.append(Sequential(*pair))

    def reset_parameters(self) -> None:
        """Draw new starting values."""
        for layer in (self.head, *(part for cluster in self.tail for part in cluster)):
            layer.reset_parameters()

    def forward(self, input_: Any, target_: Any) -> ASMoutput:
        """The log-probability of each target, and the loss over all."""
        rank = target_.array.ndim
        if rank == 1 and input_.array.shape[0] != target_.array.shape[0]:
            raise RuntimeError("Input and target should have the same size in the batch dimension.")
        if rank > 1:
            raise RuntimeError("0D or 1D target tensor expected, multi-target not supported")
        if input_.array.ndim != rank + 1:
            raise RuntimeError(
                f"{rank}D target tensor expects {rank + 1}D input tensors, but found inputs with "
                f"size {input_.shape}"
            )
        low, high = int(target_.array.min()), int(target_.array.max())
        if low < 0 or high >= self.n_classes:
            raise RuntimeError(
                f"Target values should be in [0, {self.n_classes - 1}], but values in range "
                f"[{low}, {high}] were found. "
            )
        places = call("unsqueeze", target_, -1)
        chosen = call("squeeze", call("gather", self.log_prob(input_), -1, places), -1)
        return ASMoutput(chosen, (-chosen).mean())

    def log_prob(self, input: Any) -> Any:
        """The log-probability of every class."""
        head = functional.log_softmax(self.head(input), -1)
        first = self.shortlist_size
        parts = [call("narrow", head, -1, 0, first)]
        for number, cluster in enumerate(self.tail):
            own = functional.log_softmax(cluster(input), -1)
            parts.append(own + call("narrow", head, -1, first + number, 1))
        return call("cat", parts, -1)

    def predict(self, input: Any) -> Any:
        """The most probable class of each."""
        return call("argmax", self.log_prob(input), -1)
