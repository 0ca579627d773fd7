"""Gradient rules as mathematics: the expressions of the operation table in LaTeX."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

from gradviz.explain.labels import TEX_CALLS, TEX_NAMES, ten_latex
from gradviz.explain.names import latex_name

Replace = Callable[[str], str | None]
SIGNS: dict[type[ast.operator], str] = {
    ast.Add: " + ", ast.Sub: " - ", ast.Mult: r" \cdot ", ast.MatMult: r" \, ", ast.Mod: r" \bmod ",
    ast.BitAnd: r" \wedge ", ast.BitOr: r" \vee ",
}  # fmt: skip
COMPARE: dict[type[ast.cmpop], str] = {
    ast.Eq: "=", ast.NotEq: r"\neq", ast.Lt: "<", ast.LtE: r"\leq", ast.Gt: ">", ast.GtE: r"\geq",
}  # fmt: skip
PRODUCTS = ("matmul", "mm", "mv", "bmm")
UNSAID = r"\ldots"
SPREADING = ("over_classes", "beside")
"""They only lay out anew what they are given."""
TRANSPOSES = ("t", "transpose")
_CALL = re.compile(r"\\(?:[a-z]+|mathrm\{[\w\\]+\})\([^()]*\)")
IF = r" \; \mathrm{if} \; "
APART = (" + ", " - ", IF)
LOOSE = (ast.Add, ast.Sub, ast.BitAnd, ast.BitOr)


def to_latex(node: ast.expr, replace: Replace) -> str:
    """An expression of a rule in LaTeX, its names put through ``replace``."""
    if isinstance(node, ast.Name):
        replaced = replace(node.id)
        return latex_name(node.id) if replaced is None else replaced
    if isinstance(node, ast.Constant):
        return format_constant(node.value)
    if isinstance(node, ast.UnaryOp):
        sign = "-" if isinstance(node.op, ast.USub) else r"\neg "
        return sign + factor(node.operand, replace)
    if isinstance(node, ast.BinOp):
        return binary_latex(node, replace)
    if isinstance(node, ast.Compare):
        sides = to_latex(node.left, replace), to_latex(node.comparators[0], replace)
        return f"{sides[0]} {COMPARE[type(node.ops[0])]} {sides[1]}"
    if isinstance(node, ast.Call):
        return call_latex(node, replace)
    return UNSAID


def format_constant(value: object) -> str:
    """A constant of a rule: ``2`` for ``2.0``, four digits of a long one."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else ten_latex(f"{value:.4g}")
    return str(value)


def is_sum(node: ast.expr) -> bool:
    """Whether an expression must stand in brackets beside a tighter sign."""
    return isinstance(node, (ast.Compare, ast.IfExp)) or (
        isinstance(node, ast.BinOp) and isinstance(node.op, LOOSE)
    )


def factor(node: ast.expr, replace: Replace) -> str:
    """An operand of a product, in brackets where it is a sum or has a sign."""
    text = to_latex(node, replace)
    looks_loose = is_sum(node) or text.startswith("-") or any(s in text for s in APART)
    return f"({text})" if looks_loose and not is_closed(text) else text


def is_closed(text: str) -> bool:
    """Whether a formula's outermost thing is a fraction, root, call or pair of brackets."""
    depth = 0
    for index, mark in enumerate(text):
        depth += mark in "({"
        depth -= mark in ")}"
        if depth == 0 and text[index:].startswith(APART):
            return False
    return not text.startswith("-")


def binary_latex(node: ast.BinOp, replace: Replace) -> str:
    """A sum, product, quotient or power in LaTeX."""
    left, right = node.left, node.right
    if isinstance(node.op, ast.Div):
        return rf"\frac{{{to_latex(left, replace)}}}{{{to_latex(right, replace)}}}"
    if isinstance(node.op, ast.Pow):
        return f"{base(left, replace)}^{{{to_latex(right, replace)}}}"
    sign = SIGNS.get(type(node.op), r" \circ ")
    if isinstance(node.op, LOOSE):
        tight = isinstance(node.op, ast.Sub)
        second = factor(right, replace) if tight else to_latex(right, replace)
        return to_latex(left, replace) + sign + second
    return factor(left, replace) + sign + factor(right, replace)


def base(node: ast.expr, replace: Replace) -> str:
    """What is raised to a power, in brackets unless it is one sign."""
    text = to_latex(node, replace)
    simple = text.replace("\\", "").replace("_", "").replace("{", "").replace("}", "")
    single = isinstance(node, (ast.Name, ast.Constant)) and simple.isalnum()
    called = _CALL.fullmatch(text) is not None
    return text if single or called else f"({text})"


def call_latex(node: ast.Call, replace: Replace) -> str:
    """A function's value in LaTeX; sizes and dimensions among its arguments are left out."""
    name = node.func.id if isinstance(node.func, ast.Name) else ast.unparse(node.func)
    shown = [a for a in node.args if is_shown(a, replace)] or node.args[:1]
    found = [to_latex(a, replace) for a in shown]
    args = [text for text in found if text != UNSAID] or found
    if name in PRODUCTS and len(shown) == 2:
        return rf"{factor(shown[0], replace)} \, {factor(shown[1], replace)}"
    if name == "outer" and len(shown) == 2:
        return rf"{factor(shown[0], replace)} \, {base(shown[1], replace)}^{{\top}}"
    if name in SPREADING:
        return factor(node.args[0], replace)
    if name == "target_weights":
        return rf"\mathrm{{weights}}({to_latex(node.args[1], replace)})"
    if name == "new_zeros":
        return r"\mathbf{0}"
    if name in ("getitem", "setitem") and args:
        return part_latex(name, node.args, replace)
    if name in TRANSPOSES and args:
        return rf"{base(shown[0], replace)}^{{\top}}"
    if name == "where" and len(node.args) == 3:
        condition, then, other = (to_latex(a, replace) for a in node.args)
        return rf"{then}{IF}{condition} \; \mathrm{{else}} \; {other}"
    if name in TEX_CALLS and len(args) == 1:
        return TEX_CALLS[name] % args[0]
    head = TEX_NAMES.get(name) or r"\mathrm{" + name.replace("_", r"\_") + "}"
    return f"{head}({', '.join(args)})"


def part_latex(name: str, args: list[ast.expr], replace: Replace) -> str:
    """Part of a tensor, or a tensor with another part put in, as ``x[0] \\leftarrow v``."""
    whole = to_latex(args[0], replace)
    if is_sum(args[0]) or whole.startswith("-"):
        whole = f"({whole})"
    part = f"{whole}[{replace('[index]') or 'index'}]"
    return part if name == "getitem" else rf"{part} \leftarrow {to_latex(args[1], replace)}"


def is_shown(node: ast.expr, replace: Replace) -> bool:
    """Whether an argument holds a value, rather than a size, a place or a mode."""
    names = [n.id for n in ast.walk(node) if isinstance(n, ast.Name)]
    return any(replace(n) is not None for n in names)
