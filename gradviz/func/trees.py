"""Tensors within tuples, lists and dictionaries: taken out in order, and put back alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeGuard

from gradviz.ops.kinds import is_sequence

__all__ = ["holds_none", "leaves", "mapped", "rebuilt", "same_form", "spread"]

Tree = Any
"""A value, or a tuple, list or dictionary of trees."""


def is_mapping(tree: object) -> TypeGuard[Mapping[Any, Any]]:
    """Whether a tree is a dictionary."""
    return isinstance(tree, dict)


def leaves(tree: Tree) -> list[Any]:
    """The values in a tree, in order; dictionaries by their keys' order."""
    if is_sequence(tree):
        return [leaf for branch in tree for leaf in leaves(branch)]
    if is_mapping(tree):
        return [leaf for branch in tree.values() for leaf in leaves(branch)]
    return [] if tree is None else [tree]


def holds_none(tree: Tree) -> bool:
    """Whether there is nothing in a place of a tree where a value could be."""
    if is_sequence(tree):
        return any(map(holds_none, tree))
    if is_mapping(tree):
        return any(map(holds_none, tree.values()))
    return tree is None


def mapped(function: Callable[[Any], Any], tree: Tree) -> Tree:
    """A tree of the same form with ``function`` of each value."""
    return rebuilt(tree, iter([function(leaf) for leaf in leaves(tree)]))


def rebuilt(tree: Tree, values: Iterator[Any]) -> Tree:
    """A tree of the same form with the next of ``values`` for each of its own."""
    if is_sequence(tree):
        branches = [rebuilt(branch, values) for branch in tree]
        kind: Any = type(tree)
        return kind(*branches) if hasattr(kind, "_fields") else kind(branches)
    if is_mapping(tree):
        return type(tree)((key, rebuilt(branch, values)) for key, branch in tree.items())  # pyright: ignore[reportCallIssue]
    return None if tree is None else next(values)


def same_form(one: Tree, other: Tree) -> bool:
    """Whether two trees nest alike."""
    if is_sequence(one):
        return (
            type(one) is type(other) and len(one) == len(other) and all(map(same_form, one, other))
        )
    if is_mapping(one):
        return (
            is_mapping(other)
            and one.keys() == other.keys()
            and all(same_form(one[key], other[key]) for key in one)
        )
    return not is_sequence(other) and not is_mapping(other) and (one is None) == (other is None)


def spread(prefix: Tree, tree: Tree) -> list[Any] | None:
    """One value of ``prefix`` for each leaf of ``tree``, whose form begins as its own does.

    A value stands for the whole branch it is in the place of; None where the forms do not agree.
    """
    if not is_sequence(prefix) and not is_mapping(prefix):
        return [prefix] * len(leaves(tree))
    if is_mapping(prefix):
        if not is_mapping(tree) or prefix.keys() != tree.keys():
            return None
        pairs = [(prefix[key], tree[key]) for key in tree]
    else:
        if not is_sequence(tree) or len(prefix) != len(tree):
            return None
        pairs = list(zip(prefix, tree, strict=True))
    found: list[Any] = []
    for one, other in pairs:
        part = spread(one, other)
        if part is None:
            return None
        found += part
    return found
