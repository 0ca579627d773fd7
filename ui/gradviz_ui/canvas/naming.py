"""Short marks for long names: the glyph of a leaf, the numbers in a small table."""

import math

import numpy as np

from gradviz.graph import Node
from gradviz.ops.spec import Array

from ..numbers import MINUS

_GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "eps": "ε",
    "zeta": "ζ", "eta": "η", "theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "lam": "λ",
    "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ",
    "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
}  # fmt: skip
_SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_CELL = 6


def leaf_mark(name: str) -> str:
    """What stands in a leaf's glyph: ``theta1`` is θ₁, ``weight`` is w, ``b2`` is b₂."""
    stem = name.rstrip("0123456789_")
    digits = name[len(stem) :].strip("_")[-2:].translate(_SUBSCRIPT)
    if not stem:
        return name[:2]
    letter = _GREEK.get(stem.lower())
    if letter is None:
        return stem.lstrip("_")[:1] + digits
    return (letter.upper() if stem[0].isupper() else letter) + digits


def mark(node: Node) -> str:
    """What stands in a node's glyph: its operation's symbol, or a leaf's name in short."""
    spec = node.spec
    if spec.category == "leaf":
        return leaf_mark(node.name)
    power = node.literals.get(1)
    if spec.name == "pow" and isinstance(power, int) and 0 <= power < 100:
        return "x" + str(power).translate(_SUPERSCRIPT)
    return spec.symbol


def scalar(array: Array) -> np.generic:
    """The only element of a tensor, in its own precision."""
    return np.asarray(array).reshape(1)[0]


def cell_text(value: float) -> str:
    """A number for a cell six characters wide; its full precision is in the tooltip."""
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    if float(value).is_integer() and abs(value) < 1e5:
        return f"{value:.0f}".replace("-", MINUS)
    texts = [f"{value:.{digits}g}" for digits in (3, 2, 1)]
    short = [t.replace("e-0", "e-").replace("e+0", "e") for t in texts]
    found = next((t for t in short if len(t) <= _CELL), short[-1])
    return found.replace("-", MINUS)
