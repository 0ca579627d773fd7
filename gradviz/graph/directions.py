"""A direction that parameters move along in forward mode: chosen or typed, and in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gradviz.graph.document import Graph
from gradviz.graph.evaluate import Evaluation
from gradviz.graph.seeds import SeedError, check_index, frozen, parse_numbers, written
from gradviz.graph.walk import NoBackward, Walk
from gradviz.numbers import MINUS, shape_text
from gradviz.ops.spec import Array

FORMS = "ones, gradient, a parameter as w or w[0, 1], or numbers as w = [1, −2], b = 0.5"
ONE = re.compile(r"(?P<name>[^\s=\[\]]+)\s*(?:\[(?P<index>[-−\d\s,]*)\])?")
MOVE = re.compile(r"(?:^|[,;])\s*(?P<name>[^\s=,;\[\]]+)\s*=")


@dataclass(frozen=True, slots=True)
class AllOnes:
    """Every number of every parameter moves by one."""


@dataclass(frozen=True, slots=True)
class Uphill:
    """Every parameter moves along its own gradient: the way the output rises fastest."""


@dataclass(frozen=True, slots=True)
class Along:
    """One parameter moves by one: all of it, or the element at ``index`` alone."""

    leaf: str
    index: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Moves:
    """Numbers for some parameters, by id, as nested tuples; one number counts for every element."""

    by_leaf: tuple[tuple[str, object], ...]


Direction = AllOnes | Uphill | Along | Moves


def movable(evaluation: Evaluation, output: str | None) -> tuple[str, ...]:
    """The parameters that ``output`` depends on and that can move, in the document's order."""
    graph = evaluation.graph
    before = set[str]() if output is None else graph.upstream([output])
    return tuple(
        i for i in graph.order()
        if i in before and not graph.node(i).spec.ports
        and (value := evaluation.value(i)) is not None and value.requires_grad
    )  # fmt: skip


def direction_arrays(
    evaluation: Evaluation, direction: Direction, leaves: tuple[str, ...], walk: Walk | None = None
) -> Mapping[str, Array]:
    """A direction as an array for each of ``leaves`` that moves at all.

    SeedError where it does not fit a parameter; NoBackward where it needs a gradient and there is
    no backward pass.
    """
    match direction:
        case AllOnes():
            found = {i: np.ones_like(leaf_value(evaluation, i)) for i in leaves}
        case Uphill():
            if walk is None:
                raise NoBackward("the gradient is no direction here: there is no backward pass")
            found = {i: walk.gradients[i] for i in leaves if i in walk.gradients}
        case Along(leaf, index):
            found = {leaf: one_moved(evaluation, leaf, index)} if leaf in leaves else {}
        case Moves():
            found = {
                leaf: fitted(evaluation, leaf, np.asarray(numbers))
                for leaf, numbers in direction.by_leaf
                if leaf in leaves
            }
    return {i: array for i, array in found.items() if np.any(array)}


def leaf_value(evaluation: Evaluation, leaf: str) -> Array:
    """The value of a parameter that can move."""
    return evaluation.results[leaf].value.array


def one_moved(evaluation: Evaluation, leaf: str, index: tuple[int, ...] | None) -> Array:
    """One for the element at ``index``, or for all; zero elsewhere."""
    value = leaf_value(evaluation, leaf)
    if index is None:
        return np.ones_like(value)
    check_index(index, value.shape, evaluation.graph.node(leaf).name)
    array = np.zeros_like(value)
    array[index] = 1
    return array


def fitted(evaluation: Evaluation, leaf: str, numbers: Array) -> Array:
    """Numbers in a parameter's shape and type."""
    value = leaf_value(evaluation, leaf)
    array = np.full(value.shape, numbers.item()) if numbers.size == 1 else numbers
    if array.shape != value.shape:
        name = evaluation.graph.node(leaf).name
        raise SeedError(
            f"{name} has shape {shape_text(value.shape)}: give one number, or one for each element"
        )
    return array.astype(value.dtype)


def parse_direction(evaluation: Evaluation, text: str, leaves: tuple[str, ...]) -> Direction:
    """The direction a person types; SeedError says what is wrong and what would be right."""
    plain = text.strip()
    if plain.lower() in ("ones", "all ones"):
        return AllOnes()
    if plain.lower() in ("gradient", "grad", "the gradient"):
        return Uphill()
    starts = list(MOVE.finditer(plain))
    if starts:
        direction: Direction = typed_moves(evaluation.graph, plain, starts, leaves)
    else:
        one = ONE.fullmatch(plain)
        if one is None:
            raise SeedError(f"'{plain}' is no direction: write {FORMS}")
        leaf = leaf_named(evaluation.graph, one["name"], leaves)
        places = one["index"]
        parts = None if places is None else re.findall(r"[-−]?\d+", places)
        index = None if parts is None else tuple(int(p.replace(MINUS, "-")) for p in parts)
        direction = Along(leaf, index)
    if not isinstance(direction, Uphill):
        direction_arrays(evaluation, direction, leaves)
    return direction


def typed_moves(
    graph: Graph, text: str, starts: list[re.Match[str]], leaves: tuple[str, ...]
) -> Moves:
    """``w = [1, 0], b = 2`` taken apart."""
    if starts[0].start() > 0:
        raise SeedError(f"'{text[: starts[0].start()]}' is no direction: write {FORMS}")
    ends = [start.start() for start in starts[1:]] + [len(text)]
    moves: list[tuple[str, object]] = []
    for start, end in zip(starts, ends, strict=True):
        numbers = parse_numbers(text[start.end() : end].strip())
        moves.append((leaf_named(graph, start["name"], leaves), frozen(numbers)))
    return Moves(tuple(moves))


def leaf_named(graph: Graph, name: str, leaves: tuple[str, ...]) -> str:
    """The parameter of that name among those that can move."""
    node = graph.named(name)
    if node is None or node.id not in leaves:
        known = ", ".join(graph.node(i).name for i in leaves[:6])
        more = ", …" if len(leaves) > 6 else ""
        raise SeedError(f"'{name}' is no parameter of this pass; there are {known}{more}")
    return node.id


def direction_text(graph: Graph, direction: Direction) -> str:
    """A direction as it would be typed."""
    match direction:
        case AllOnes():
            return "ones"
        case Uphill():
            return "gradient"
        case Along(leaf, index):
            name = graph.node(leaf).name if leaf in graph.nodes else "…"
            return name if index is None else f"{name}[{', '.join(map(str, index))}]"
        case Moves():
            return ", ".join(
                f"{graph.node(leaf).name} = {written(numbers)}"
                for leaf, numbers in direction.by_leaf
                if leaf in graph.nodes
            )
