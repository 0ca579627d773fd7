"""Predict first: a typed guess at the next contribution, judged with the reason.

A wrong guess is held against the usual mistakes (another sign, a factor left out, a sum instead
of a term, an axis not summed, a transpose), and the first that gives the same numbers is named.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from gradviz.autograd.reading import RuleValues
from gradviz.explain.labels import label, quotient
from gradviz.explain.ledger import row_of
from gradviz.explain.model import LedgerRow, amount, scalar
from gradviz.explain.vjp import part_of, record_of
from gradviz.graph.evaluate import Evaluation
from gradviz.graph.seeds import parse_numbers
from gradviz.graph.walk import Sent, Walk, WalkStep
from gradviz.numbers import shape_text
from gradviz.ops.spec import Array

NEAR, NEARLY = 5e-3, 3e-2
"""Relative distances up to which a guess is right, and nearly so."""
SMALLEST = 1e-6

Mistake = Literal[
    "right", "close", "sign", "no upstream", "no local", "added", "divided", "sum", "whole",
    "not summed", "averaged", "transposed", "shape", "other",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a guess: whether it is ``right``, which ``mistake`` it is, and why.

    ``expected`` is the contribution; ``text`` gives it away only where the guess was right.
    """

    right: bool
    mistake: Mistake
    text: str
    expected: Array


def next_contributions(walk: Walk, moment: int) -> tuple[WalkStep, tuple[Sent, ...]] | None:
    """What a person at ``moment`` may predict: the next step that sends something, and what."""
    later = (step for step in walk.steps[moment:] if step.sent)
    step = next(later, None)
    return None if step is None else (step, step.sent)


def judge(
    evaluation: Evaluation, walk: Walk, step: WalkStep, port: int, text: str
) -> Verdict | None:
    """A typed guess at what ``step`` sends to its input at ``port``; None where it sends nothing.

    ValueError says what is wrong with the typed text.
    """
    sent = walk.contributions.get((step.node, port))
    if sent is None:
        return None
    row = row_of(evaluation, walk, step, label(evaluation.graph, sent.to), sent)
    guess = fitted(parse_numbers(text), sent.value)
    if guess.shape == sent.value.shape and near(guess, sent.value, NEAR):
        return Verdict(True, "right", right_text(row), sent.value)
    for mistake, usual, words in usual_mistakes(evaluation, walk, step, row):
        if guess.shape == usual.shape and near(guess, usual, NEAR):
            return Verdict(False, mistake, words, sent.value)
    return Verdict(False, *unusual(row, guess), sent.value)


def fitted(guess: Array, expected: Array) -> Array:
    """A single number stands for a tensor of one element, or one of nothing but equal ones."""
    if guess.size != 1 or not expected.size:
        return guess
    uniform = bool((expected == expected.reshape(-1)[0]).all())
    return np.full(expected.shape, guess.item()) if uniform else guess


def near(guess: Array, wanted: Array, part: float) -> bool:
    """Whether every number of a guess lies within this part of what is wanted."""
    return bool(np.allclose(guess, wanted, rtol=part, atol=SMALLEST, equal_nan=True))


def right_text(row: LedgerRow) -> str:
    """Why a right guess is right."""
    if row.local is not None and scalar(row.local) and scalar(row.upstream):
        product = f"{amount(row.upstream)} × {bracketed(row.local)}"
        return f"Right: {product} = {amount(row.sent)}."
    return f"Right: {row.name} is sent {amount(row.sent)}."


def bracketed(value: Array) -> str:
    """A factor, in brackets where it is negative."""
    return f"({amount(value)})" if value.item() < 0 else amount(value)


