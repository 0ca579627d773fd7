"""What `gradviz steps` can show: an entry for each option."""

from __future__ import annotations

from gradviz.cli.glance_views import (
    glance_json,
    glance_lines,
    hessian_json,
    hessian_lines,
    tangent_lines,
    tangents_json,
    why_json,
    why_lines,
)
from gradviz.cli.passes import View
from gradviz.cli.step_views import (
    explanation_lines,
    explanations_json,
    forward_json,
    forward_lines,
    jacobian_lines,
    jacobians_json,
    path_lines,
    paths_json,
    step_lines,
    steps_json,
)

all_steps = View("--steps", "a step a line", step_lines, steps_json)
"""What is shown where nothing else is asked for."""

VIEWS: tuple[View, ...] = (
    View(
        "--explain", "each step in words, with its formulas", explanation_lines, explanations_json
    ),
    View("--forward", "the forward pass in words, node by node", forward_lines, forward_json),
    View("--paths", "every path to a node, and what it brings", path_lines, paths_json, "NAME"),
    View(
        "--jacobian", "a node's Jacobian by each of its inputs", jacobian_lines, jacobians_json,
        "NAME",
    ),
    View("--glance", "sizes, depth, dead units, nan and memory of the whole pass", glance_lines,
         glance_json),
    View("--why", "why a node's .grad is None", why_lines, why_json, "NAME"),
    View("--hessian", "second derivatives by all parameters", hessian_lines, hessian_json),
    View("--tangent", "forward mode: how all changes with a parameter", tangent_lines,
         tangents_json, "NAME"),
)  # fmt: skip
