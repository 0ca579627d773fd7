"""What is said of arguments that fit no overload, in PyTorch's words.

Only the text is made here; that they do not fit is found in :mod:`gradviz.tensor.binding`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

from gradviz.ops.kinds import is_sequence
from gradviz.ops.spec import REQUIRED, Attr, Op, Port

KIND_WORDS = {
    "number": "Number", "dim": "int", "dims": "tuple of ints", "shape": "tuple of ints",
    "dtype": "torch.dtype", "choice": "str", "text": "str",
}  # fmt: skip


def called_name(op: Op) -> str:
    """The name an operation goes by in messages: ``linalg_det`` for ``torch.linalg.det``."""
    place, _, name = op.public_path.removeprefix("torch.").rpartition(".")
    return f"{place}_{name}" if place in ("linalg", "special") else op.base_name


def argument_order(op: Op) -> list[str]:
    """The names of arguments in the order they are given by position."""
    named = [p.name for p in op.ports] + [a.name for a in op.attrs if not a.keyword_only]
    return [*op.arguments, *(n for n in named if n not in op.arguments)]


def misfit(op: Op, name: str, wanted: str, value: Any, given: int) -> str:
    """An argument of the wrong kind; ``given``: how many arguments were given without a name."""
    index = argument_order(op).index(name) if name in argument_order(op) else given
    return wrong_kind(called_name(op), name, index if index < given else None, wanted, value)


def wrong_kind(called: str, name: str, position: int | None, wanted: str, value: Any) -> str:
    """An argument of the wrong kind, given without a name at ``position``, or by its name."""
    where = "" if position is None else f" (position {position + 1})"
    start = f"{called}(): argument '{name}'{where} must be {wanted}, "
    if wanted == "tuple of ints" and is_sequence(value):
        place, item = next((i, v) for i, v in enumerate(value) if not hasattr(v, "__index__"))
        return f"{start}but found element of type {type(item).__name__} at pos {place}"
    return f"{start}not {type(value).__name__}"


def lacking(op: Op, names: Sequence[str]) -> str:
    """Arguments that must be given and are not."""
    listed = ", ".join(f'"{name}"' for name in names)
    return f"{called_name(op)}() missing {len(names)} required positional arguments: {listed}"


def too_many(op: Op, given: int) -> str:
    """More arguments without a name than there are places."""
    takes = len(argument_order(op))
    plural = "" if takes == 1 else "s"
    were = "was" if given == 1 else "were"
    return f"{called_name(op)}() takes {takes} positional argument{plural} but {given} {were} given"


def forms(op: Op) -> list[str]:
    """The ways to call an operation: of tensors only, then with a number for one of them."""
    choices = [("Tensor", "Number") if p.number and not op.of_numbers else ("Tensor",)
               for p in op.ports]  # fmt: skip
    found: list[str] = []
    for kinds in sorted(product(*choices), key=lambda kinds: [k == "Number" for k in kinds[::-1]]):
        if not kinds or "Tensor" in kinds:
            found.append(form(op, kinds))
    return found


def form(op: Op, kinds: Sequence[str]) -> str:
    """One way to call an operation: ``(Tensor input, int dim, bool keepdim = False)``."""
    words = {p.name: port_words(p, kind) for p, kind in zip(op.ports, kinds, strict=True)}
    words |= {a.name: attr_words(a) for a in op.attrs}
    order = argument_order(op)
    listed = [words[name] for name in order if name in words]
    by_name = [words[a.name] for a in op.attrs if a.name not in order]
    return f"({', '.join([*listed, '*', *by_name] if by_name else listed)})"


def port_words(port: Port, kind: str) -> str:
    """A tensor argument: ``Tensor other``."""
    if port.variadic:
        return f"tuple of Tensors {port.name}"
    return f"{kind} {port.name}" + (" = None" if port.optional else "")


def attr_words(attr: Attr) -> str:
    """Another argument: ``bool keepdim = False``."""
    start = f"{KIND_WORDS.get(attr.kind, attr.kind)} {attr.name}"
    return start if attr.default is REQUIRED else f"{start} = {attr.default!r}"


def complaint(
    overloads: Sequence[Op], problems: Sequence[str], args: Sequence[Any],
    kwargs: Mapping[str, Any],
) -> str:  # fmt: skip
    """What is wrong where there is one way to call; else what was given, and all the ways."""
    ways = [way for op in overloads for way in forms(op)]
    if len(ways) == 1:
        return problems[0]
    return no_way(called_name(overloads[0]), list(dict.fromkeys(ways)), args, kwargs)


def no_way(
    called: str, ways: Sequence[str], args: Sequence[Any], kwargs: Mapping[str, Any]
) -> str:  # fmt: skip
    """Arguments that fit none of several ways to call."""
    given = [type(a).__name__ for a in args]
    given += [f"{k}={type(v).__name__}" for k, v in kwargs.items()]
    listed = "".join(f"\n * {way}" for way in ways)
    return (
        f"{called}() received an invalid combination of arguments - got ({', '.join(given)}), "
        f"but expected one of:{listed}\n"
    )
