"""Wrong inputs from PyTorch's own tables of operations: the same exception here, in the same words.

PyTorch is needed for this, and left out of an ordinary run where it is not installed.
"""

from __future__ import annotations

import importlib
import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pytest

import gradviz as gv

torch = pytest.importorskip("torch")
pytest.importorskip("expecttest")

LEAST = 0.9
"""The least share of messages that must be PyTorch's own."""

TYPES = {"bool", "byte", "char", "double", "float", "half", "int", "long", "short"}
SWAPPED: dict[str, Callable[[Any], Callable[..., Any]]] = {
    "where": lambda f: lambda x, condition, other: f(condition, x, other),
    "einsum": lambda f: lambda tensors, equation: f(equation, *tensors),
    "polygamma": lambda f: lambda x, n: f(n, x),
    "special.polygamma": lambda f: lambda x, n: f(n, x),
    "nn.functional.embedding": lambda f: lambda weight, index, **k: f(index, weight, **k),
}
"""Operations whose samples give the arguments in another order than the function takes them."""


class Inexpressible(Exception):
    """These inputs have nothing that stands for them here; the message says what."""


@dataclass(frozen=True)
class Verdict:
    """What both libraries make of one wrong input."""

    where: str
    theirs: Exception
    mine: Exception | None
    pattern: str

    @property
    def same_type(self) -> bool:
        return type(self.mine).__name__ == type(self.theirs).__name__

    @property
    def same_message(self) -> bool:
        if self.mine is None:
            return False
        found = re.search(self.pattern, str(self.mine))
        return found is not None and words(self.mine) == words(self.theirs)

    def __str__(self) -> str:
        return (
            f"{self.where}\n    torch   {type(self.theirs).__name__}: {words(self.theirs)}"
            f"\n    gradviz {type(self.mine).__name__}: {words(self.mine)}"
        )


def words(problem: Exception | None) -> str:
    """A message; of one that lists every way to call, what comes before the list."""
    return str(problem).partition("but expected one of:")[0].strip()


def found(op: Any) -> Callable[..., Any] | None:
    """What is called as ``op`` under ``torch``, or on tensors; None where it is not here."""
    name = op.name
    if op.variant_test_name == "in_place":
        return getattr(gv.Tensor, f"{name}_", None)
    if name in TYPES:
        return getattr(gv.Tensor, name, None)
    target: Any = gv
    for part in name.split("."):
        target = getattr(target, part, None)
        if target is None:
            target = getattr(gv.Tensor, name, None)
            break
    return SWAPPED[name](target) if target is not None and name in SWAPPED else target


class Carrier:
    """Carries inputs over; tensors on the same memory are on the same memory here too."""

    def __init__(self) -> None:
        self.memories: dict[int, Any] = {}
        self.made: dict[int, Any] = {}

    def carry(self, value: Any) -> Any:
        """``value`` with the tensors, types and sizes of PyTorch turned into those here."""
        if isinstance(value, torch.Tensor):
            if id(value) not in self.made:
                self.made[id(value)] = self.tensor(value)
            return self.made[id(value)]
        if isinstance(value, torch.dtype):
            return self.named("type", value)
        if isinstance(value, torch.layout):
            return self.named("layout", value)
        if isinstance(value, torch.device):
            return gv.device(str(value))
        if isinstance(value, torch.Size):
            return tuple(value)
        if isinstance(value, complex):
            raise Inexpressible("there are no complex numbers")
        if isinstance(value, (list, tuple)):
            return type(value)(self.carry(v) for v in value)
        if isinstance(value, dict):
            return {k: self.carry(v) for k, v in value.items()}
        return value

    def named(self, kind: str, value: Any) -> Any:
        """A constant of the package, by its name."""
        name = str(value).removeprefix("torch.")
        if not hasattr(gv, name):
            raise Inexpressible(f"there is no {kind} {name}")
        return getattr(gv, name)

    def tensor(self, value: Any) -> Any:
        """A tensor on memory that lies as PyTorch's does."""
        if value.device.type != "cpu":
            raise Inexpressible(f"there is no device {value.device.type}")
        if value.dtype.is_complex:
            raise Inexpressible("there are no complex numbers")
        if value.layout is not torch.strided:
            raise Inexpressible(f"there is no layout {str(value.layout).removeprefix('torch.')}")
        self.named("type", value.dtype)
        if value.ndim > 64:
            raise Inexpressible("arrays have 64 dimensions at most")
        memory = value.untyped_storage()
        # A copy first: memory that NumPy has seen can not be resized any more.
        if memory.data_ptr() not in self.memories:
            whole = torch.empty(0, dtype=value.dtype).set_(memory.clone())
            self.memories[memory.data_ptr()] = whole.numpy()
        flat = self.memories[memory.data_ptr()]
        strides = tuple(s * flat.itemsize for s in value.stride())
        start = value.storage_offset() * flat.itemsize
        array = np.ndarray(tuple(value.shape), flat.dtype, flat, start, strides)
        mine = gv.from_numpy(array)
        return mine.requires_grad_() if value.requires_grad else mine


