"""What an explanation is made of: spans of a sentence, rows of a ledger, formulas."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from gradviz.numbers import shape_text, short
from gradviz.ops.spec import Array

SpanKind = Literal["plain", "strong", "value", "gradient", "tangent", "name", "muted"]


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a sentence, and what it is: that decides its colour."""

    text: str
    kind: SpanKind = "plain"


Sentence = tuple[Span, ...]
"""Spans one after the other."""


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """What one input of the step's node is sent, with the factors it is made of.

    ``local`` is the local derivative where the contribution is upstream × local, element by
    element (else None: ``symbol`` is the whole rule). ``symbol`` is the local derivative in
    LaTeX, ``local_formula`` the same as an equation with its number. ``summed_axes`` are those
    over which the gradient was added up because the input had been broadcast. ``term`` of
    ``terms`` counts the contributions the input's source gets in this pass; ``accumulated`` is
    their sum so far and ``earlier`` the last few before this one. ``kink`` says what slopes
    meet here and which one PyTorch takes. A row that is not ``needed`` is sent nothing.
    """

    port: int
    name: str
    source: str | None
    upstream: Array
    symbol: str = ""
    local_formula: str = ""
    local: Array | None = None
    contribution: Array | None = None
    raw_shape: tuple[int, ...] = ()
    summed_axes: tuple[int, ...] = ()
    accumulated: Array | None = None
    term: int = 1
    terms: int = 1
    earlier: tuple[Array, ...] = ()
    kink: str = ""

    @property
    def sent(self) -> Array:
        """The contribution of a row that is needed."""
        assert self.contribution is not None, "asked only of rows that are sent something"
        return self.contribution

    @property
    def needed(self) -> bool:
        """Whether a gradient is sent here."""
        return self.contribution is not None


@dataclass(frozen=True, slots=True)
class Landing:
    """What a leaf's ``.grad`` becomes: what it held ``before`` (None: nothing) plus ``arrived``.

    ``terms`` are the parts of ``arrived`` where the leaf was used more than once: that sum is
    within a pass, the other one across passes.
    """

    name: str
    before: Array | None
    arrived: Array
    after: Array
    terms: tuple[Array, ...] = ()


@dataclass(frozen=True, slots=True)
class InputRow:
    """What a step of the forward pass takes in by one port.

    ``stretched``: the shape it is broadcast to, where that is not its own.
    """

    port: int
    name: str
    source: str
    value: Array
    stretched: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class TangentRow:
    """What one input adds to a node's tangent in forward mode: ``slope`` × ``tangent`` = ``term``.

    ``slope`` is None where the slope is no factor element by element.
    """

    port: int
    name: str
    source: str
    tangent: Array
    slope: Array | None
    term: Array


@dataclass(frozen=True, slots=True)
class Explanation:
    """A step in words, formulas and numbers.

    ``sentences`` are paragraphs of spans. ``formulas`` are LaTeX, in which ``\\textcolor{val}``
    and ``\\textcolor{grad}`` mark values and gradients. ``rows`` are the ledger of a step through
    an operation, ``landing`` that of one that arrives at a leaf, ``inputs`` what a step of the
    forward pass reads, ``tangents`` what one of forward mode adds up.
    """

    title: str
    sentences: tuple[Sentence, ...]
    rows: tuple[LedgerRow, ...] = ()
    formulas: tuple[str, ...] = ()
    landing: Landing | None = None
    inputs: tuple[InputRow, ...] = ()
    tangents: tuple[TangentRow, ...] = ()

    def followed_by(self, sentence: Sentence) -> Explanation:
        """The same with one more sentence at the end."""
        return replace(self, sentences=(*self.sentences, sentence))

    def text(self) -> str:
        """The sentences as plain text, a line a paragraph."""
        return "\n".join("".join(span.text for span in sentence) for sentence in self.sentences)


SMALL = 6
"""The most elements of a tensor that a sentence writes out."""


def amount(value: Array) -> str:
    """A number; the numbers of a small tensor; of another, what shape of numbers it is."""
    array = np.asarray(value)
    if array.size == 1:
        return short(array.item())
    if array.size == 0 or array.size > SMALL:
        return f"a {shape_text(array.shape)} tensor"
    return written_out(array)


def written_out(array: Array) -> str:
    """The numbers of a tensor in square brackets, a pair for each dimension."""
    if array.ndim == 0:
        return short(array.item())
    return f"[{', '.join(written_out(part) for part in array)}]"


def scalar(value: Array) -> bool:
    """Whether there is just one number."""
    return np.size(value) == 1
