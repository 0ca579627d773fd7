"""Stops as a person types them, and as they are written back.

``|grad| > 10``, ``|grad w| >= 1e3``, ``grad w < 0``, ``nan``, ``inf in w``, ``w changes``,
``accumulation``, ``accumulation at x``, ``at w``, ``enter encoder``, ``leave encoder``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from types import MappingProxyType
from typing import cast

from gradviz.graph.document import Graph
from gradviz.graph.stops import (
    Accumulation,
    AtNode,
    Border,
    GradientChanges,
    GradientIs,
    GroupBorder,
    NotFinite,
    Sign,
    Stop,
    Unusual,
)

EXAMPLES = "|grad| > 10, |grad w| >= 1e3, nan, inf, w changes, accumulation, or at w"
LISTED = 8
"""The most names that a message lists."""
NAME = r"[^\W\d]\w*"
AT = rf"(?:\s+(?:in|at)\s+(?P<node>{NAME}))?"
PLAIN = str.maketrans({"−": "-", "≥": ">=", "≤": "<=", "∣": "|", "’": "'", "∞": "inf"})
DOT_GRAD = re.compile(rf"({NAME})\.grad")
ABSOLUTE = re.compile(r"abs\(([^()]*)\)")
COMPARED = re.compile(
    rf"(?P<bar>\|)?\s*grad(?:ient)?(?:\s+of)?(?:\s+(?P<node>{NAME}))?\s*(?P<end>\|)?"
    r"\s*(?P<sign>>=|<=|>|<)\s*(?P<bound>.*)"
)
ODD = re.compile(rf"(?:first\s+)?(?P<kind>nan\s+or\s+inf|nan|inf|not\s+finite){AT}")
CHANGES = re.compile(rf"(?:grad\s+(?:of\s+)?)?(?P<node>{NAME})(?:'s\s+gradient)?\s+changes")
SUMS = re.compile(rf"(?:next\s+)?accumulation{AT}")
ACCUMULATES = re.compile(rf"(?P<node>{NAME})\s+accumulates")
BORDER = re.compile(r"(?P<border>enter|leave)\s+(?:group\s+)?(?P<name>\S.*)")
BREAK = re.compile(rf"(?:(?:break\s+)?at\s+)?(?P<node>{NAME})")

Groups = Mapping[str, frozenset[str]]
NO_GROUPS: Groups = MappingProxyType({})
Reader = Callable[[Graph, re.Match[str], Groups], Stop]


class StopError(ValueError):
    """What is wrong with a typed stop, and what would be right."""


def parse_stop(graph: Graph, text: str, groups: Groups = NO_GROUPS) -> Stop:
    """The stop that ``text`` asks for, names being those of the graph's nodes and of ``groups``.

    :class:`StopError` says what is wrong with it.
    """
    plain = ABSOLUTE.sub(r"|\1|", DOT_GRAD.sub(r"grad \1", text.strip().translate(PLAIN)))
    for form, read in READERS:
        match = form.fullmatch(plain)
        if match is not None:
            return read(graph, match, groups)
    if "grad" in plain and not re.search("[<>]", plain):
        raise StopError(f"'{text.strip()}' compares with nothing; write for instance |grad| > 10")
    raise StopError(f"'{text.strip()}' is no condition to stop at; write {EXAMPLES}")


def compared(graph: Graph, match: re.Match[str], _: Groups) -> Stop:
    """A gradient's size, or a gradient, against a number."""
    if (match["bar"] is None) != (match["end"] is None):
        raise StopError("a magnitude stands between two bars: |grad| > 10, or |grad w| > 10")
    try:
        bound = float(match["bound"])
    except ValueError:
        given = f"not '{match['bound']}'" if match["bound"] else "as in |grad| > 10"
        raise StopError(f"after '{match['sign']}' a number must stand, {given}") from None
    if bound != bound:
        raise StopError("nothing is larger or smaller than nan; to stop at the first, write nan")
    sign = cast(Sign, match["sign"])
    magnitude = match["bar"] is not None
    if magnitude and (bound < 0 or (bound == 0 and sign == "<")):
        raise StopError(f"a magnitude is never negative, so |grad| {sign} {bound:g} says nothing")
    return GradientIs(sign, bound, node_at(graph, match), magnitude)


def odd(graph: Graph, match: re.Match[str], _: Groups) -> Stop:
    """The first nan, infinity, or either."""
    kind = match["kind"] if match["kind"] in ("nan", "inf") else "either"
    return NotFinite(cast(Unusual, kind), node_at(graph, match))


def border(graph: Graph, match: re.Match[str], groups: Groups) -> Stop:
    """The border of a group."""
    name = match["name"].strip()
    if name not in groups:
        raise StopError(f"there is no group called '{name}'; {known(name, groups)}")
    return GroupBorder(cast(Border, match["border"]), name, groups[name])


def node_at(graph: Graph, match: re.Match[str]) -> str | None:
    """The id of the node that was named; None where none was."""
    return None if match["node"] is None else node_named(graph, match["node"])


def node_named(graph: Graph, name: str) -> str:
    """The id of the node with this name; StopError tells of names like it."""
    node = graph.named(name)
    if node is None:
        names = [n.name for n in graph.nodes.values()]
        raise StopError(f"there is no node called '{name}'; {known(name, names)}")
    return node.id


def known(name: str, names: Mapping[str, object] | list[str]) -> str:
    """Which name may have been meant, or which there are."""
    near = get_close_matches(name, names, n=1)
    if near:
        return f"did you mean '{near[0]}'?"
    listed = ", ".join([*names][:LISTED]) or "none"
    return f"there {'is' if len(names) == 1 else 'are'} {listed}{' …' * (len(names) > LISTED)}"


READERS: tuple[tuple[re.Pattern[str], Reader], ...] = (
    (COMPARED, compared),
    (ODD, odd),
    (SUMS, lambda graph, match, _: Accumulation(node_at(graph, match))),
    (CHANGES, lambda graph, match, _: GradientChanges(node_named(graph, match["node"]))),
    (ACCUMULATES, lambda graph, match, _: Accumulation(node_named(graph, match["node"]))),
    (BORDER, border),
    (BREAK, lambda graph, match, _: AtNode(node_named(graph, match["node"]))),
)
"""Each form with what reads it; a bare name comes last, when it can be nothing else."""


def stop_text(graph: Graph, stop: Stop) -> str:
    """A stop as it would be typed; :func:`parse_stop` reads it back."""
    match stop:
        case AtNode(node):
            return f"at {graph.node(node).name}"
        case GradientIs(sign, bound, node, magnitude):
            what = "grad" if node is None else f"grad {graph.node(node).name}"
            return f"{f'|{what}|' if magnitude else what} {sign} {bound:g}"
        case NotFinite(kind, node):
            return ("nan or inf" if kind == "either" else kind) + place(graph, "in", node)
        case GradientChanges(node):
            return f"{graph.node(node).name} changes"
        case Accumulation(node):
            return "accumulation" + place(graph, "at", node)
        case GroupBorder(border, name):
            return f"{border} {name}"


def place(graph: Graph, word: str, node: str | None) -> str:
    """Where a stop holds, as it is added to the words for what; nothing for anywhere."""
    return "" if node is None else f" {word} {graph.node(node).name}"
