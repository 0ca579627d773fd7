"""A moment of a backward pass in words, as formulas and as a ledger."""

from gradviz.explain.labels import label, latex_label
from gradviz.explain.local import LocalRule, local_rule
from gradviz.explain.model import Explanation, LedgerRow, Sentence, Span
from gradviz.explain.step import explain, explain_moment

__all__ = [
    "Explanation", "LedgerRow", "LocalRule", "Sentence", "Span", "explain", "explain_moment",
    "label", "latex_label", "local_rule",
]  # fmt: skip
