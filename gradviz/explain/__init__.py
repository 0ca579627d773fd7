"""A moment of a backward pass in words, as formulas and as a ledger."""

from gradviz.explain.check import Check, Trial, trial_of
from gradviz.explain.forward import explain_forward
from gradviz.explain.labels import label, latex_label
from gradviz.explain.local import LocalRule, local_rule
from gradviz.explain.model import Explanation, InputRow, Landing, LedgerRow, Sentence, Span, amount
from gradviz.explain.sentences import asides
from gradviz.explain.step import explain, explain_moment

__all__ = [
    "Check", "Explanation", "InputRow", "Landing", "LedgerRow", "LocalRule", "Sentence", "Span",
    "Trial", "amount", "asides", "explain", "explain_forward", "explain_moment", "label",
    "latex_label", "local_rule", "trial_of",
]  # fmt: skip
