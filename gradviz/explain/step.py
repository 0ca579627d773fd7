"""One step of a backward pass explained: ledger, formulas and sentences that agree.

All three are made from the same rows, so what the inspector lists, what the canvas shows and
what the sentence says cannot differ.
"""

from __future__ import annotations

from gradviz.explain.formulas import formulas_of
from gradviz.explain.ledger import ledger
from gradviz.explain.model import Explanation
from gradviz.explain.sentences import (
    explain_end,
    explain_leaf,
    explain_seed,
    explain_start,
    node_sentences,
)
from gradviz.graph.evaluate import Evaluation
from gradviz.graph.walk import Walk, WalkStep


def explain_moment(evaluation: Evaluation, walk: Walk, moment: int) -> Explanation:
    """The state after ``moment`` steps: the step just taken, or at 0 what is about to begin."""
    step = walk.active(moment)
    if step is None:
        return explain_start(evaluation, walk)
    told = explain(evaluation, walk, step)
    return told.followed_by(explain_end()) if moment == len(walk) else told


def explain(evaluation: Evaluation, walk: Walk, step: WalkStep) -> Explanation:
    """``step`` of ``walk`` in words, formulas and numbers."""
    node = evaluation.graph.node(step.node)
    if step.kind == "seed":
        return explain_seed(evaluation, step)
    if step.kind == "leaf":
        return explain_leaf(evaluation, walk, step)
    rows = tuple(ledger(evaluation, walk, step))
    sentences = tuple(node_sentences(evaluation, walk, step, node, rows))
    formulas = tuple(formulas_of(evaluation.graph, walk, node, rows))
    return Explanation(f"Through {node.name}", sentences, rows, formulas)
