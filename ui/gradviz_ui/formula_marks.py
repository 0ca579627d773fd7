"""Which lines of a formula are about nodes that something is wrong with."""

import re
from collections.abc import Iterable

from gradviz.graph import Graph
from gradviz.graph.findings import Finding

ASSIGNED = re.compile(r"^\s*([^\W\d]\w*)\s*=[^=]")
MOST = 50
"""Findings that are looked up: a formula shows a dozen lines at once."""


def by_line(text: str, graph: Graph, findings: Iterable[Finding]) -> dict[int, list[Finding]]:
    """The findings by the number of the line, from 0, that they are about.

    A node that the text gives no name is part of the lines that are computed from it next.
    """
    lines = enumerate(text.splitlines())
    given = {match[1]: number for number, line in lines if (match := ASSIGNED.match(line))}
    found: dict[int, list[Finding]] = {}
    for finding, _ in zip(findings, range(MOST), strict=False):
        for line in lines_of(graph, finding.node, given):
            found.setdefault(line, []).append(finding)
    return found


def marked_lines(text: str, graph: Graph, findings: Iterable[Finding]) -> dict[int, bool]:
    """Numbers of lines from 0, and whether what is wrong there is more than a warning."""
    found = by_line(text, graph, findings)
    return {line: any(f.kind != "warning" for f in about) for line, about in found.items()}


def lines_of(graph: Graph, node: str, given: dict[str, int]) -> set[int]:
    """The lines whose expressions a node is part of."""
    found: set[int] = set()
    seen, waiting = {node}, [node]
    while waiting:
        here = waiting.pop()
        line = given.get(graph.node(here).name)
        if line is not None:
            found.add(line)
            continue
        readers = {wire.target for wire in graph.outputs(here)} - seen
        seen |= readers
        waiting += readers
    return found
