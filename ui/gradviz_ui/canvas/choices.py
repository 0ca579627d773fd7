"""What may be added, and which of it comes first for what was typed, pulled and used."""

import keyword
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from gradviz.ops.spec import Array, Op
from gradviz.ops.table import OPS

from ..additions import Addition, fits
from ..matching import match_score
from ..numbers import MINUS, short

MOST = 40
TYPED = {"*": "×", "/": "÷", "-": "−", "**": "xⁿ"}
"""The symbols of the keyboard for those that operations have."""
COMMON: Final = (
    "add", "sub", "mul", "div", "pow", "matmul", "sum", "mean", "exp", "log", "sin", "sigmoid",
    "tanh", "relu", "softmax", "mse_loss", "cross_entropy",
)  # fmt: skip
"""With nothing typed these come before the rest."""
OF_TRUTHS: Final = ("Logic", "Masking")
"""The families that a tensor of truths is for."""
WHOLE, EXACT, AHEAD = 1000, 4000, 2
"""A leaf of the very name typed comes after at most so many that have those letters in a row, or,
where a leaf is likely meant, that are called so."""
USED_MOST = 6


@dataclass(frozen=True, slots=True)
class Choice:
    """What may be added: an operation, or a leaf with a value of its own."""

    op: str
    title: str
    doc: str
    mark: str
    category: str
    parameter: bool = False
    value: float | None = None
    key: str = ""
    """What it is where it is no single operation: see `gradviz_ui.additions`."""
    name: str = ""
    """What a leaf shall be called, where that was typed."""
    formula: str = ""
    """The formula whose nodes it is, where one was typed."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What a search is for: the value that a wire was pulled out with, and what is in use.

    ``inputs_only``: what is added must have an input to wire. ``feeding``: it is for an input.
    ``taken``: names that nodes have.
    """

    inputs_only: bool = False
    feeding: bool = False
    pulled: Array | None = None
    used: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    taken: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


PARAMETER = Choice(
    "tensor", "parameter", "A number with a slider that requires a gradient.", "θ", "leaf", True
)
CONSTANT = Choice("tensor", "constant", "A number that needs no gradient.", "c", "const")


def of_op(op: Op) -> Choice:
    """An operation of the table."""
    return Choice(op.name, op.name, op.doc, op.symbol, op.category)


def of_addition(addition: Addition) -> Choice:
    """A layer, or a group that was kept."""
    a = addition
    return Choice("", a.name, a.doc, a.symbol, a.category, key=a.key)


def choices(
    typed: str, situation: Situation | None = None, more: Iterable[Addition] = ()
) -> list[Choice]:
    """What fits the text typed, the best first; ``more`` may be added besides operations."""
    now = situation or Situation()
    number = number_typed(typed)
    if number is not None:
        text = short(number)
        leaves = [
            Choice("tensor", f"constant {text}", CONSTANT.doc, "c", "const", value=number),
            Choice("tensor", f"parameter {text}", PARAMETER.doc, "θ", "leaf", True, number),
        ]
        return [] if now.inputs_only else leaves
    ops = (op for op in OPS.values() if op.addable and op.name != "tensor")
    scored = [
        (fit + leaning(op, now, typed), -place, of_op(op))
        for place, op in enumerate(ops)
        if (op.ports or not now.inputs_only) and (fit := score(typed, op))
    ]
    if not now.inputs_only:
        scored += [(leaf_score(typed, c), 1, c) for c in (PARAMETER, CONSTANT)]
    if typed.strip():
        scored += [(fits(typed, a), -len(scored), of_addition(a)) for a in more]
    fitting = [entry for entry in scored if entry[0] > 0]
    ranked = sorted(fitting, key=lambda entry: (entry[0], entry[1]), reverse=True)
    found = [choice for _, _, choice in ranked[:MOST]]
    likely = len(typed.strip()) < 2 or now.feeding
    ahead = min(AHEAD, sum(entry[0] >= (EXACT if likely else WHOLE) for entry in ranked))
    found[ahead:ahead] = [] if now.inputs_only else leaves_named(typed, now)
    return found


def number_typed(typed: str) -> float | None:
    """The number that was typed, or None where it is something else."""
    try:
        value = float(typed.strip().replace(MINUS, "-").replace("_", "?"))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def leaves_named(typed: str, now: Situation) -> list[Choice]:
    """Leaves of the name typed, where it can be one and no node has it."""
    name = typed.strip()
    if not name.isidentifier() or keyword.iskeyword(name) or name in now.taken or name in OPS:
        return []
    return [
        Choice("tensor", f"parameter {name}", PARAMETER.doc, "θ", "leaf", True, name=name),
        Choice("tensor", f"constant {name}", CONSTANT.doc, "c", "const", name=name),
    ]


def score(typed: str, op: Op) -> int:
    """How well an operation fits: its name before aliases, path, symbol, family, description."""
    wanted = typed.strip().casefold()
    wanted = TYPED.get(wanted, wanted)
    if not wanted:
        return 1
    if wanted in (op.symbol.casefold(), op.name.casefold()):
        return 5000
    if wanted in op.aliases or wanted == op.public_path.casefold():
        return 4000
    named = 2 * match_score(wanted, op.name)
    alias = max((match_score(wanted, a) for a in (*op.aliases, *op.search)), default=0)
    above, _, last = wanted.rpartition(".")
    path = 3900 if above and last == op.base_name.casefold() else 0
    family = match_score(wanted, op.family) // 4
    described = 40 if wanted in op.doc.casefold() else 0
    return max(named, alias, path, family, described)


def leaf_score(typed: str, leaf: Choice) -> int:
    """How well a leaf fits; with nothing typed leaves come first."""
    wanted = typed.strip()
    return 2 * match_score(wanted, leaf.title) if wanted else 1000


def leaning(op: Op, now: Situation, typed: str) -> int:
    """How much a fitting operation is preferred: it suits what was pulled, or is in use."""
    common = 0 if typed.strip() or op.name not in COMMON else 40 - COMMON.index(op.name)
    used = 12 * min(now.used.get(op.name, 0), USED_MOST)
    return max(0, common + used + 60 * suits(op, now.pulled) + (0 if typed.strip() else 60))


def suits(op: Op, pulled: Array | None) -> int:
    """Whether a value can be meant for an operation: 1, 0 where it may be, −1 where hardly."""
    if pulled is None:
        return 0
    if pulled.dtype.kind == "b":
        return 1 if op.family in OF_TRUTHS or op.name == "where" else -1
    if op.family == "Logic":
        return -1
    if pulled.ndim == 0:
        return 1 if op.category == "elem" else -1
    if op.category == "linalg":
        return 1 if pulled.ndim > 1 else 0
    return 1 if op.category in ("reduce", "loss") else 0
