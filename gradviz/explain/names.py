"""How a node's name is shown: Greek letters, derivatives, and the short mark on a card.

Names are identifiers: ``theta1`` stands for θ₁, and ``d_loss_d_w``, as opened by
:mod:`gradviz.graph.differentiate`, for ∂loss/∂w.
"""

from __future__ import annotations

import re
from functools import lru_cache

from gradviz.graph.derivatives import Derivative, derivative_of
from gradviz.graph.document import Node

GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "eps": "ε",
    "zeta": "ζ", "eta": "η", "theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "lam": "λ",
    "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ",
    "upsilon": "υ", "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
}  # fmt: skip
TEX = {"eps": "epsilon", "lam": "lambda"}
LOW = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
HIGH = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_NAME = re.compile(r"^([A-Za-z]+?)_?(\d*)$")


@lru_cache(maxsize=16384)
def shown_name(name: str) -> str:
    """A name as text: ``∂loss/∂w`` for ``d_loss_d_w``, any other as it is."""
    found = derivative_of(name)
    if found is None:
        return name
    order = "" if found.order == 1 else str(found.order).translate(HIGH)
    return f"∂{order}{found.of}/" + "".join(
        f"∂{by}{'' if power == 1 else str(power).translate(HIGH)}" for by, power in found.grouped
    )


@lru_cache(maxsize=16384)
def latex_name(name: str) -> str:
    r"""A name in LaTeX: ``theta1`` is ``\theta_{1}``."""
    found = derivative_of(name)
    if found is not None:
        return latex_derivative(found)
    match = _NAME.match(name)
    if match is None:
        return r"\mathrm{" + name.replace("_", r"\_") + "}"
    stem, index = match.groups()
    if stem.lower() in GREEK:
        shown = "\\" + TEX.get(stem.lower(), stem)
    else:
        shown = stem if len(stem) == 1 else r"\mathrm{" + stem + "}"
    return f"{shown}_{{{index}}}" if index else shown


def latex_derivative(found: Derivative) -> str:
    r"""``\frac{\partial^{2} J}{\partial x \partial y}``."""
    order = "" if found.order == 1 else f"^{{{found.order}}}"
    below = " ".join(
        rf"\partial {latex_name(by)}{'' if power == 1 else f'^{{{power}}}'}"
        for by, power in found.grouped
    )
    return rf"\frac{{\partial{order} {latex_name(found.of)}}}{{{below}}}"


def leaf_mark(name: str) -> str:
    """What stands in a leaf's glyph: ``theta1`` is θ₁, ``weight`` is w, ``b2`` is b₂."""
    stem = name.rstrip("0123456789_")
    digits = name[len(stem) :].strip("_")[-2:].translate(LOW)
    if not stem:
        return name[:2]
    letter = GREEK.get(stem.lower())
    if letter is None:
        return stem.lstrip("_")[:1] + digits
    return (letter.upper() if stem[0].isupper() else letter) + digits


def category_of(node: Node) -> str:
    """The category whose colour a node's glyph has: constants are slate, parameters violet."""
    if node.spec.ports:
        return node.spec.category
    return "leaf" if node.is_parameter else "const"


def node_mark(node: Node) -> str:
    """What stands in a node's glyph: its operation's symbol, or a leaf's name in short."""
    if node.spec.category == "leaf":
        return leaf_mark(node.name)
    power = node.literals.get(1)
    if node.op == "pow" and isinstance(power, int) and 0 <= power < 100:
        return "x" + str(power).translate(HIGH)
    return node.spec.symbol