def usual_mistakes(
    evaluation: Evaluation, walk: Walk, step: WalkStep, row: LedgerRow
) -> Iterator[tuple[Mistake, Array, str]]:
    """The numbers that each usual mistake gives, with what to say of it."""
    name, here = row.name, label(evaluation.graph, step.node)
    yield "sign", -row.sent, f"The size is right, the sign is not: {sign_text(row)}."
    raw = raw_of(evaluation, step, row.port)
    if raw.shape != row.sent.shape and row.summed_axes:
        axes = ", ".join(map(str, row.summed_axes))
        wide = f"{shape_text(raw.shape)}, but {name} is {shape_text(row.sent.shape)}"
        yield (
            "not summed", raw,
            f"That is before the broadcast is summed: it is {wide}, so sum it over axis {axes}.",
        )  # fmt: skip
        share = row.sent.size / raw.size
        words = f"That is the mean over axis {axes}: what comes back from a broadcast is summed."
        yield "averaged", row.sent * share, words
    assert row.source is not None, "asked only of inputs that are sent something"
    yield from of_factors(row, here, quotient(evaluation.graph, step.node, row.source))
    yield from of_sums(walk, row)
    if row.sent.ndim == 2:
        words = f"That is transposed: a gradient has the shape of {name}, "
        yield "transposed", row.sent.T, f"{words}{shape_text(row.sent.shape)}."


def sign_text(row: LedgerRow) -> str:
    """Why the sign of a contribution is what it is."""
    if row.local is None or not (scalar(row.local) and scalar(row.upstream)):
        return "follow the signs of what arrived and of the local derivative"
    arrived, local = (sign_word(value) for value in (row.upstream, row.local))
    return f"what arrived is {arrived}, and the local derivative is {local}"


def sign_word(value: Array) -> str:
    """``negative`` or ``positive``."""
    return "negative" if value.item() < 0 else "positive"


def of_factors(row: LedgerRow, here: str, shown: str) -> Iterator[tuple[Mistake, Array, str]]:
    """Mistakes with the two factors of a product."""
    if row.local is not None:
        words = f"That is the local derivative {shown} alone: it is still to be multiplied by "
        yield "no upstream", row.local, f"{words}what arrived, {amount(row.upstream)}."
    words = f"That is what arrived at {here}: it is still to be multiplied by the local derivative "
    yield "no local", row.upstream, f"{words}{shown}."
    if row.local is not None:
        with np.errstate(all="ignore"):
            words = "The chain rule multiplies what arrived and the local derivative: "
            yield "added", np.asarray(row.upstream + row.local), f"{words}it does not add them."
            yield "divided", np.asarray(row.upstream / row.local), f"{words}it does not divide."


def of_sums(walk: Walk, row: LedgerRow) -> Iterator[tuple[Mistake, Array, str]]:
    """At a fan-out: a sum given in place of this term."""
    if row.terms < 2 or row.source is None or row.accumulated is None:
        return
    asked = "asked for is this term alone"
    yield "sum", row.accumulated, f"That is the sum at {row.name} so far, this term in it: {asked}."
    whole = walk.gradients.get(row.source)
    if whole is not None:
        yield "whole", whole, f"That is the whole gradient of {row.name}: {asked}."


def raw_of(evaluation: Evaluation, step: WalkStep, port: int) -> Array:
    """What the rule gives before it is summed to the input's shape."""
    record = record_of(evaluation, step.node)
    with np.errstate(all="ignore"):
        return np.asarray(part_of(record, RuleValues(record, list(step.upstreams), False), port))


def unusual(row: LedgerRow, guess: Array) -> tuple[Mistake, str]:
    """What to say of a guess that is no usual mistake."""
    if guess.shape != row.sent.shape:
        wanted, given = shape_text(row.sent.shape), shape_text(guess.shape)
        return "shape", f"What {row.name} is sent has its shape, {wanted}; yours is {given}."
    if near(guess, row.sent, NEARLY):
        return "close", "Nearly: give it with one more digit."
    if not scalar(guess):
        hits = int(np.isclose(guess, row.sent, rtol=NEAR, atol=SMALLEST, equal_nan=True).sum())
        if hits:
            return "other", f"{hits} of {guess.size} elements are right."
    arrived = f"what arrived, {amount(row.upstream)},"
    if row.local is None:
        return "other", f"Not so: put {arrived} through the rule of this operation."
    return "other", f"Not so: multiply {arrived} by the local derivative."
