"""Pieces of an expression as text, put together with no more brackets than it takes."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from string import Formatter

ATOM, POSTFIX, POWER, SIGN, LOWEST = 12, 11, 10, 9, 0
RANKS: Mapping[type[ast.AST], int] = {
    ast.Pow: POWER, ast.USub: SIGN, ast.Invert: SIGN, ast.Mult: 8, ast.Div: 8, ast.FloorDiv: 8,
    ast.Mod: 8, ast.MatMult: 8, ast.Add: 7, ast.Sub: 7, ast.Compare: 1,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text, how tightly it binds, and how many calls deep it is."""

    text: str
    rank: int = ATOM
    depth: int = 0

    def within(self, rank: int) -> str:
        """The text, in brackets where it binds less tightly than ``rank``."""
        return self.text if self.rank >= rank else f"({self.text})"


def by_name(name: str, piece: Piece) -> Piece:
    """An argument with its name before it."""
    return Piece(f"{name}={piece.text}", LOWEST, piece.depth)


def joined(members: list[Piece]) -> Piece:
    """Pieces side by side."""
    return Piece(
        ", ".join(m.text for m in members), LOWEST, max((m.depth for m in members), default=0)
    )


@cache
def template_fields(template: str) -> tuple[str, ...]:
    """The names that stand in an operation's template."""
    return tuple(name for _, name, _, _ in Formatter().parse(template) if name)


@cache
def template_ranks(template: str) -> tuple[int, Mapping[str, int]]:
    """How tightly an operator binds, and how tightly each of its operands must."""
    fields = template_fields(template)
    node = ast.parse(template.format(**{f: f for f in fields}), mode="eval").body
    if isinstance(node, ast.BinOp):
        rank = RANKS[type(node.op)]
        left, right = (rank + 1, SIGN) if isinstance(node.op, ast.Pow) else (rank, rank + 1)
        return rank, dict(zip(fields, (left, right), strict=True))
    if isinstance(node, ast.UnaryOp):
        return SIGN, dict.fromkeys(fields, SIGN)
    if isinstance(node, ast.Compare):
        return RANKS[ast.Compare], dict.fromkeys(fields, RANKS[ast.Compare] + 1)
    inner = {f: LOWEST for f in fields}
    return POSTFIX, {**inner, fields[0]: POSTFIX}


def operator(template: str, operands: Mapping[str, Piece | None]) -> Piece:
    """An operation's template with its operands in it, in brackets where they need them."""
    rank, needed = template_ranks(template)
    pieces = {f: operands[f] for f in needed}
    texts = {f: p.within(needed[f]) for f, p in pieces.items() if p is not None}
    depth = max(p.depth for p in pieces.values() if p is not None)
    return Piece(template.format(**texts), rank, depth + 1)
