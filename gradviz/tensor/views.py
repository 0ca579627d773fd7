"""How a view came of what it views, so that it can follow where memory is written to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from gradviz.ops.spec import Op

RESHAPED = (
    "a view cannot follow its base onto the tape: the base was given another shape in place after "
    "the view was made; make the view again"
)


class ViewStep(NamedTuple):
    """One operation on the way from a tensor to a view of it; ``output``: which, of several."""

    op: Op
    attrs: Mapping[str, Any]
    output: int | None


def replay(base: Any, chain: tuple[ViewStep, ...]) -> Any:
    """Apply a chain of view operations to ``base`` again."""
    for op, attrs, output in chain:
        result = base.__gradviz_apply__(op, (base,), attrs)
        base = result if output is None else result[output]
    return base


def same_place(view: Any, base: Any, chain: tuple[ViewStep, ...]) -> Any:
    """A view of ``base`` made again; an error where that has another shape by now."""
    try:
        made = replay(base, chain)
    except (IndexError, RuntimeError):
        raise RuntimeError(RESHAPED) from None
    if made.array.shape != view.array.shape or made.array.strides != view.array.strides:
        raise RuntimeError(RESHAPED)
    return made
