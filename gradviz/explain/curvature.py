"""Second derivatives of a graph's output: the Hessian of few parameters, and its products."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from gradviz.autograd.backward import grad
from gradviz.explain.names import shown_name
from gradviz.graph.evaluate import Evaluation
from gradviz.graph.walk import NoBackward
from gradviz.ops.spec import Array
from gradviz.tensor.tensor import Tensor

MOST = 64
"""The most elements of parameters that a Hessian is made for."""


@dataclass(frozen=True, slots=True)
class Hessian:
    """``matrix[i, j]``: how the slope by element i changes with element j.

    ``labels`` name the elements: ``w[0, 1]``. ``eigenvalues`` rise; ``passes``: how many backward
    passes it took (one for the gradient, one for each row).
    """

    labels: tuple[str, ...]
    matrix: Array
    eigenvalues: Array
    passes: int


@dataclass(frozen=True, slots=True)
class HessianTask:
    """Everything that a Hessian takes, ready to run on any thread."""

    labels: tuple[str, ...]
    start: Tensor
    tensors: tuple[Tensor, ...]

    def run(self, go_on: Callable[[int], bool] = lambda rows: True) -> Hessian | None:
        """Work it out a row at a time; None where ``go_on``, told how many are done, says no."""
        tensors, rows = list(self.tensors), list[Array]()
        for slope in gradient(self.start, tensors):
            for place in np.ndindex(slope.array.shape):
                if not go_on(len(rows)):
                    return None
                rows.append(flat(second(slope, place, tensors)))
        count = len(self.labels)
        matrix = np.array(rows, np.float64).reshape(count, count)
        finite = np.isfinite(matrix).all()
        values = np.linalg.eigvalsh((matrix + matrix.T) / 2) if finite else np.full(count, np.nan)
        return Hessian(self.labels, matrix, values, 1 + count)


def hessian_task(
    evaluation: Evaluation, output: str, parameters: Sequence[str] = ()
) -> HessianTask:
    """What :func:`hessian` will do, checked but not done yet; refused as that is."""
    leaves = leaves_of(evaluation, output, parameters)
    labels = element_labels(evaluation, leaves)
    if len(labels) > MOST:
        raise NoBackward(
            f"a Hessian of {len(labels)} numbers has {len(labels) ** 2} entries; choose parameters "
            f"with at most {MOST} numbers together, or multiply it by a direction instead"
        )
    tensors = tuple(value_of(evaluation, i) for i in leaves)
    return HessianTask(labels, value_of(evaluation, output), tensors)


def hessian(evaluation: Evaluation, output: str, parameters: Sequence[str] = ()) -> Hessian:
    """The Hessian of a scalar node by the elements of leaves (all that it depends on if left out).

    :class:`NoBackward` where there are too many elements, or the node is no scalar.
    """
    found = hessian_task(evaluation, output, parameters).run()
    assert found is not None, "nothing calls it off"
    return found


def hessian_product(
    evaluation: Evaluation, output: str, direction: Mapping[str, Array]
) -> Mapping[str, Array]:
    """The Hessian times a direction, by two backward passes however many parameters there are.

    ``direction``: an array for each leaf, of its shape; so is what is returned.
    """
    leaves = leaves_of(evaluation, output, tuple(direction))
    tensors = [value_of(evaluation, i) for i in leaves]
    for node_id, tensor in zip(leaves, tensors, strict=True):
        shape = np.shape(direction[node_id])
        if shape != tensor.array.shape:
            name = shown_name(evaluation.graph.node(node_id).name)
            raise NoBackward(
                f"the direction for {name} has shape {list(shape)}, but {name} has "
                f"{list(tensor.array.shape)}"
            )
    slopes = gradient(value_of(evaluation, output), tensors)
    along: Any = 0.0
    for node_id, slope in zip(leaves, slopes, strict=True):
        weights = Tensor.wrap(np.asarray(direction[node_id], slope.array.dtype))
        along = along + (slope * weights).sum()
    found = passed_back(along, tensors)
    return dict(zip(leaves, found, strict=True))


def leaves_of(evaluation: Evaluation, output: str, wanted: Sequence[str]) -> list[str]:
    """The leaves to differentiate by, refused where the output does not depend on one."""
    graph = evaluation.graph
    value = value_of(evaluation, output)
    name = shown_name(graph.node(output).name)
    if value.array.size != 1:
        raise NoBackward(
            f"{name} has shape {list(value.array.shape)}: second derivatives are of a single number"
        )
    if not value.requires_grad:
        raise NoBackward(f"nothing that requires a gradient leads to {name}")
    before = graph.upstream([output])
    found = [i for i in graph.order() if i in before and graph.node(i).is_parameter]
    for node_id in wanted:
        if node_id not in found:
            leaf = shown_name(graph.node(node_id).name)
            raise NoBackward(f"{name} does not depend on a parameter {leaf}")
    return list(wanted) or found


def element_labels(evaluation: Evaluation, leaves: Sequence[str]) -> tuple[str, ...]:
    """A name for each element: ``theta1``, ``w[0, 1]``."""
    found: list[str] = []
    for node_id in leaves:
        name = shown_name(evaluation.graph.node(node_id).name)
        shape = value_of(evaluation, node_id).array.shape
        places = product(*map(range, shape))
        found += [f"{name}[{', '.join(map(str, p))}]" if p else name for p in places]
    return tuple(found)


def value_of(evaluation: Evaluation, node_id: str) -> Tensor:
    """The value of a node that has one, with the tape behind it."""
    evaluation.record()
    value = evaluation.value(node_id)
    if value is None:
        name = shown_name(evaluation.graph.node(node_id).name)
        raise NoBackward(f"{name} has no value: {evaluation.explain(node_id)}")
    return value


def gradient(output: Tensor, tensors: list[Tensor]) -> list[Tensor]:
    """The gradient of the output, itself on the tape; zeros where nothing flows."""
    start = output.sum()
    with np.errstate(all="ignore"):
        return list(grad(start, tensors, create_graph=True, materialize_grads=True))


def second(slope: Tensor, place: tuple[int, ...], tensors: list[Tensor]) -> list[Array]:
    """The gradient of one element of a gradient."""
    return passed_back(slope[place] if place else slope, tensors)


def passed_back(start: Any, tensors: list[Tensor]) -> list[Array]:
    """The gradients of a number; zeros where it is a constant."""
    if not getattr(start, "requires_grad", False):
        return [np.zeros_like(t.array) for t in tensors]
    with np.errstate(all="ignore"):
        found = grad(start, tensors, retain_graph=True, materialize_grads=True)
    return [np.asarray(g.array) for g in found]


def flat(arrays: Sequence[Array]) -> Array:
    """All elements in a row."""
    return np.concatenate([np.asarray(a, np.float64).reshape(-1) for a in arrays])
