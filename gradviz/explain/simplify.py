"""Rules with what is trivial in them left out: products by one, numbers worked out."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable

FOLD: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
}  # fmt: skip


def number_of(node: ast.AST) -> float | None:
    """The number a node is; None where it is none."""
    if isinstance(node, ast.Constant) and isinstance(node.value, (bool, int, float)):
        return node.value + 0
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = number_of(node.operand)
        return None if inner is None else -inner
    return None


def is_number(node: ast.AST, value: float) -> bool:
    """Whether a node is this number."""
    return number_of(node) == value


def constant(value: float) -> ast.expr:
    """A number as a node, a negative one as a sign before one."""
    return ast.UnaryOp(ast.USub(), ast.Constant(-value)) if value < 0 else ast.Constant(value)


def negative(node: ast.expr) -> ast.expr:
    """The same with its sign turned."""
    value = number_of(node)
    if value is not None:
        return constant(-value)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return node.operand
    return ast.UnaryOp(ast.USub(), node)


def simplify(node: ast.expr) -> ast.expr:
    """The same value, without products by one and with sums of numbers worked out."""
    if isinstance(node, ast.Call):
        node.args = [simplify(a) for a in node.args]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return negative(simplify(node.operand))
    if isinstance(node, ast.BinOp):
        return simplify_pair(simplify(node.left), node.op, simplify(node.right))
    return node


def simplify_pair(left: ast.expr, sign: ast.operator, right: ast.expr) -> ast.expr:
    """Two operands and their sign, simplified."""
    a, b = number_of(left), number_of(right)
    if a is not None and b is not None and type(sign) in FOLD:
        return constant(FOLD[type(sign)](a, b))
    if isinstance(sign, ast.Mult):
        return simplify_product(left, right)
    if isinstance(sign, ast.Div) and b in (1, -1):
        return left if b == 1 else negative(left)
    if isinstance(sign, ast.Div) and isinstance(left, ast.UnaryOp):
        return negative(ast.BinOp(left.operand, sign, right))
    if isinstance(sign, ast.Pow) and b in (0, 1):
        return left if b == 1 else ast.Constant(1)
    return ast.BinOp(left, sign, right)


def simplify_product(left: ast.expr, right: ast.expr) -> ast.expr:
    """A product: nothing for a factor of zero, the other factor for one of one."""
    for factor, other in ((left, right), (right, left)):
        value = number_of(factor)
        if value == 0:
            return ast.Constant(0)
        if value == 1:
            return other
        if value == -1:
            return negative(other)
    if isinstance(left, ast.UnaryOp) and number_of(left) is None:
        return negative(simplify_product(left.operand, right))
    return over_one(left, right) or ast.BinOp(left, ast.Mult(), right)


def over_one(left: ast.expr, right: ast.expr) -> ast.expr | None:
    """``1 / a * b`` as ``b / a``; None where the left is no such quotient."""
    if isinstance(left, ast.BinOp) and isinstance(left.op, ast.Div) and is_number(left.left, 1):
        return ast.BinOp(right, ast.Div(), left.right)
    return None
