"""A moment of a backward pass in words, as formulas and as a ledger."""

from gradviz.explain.check import Check, Trial, trial_of
from gradviz.explain.follow import Followed, Term, follow
from gradviz.explain.formulas import without_colours
from gradviz.explain.forward import explain_forward
from gradviz.explain.jacobian import Jacobian, entry_meaning, jacobian, jacobians
from gradviz.explain.labels import label, latex_label
from gradviz.explain.local import LocalRule, local_rule
from gradviz.explain.model import Explanation, InputRow, Landing, LedgerRow, Sentence, Span, amount
from gradviz.explain.paths import (
    Path,
    PathProduct,
    Paths,
    PathSum,
    path_product,
    path_sum,
    path_text,
)
from gradviz.explain.predict import Verdict, judge, next_contributions
from gradviz.explain.sentences import asides
from gradviz.explain.step import explain, explain_moment
from gradviz.explain.tangents import explain_tangents

__all__ = [
    "Check", "Explanation", "Followed", "InputRow", "Jacobian", "Landing", "LedgerRow", "LocalRule",
    "Path", "PathProduct", "PathSum", "Paths", "Sentence", "Span", "Term", "Trial", "Verdict",
    "amount", "asides", "entry_meaning", "explain", "explain_forward", "explain_moment",
    "explain_tangents", "follow",
    "jacobian", "jacobians", "judge", "label", "latex_label", "local_rule", "next_contributions",
    "path_product", "path_sum", "path_text", "trial_of", "without_colours",
]  # fmt: skip