def problem_of(function: Callable[..., Any], args: Any, kwargs: Any) -> Exception | None:
    """The exception that a call ends in."""
    try:
        function(*args, **kwargs)
    except Exception as problem:
        return problem
    return None


def judged(op: Any, function: Callable[..., Any]) -> Iterator[Verdict | str]:
    """The verdict on each wrong input of ``op``, or the reason why there is none."""
    # Not op.error_inputs: that looks through the whole stack of calls for each input.
    for index, wrong in enumerate(op.error_inputs_func(op, "cpu")):
        sample = wrong.sample_input
        where = ".".join(filter(None, [op.name, op.variant_test_name])) + f"[{index}]"
        given = [sample.input, *sample.args]
        try:
            carrier = Carrier()
            mine_args, mine_kwargs = carrier.carry(given), carrier.carry(sample.kwargs)
        except Inexpressible as reason:
            yield f"{where}: {reason}"
            continue
        theirs = problem_of(op, given, sample.kwargs)
        if theirs is None:
            yield f"{where}: PyTorch itself accepts it"
            continue
        mine = problem_of(function, mine_args, mine_kwargs)
        yield Verdict(where, theirs, mine, wrong.error_regex)


@cache
def verdicts() -> tuple[list[Verdict], list[str]]:
    """Every verdict, and every input left out with the reason."""
    tables: Any = importlib.import_module("torch.testing._internal.common_methods_invocations")
    compared: list[Verdict] = []
    left_out: list[str] = []
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        torch.manual_seed(0)
        for op in tables.op_db:
            function = found(op) if op.error_inputs_func is not None else None
            if function is None:
                continue
            for verdict in judged(op, function):
                if isinstance(verdict, str):
                    left_out.append(verdict)
                else:
                    compared.append(verdict)
    return compared, left_out


def test_wrong_inputs_raise_the_same_type_of_exception():
    compared, _ = verdicts()
    different = [v for v in compared if not v.same_type]
    listed = "\n".join(map(str, different))
    assert not different, f"{len(different)} of {len(compared)} raise another type:\n{listed}"


def test_nine_in_ten_messages_are_the_same():
    compared, _ = verdicts()
    different = [v for v in compared if not v.same_message]
    share = 1 - len(different) / len(compared)
    listed = "\n".join(map(str, different))
    assert share >= LEAST, f"{share:.1%} of {len(compared)} say the same; these do not:\n{listed}"


LEFT_OUT = {
    "PyTorch itself accepts it": 5,
    "there are no complex numbers": 10,
    "there is no device meta": 2,
    "there is no type bfloat16": 11,
    "there is no layout sparse_coo": 11,
    "arrays have 64 dimensions at most": 6,
}
"""Why inputs are left out, and how many at most for each reason."""


def test_inputs_are_left_out_only_where_nothing_here_stands_for_them():
    compared, left_out = verdicts()
    reasons = [line.partition(": ")[2] for line in left_out]
    counts = {reason: reasons.count(reason) for reason in set(reasons)}
    assert len(compared) > 500
    assert set(counts) <= set(LEFT_OUT), left_out
    assert all(counts[r] <= LEFT_OUT[r] for r in counts), left_out
