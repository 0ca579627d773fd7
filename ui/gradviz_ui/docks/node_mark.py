"""The short mark in a node's glyph, as the inspector shows it."""

from gradviz.graph import Node

GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "eta": "η",
    "theta": "θ", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π",
    "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
}  # fmt: skip
HIGH = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
LOW = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def node_mark(node: Node) -> str:
    """An operation's symbol; a leaf's name in short, ``theta1`` as θ₁."""
    power = node.literals.get(1)
    if node.op == "pow" and isinstance(power, int) and 0 <= power < 100:
        return "x" + str(power).translate(HIGH)
    if node.spec.category != "leaf":
        return node.spec.symbol
    stem = node.name.rstrip("0123456789_")
    digits = node.name[len(stem) :].strip("_")[-2:].translate(LOW)
    return (GREEK.get(stem.lower()) or stem[:1] or node.name[:1]) + digits
