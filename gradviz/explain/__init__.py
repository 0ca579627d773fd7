"""A step of a backward pass in words, as a formula and as a ledger."""

from gradviz.explain.labels import label, latex_label
from gradviz.explain.local import LocalRule, local_rule
from gradviz.explain.model import Explanation, LedgerRow, Span
from gradviz.explain.step import explain

__all__ = [
    "Explanation", "LedgerRow", "LocalRule", "Span", "explain", "label", "latex_label",
    "local_rule",
]  # fmt: skip
