"""Random programs of the table's operations give here what they give in PyTorch.

A program is text that runs with either library under the name ``torch``. It is written line by
line while PyTorch runs it: a line that PyTorch refuses, or whose result no two libraries could
agree on (not finite, huge, a rounding error away from a kink), is left out again.
"""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, note, settings
from hypothesis import strategies as st

import gradviz as gv
from gradviz.graph.tape import TapeError
from gradviz.ops import OPS, Example, Op
from gradviz.program import FormulaError, source
from gradviz.tensor import Tensor, apply

torch: Any = pytest.importorskip("torch")

# Continuous checks ask for more than the everyday suite.
PROGRAMS = int(os.environ.get("GRADVIZ_RANDOM_PROGRAMS", "200"))
LARGEST, MOST_ELEMENTS, MOST_DIMS = 30.0, 48, 4

PROLOGUE = """\
import torch

def near(values, x):
    base = torch.tensor(values, dtype=x.dtype)
    parts = x.reshape(-1).repeat(base.numel())[: base.numel()]
    return base + 0.0625 * torch.tanh(parts.reshape(base.shape))

def weighted(x, start):
    weights = torch.arange(start, start + x.numel(), dtype=torch.float64)
    return (x * torch.cos(weights).reshape(x.shape)).sum()
"""
EPILOGUE = """
loss = sum(weighted(x, i) for i, x in enumerate([{ends}]))
first = torch.autograd.grad(loss, [{leaves}], create_graph=True, allow_unused=True)
slope = sum(weighted(g, i) for i, g in enumerate(first) if g is not None)
second = [None] * len(first)
if slope.requires_grad:
    second = torch.autograd.grad(slope, [{leaves}], allow_unused=True)
"""

# Vectors that are defined up to a sign only; and what PyTorch cannot differentiate.
LEFT_OUT = {"linalg_svd", "linalg_eigh", "linalg_qr", "nextafter"}

# Calls on any shape: {d} and {e} are dimensions of {0}, {i} is a place in dimension {d}.
# What these give is exact where their inputs are, so that ties are ties to the last bit.
MOVING = (
    "{0}.transpose({d}, {e})", "{0}.movedim({d}, {e})", "{0}.mT", "{0}.unsqueeze({d})",
    "{0}.squeeze({d})", "{0}.select({d}, {i})", "{0}.narrow({d}, {i}, 1)", "{0}[{i}]",
    "{0}[..., ::2]", "{0}[..., None]", "{0}[None, ..., :2]", "{0}[[{i}, 0, {i}]]",
    "{0}.flip({d})", "{0}.roll(1, {d})", "{0}.expand(2, *{0}.shape)", "{0}.reshape(-1)",
    "{0}.view(-1)", "{0}.reshape(*{0}.shape, 1)", "{0}.unbind({d})[{i}]", "{0}.chunk(2, {d})[-1]",
    "{0}.split(1, {d})[{i}]", "{0}.diagonal(0, {d}, {e})", "{0}.repeat(2, *[1] * {0}.dim())",
    "{0}.repeat_interleave(2, {d})", "{0}.unfold({d}, 2, 2)", "{0}.tril()", "{0}.triu(1)",
    "torch.cat([{0}, {1}], {d})", "torch.stack([{0}, {1}, {0}], {d})", "{0}.detach()",
    "{0}.clone()", "{0}.contiguous()", "{0}.double()", "{0}.to({1}.dtype)",
    "{0}.index_select({d}, torch.tensor([{i}, 0, {i}]))", "{0}.take(torch.tensor([0, {i}, -1]))",
    "{0}.gather({d}, torch.zeros({0}.shape, dtype=torch.int64) + {i})",
    "torch.take_along_dim({0}, {0}.argsort({d}), {d})", "{0}.masked_fill({0} > {1}, 0.5)",
    "torch.where({0} > {1}, {0}, {1})", "torch.where({0} > 0.25, {1}, -1.0)",
    "{0}.masked_select({0} >= {1})", "{0}.broadcast_to({1}.shape)",
    "torch.broadcast_tensors({0}, {1})[{k:d}]", "{0} + {1}", "{0} - {1}", "{0} + 1", "0.5 - {0}",
    "-{0}", "abs({0})", "torch.maximum({0}, {1})", "torch.minimum({0}, {1})", "{0}.relu()",
    "{0}.clamp(-0.5, 1.0)", "{0}.clamp(min={1})", "{0}.max()", "{0}.max({d}, {k})[0]",
    "{0}.min({d}, {k})[0]", "{0}.amax({d}, {k})", "{0}.amin({d}, {k})", "{0}.sort({d}, {k})[0]",
    "{0}.median()", "{0}.median({d}, {k})[0]", "{0}.kthvalue(1, {d}, {k})[0]",
    "{0}.topk(1, {d}, {k})[0]", "{0}.cummax({d})[0]", "{0}.sum()", "{0}.sum({d}, {k})",
    "{0}.cumsum({d})", "{0}.sign()", "{0}.floor()",
)  # fmt: skip
SMOOTH = (
    "{0} * {1}", "{0} / ({1} * {1} + 1)", "{0} ** 2", "2 ** {0}", "{0} @ {1}", "{0} @ {0}.mT",
    "torch.einsum('...i,...i->...', {0}, {1})", "torch.outer({0}.flatten(), {1}.flatten())",
    "{0}.mean({d}, {k})", "{0}.prod({d}, {k})", "{0}.logsumexp({d}, {k})", "{0}.softmax({d})",
    "{0}.log_softmax({d})", "{0}.var({d}, correction=0)", "{0}.std({d}, keepdim={k})",
    "{0}.norm()", "torch.linalg.vector_norm({0}, 3, {d}, {k})", "{0}.cumprod({d})",
    "{0}.logcumsumexp({d})", "{0}.float()", "torch.lerp({0}, {1}, 0.25)",
    "torch.addcmul({0}, {1}, {0}, value=0.5)", "torch.nn.functional.normalize({0}, dim={d})",
    "torch.nn.functional.layer_norm({0}, {0}.shape[-1:])", "torch.cdist({0}, {1})",
    "torch.nn.functional.cosine_similarity({0}, {1}, {d})",
    "torch.linalg.multi_dot([{0}, {0}.mT, {0}])",
)  # fmt: skip
# Each with a call that gives the same and writes nowhere; None where it only moves.
WRITING: dict[str, str | None] = {
    "{0}.mul_({1})": None, "{0}.add_({1}, alpha=2)": None, "{0}.sub_(0.25)": None,
    "{0}.copy_({1})": None, "{0}.fill_(0.5)": None, "{0}.zero_()": None, "{0}.neg_()": None,
    "{0}[{i}] = {1}": None, "{0}[..., -1] = {1}": None, "{0}[..., :1] *= {1}": None,
    "{0}[..., ::2].sin_()": None, "{0}.select({d}, {i}).mul_({1})": None,
    "{0}.diagonal(0, {d}, {e}).add_({1})": None, "{0} *= {1}": None,
    "{0}[{0} > {1}] = 0.25": "{0}.masked_fill({0} > {1}, 0.25)",
    "{0}.relu_()": "{0}.relu()", "{0}.clamp_(-0.5, 0.5)": "{0}.clamp(-0.5, 0.5)",
    "{0}.index_add_({d}, torch.tensor([{i}]), {1}.expand_as({0}).narrow({d}, 0, 1))": None,
    "{0}.index_fill_({d}, torch.tensor([{i}]), 0.5)": None,
    "{0}.scatter_({d}, torch.zeros({0}.shape, dtype=torch.int64)[:1], 0.5)": None,
    **{
        f"{{0}}.{op.base_name}_({'{1}' * (len(op.ports) == 2)})":
            f"{{0}}.{op.base_name}({'{1}' * (len(op.ports) == 2)})"
        for op in OPS.values()
        if op.in_place and op.elementwise and op.category == "elem" and len(op.ports) < 3
    },
}  # fmt: skip


@dataclass(frozen=True)
class Call:
    """A call of an operation as text, and inputs that it takes: names in the text, with values."""

    op: Op
    text: str
    inputs: dict[str, str]

    def on(self, expressions: list[str]) -> str:
        text = self.text
        for name, written in zip(self.inputs, expressions, strict=True):
            text = re.sub(rf"\b{name}\b", lambda _, w=written: w, text)
        return text


def on_tape(value: Any, wanted: bool) -> Any:
    if isinstance(value, tuple):
        return tuple(on_tape(v, wanted) for v in value)
    if not isinstance(value, np.ndarray):
        return value
    return Tensor.wrap(np.array(value), wanted and value.dtype.kind == "f")


def call_of(op: Op, case: Example) -> Call | None:
    """An example of an operation as a program has it; None where it has no public name."""
    missing = [() if p.variadic else None for p in op.ports[len(case.inputs) :]]
    pairs = zip(op.ports, (*case.inputs, *missing), strict=True)
    result = apply(
        op,
        tuple(on_tape(value, port.grad is not None) for port, value in pairs),
        {**op.defaults, **case.attrs},
    )
    outputs = result if isinstance(result, tuple) else (result,)
    ends = [x for x in outputs if x.requires_grad]
    if not ends:
        return None
    try:
        graph = gv.Graph.from_tensor(ends[0])
        lines = source(graph).splitlines()[2:]
    except (TapeError, FormulaError):
        return None
    made = dict(line.split(" = ", 1) for line in lines if not line.endswith(".backward()"))
    text = made.popitem()[1]
    inputs: dict[str, str] = {}
    nodes = {node.name: node for node in graph.nodes.values()}
    for name, written in made.items():
        data = nodes[name].setting("data")
        if data.dtype.kind == "f":
            inputs[name] = repr(data.tolist())
        else:
            text = re.sub(rf"\b{name}\b", lambda _, w=written: w, text)
    call = Call(op, text, inputs)
    return call if runs_in_pytorch(call) else None


def runs_in_pytorch(call: Call) -> bool:
    values = [f"torch.tensor({v}, dtype=torch.float64)" for v in call.inputs.values()]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result = eval(call.on(values), {"torch": torch})
    except (AttributeError, RuntimeError, TypeError, ValueError):
        return False
    return result is not None


CALLS = [
    call
    for op in OPS.values()
    if op.differentiable and op.name not in LEFT_OUT
    for case in op.examples[:4]
    if (call := call_of(op, case)) is not None
]
BROADCASTING = [c for c in CALLS if c.op.elementwise and c.op.category == "elem"]
SHAPED = [c for c in CALLS if c.op.category in ("reduce", "shape", "index", "loss")]


class Author:
    """A program being written, and what its variables hold in PyTorch so far."""

    def __init__(self, draw: Callable[[Any], Any], kinds: tuple[str, ...]) -> None:
        self.draw = draw
        self.kinds = kinds
        self.lines: list[str] = []
        self.values: dict[str, Any] = {"torch": torch}
        self.leaves: list[str] = []
        self.names: list[str] = []
        self.exact: set[str] = set()
        exec(PROLOGUE, self.values)
        for name in "abcd"[: draw(st.integers(2, 4))]:
            self.add_leaf(name)

    def add_leaf(self, name: str) -> None:
        shape = self.draw(
            st.sampled_from([(), (1,), (3,), (2, 1), (1, 3), (2, 3), (3, 3), (2, 2, 3)])
        )
        count = int(np.prod(shape))
        eighths = self.draw(st.lists(st.integers(-16, 16), min_size=count, max_size=count))
        data = (np.array(eighths) / 8).reshape(shape).tolist()
        kind = self.draw(st.sampled_from(self.kinds))
        line = f"{name} = torch.tensor({data}, dtype=torch.{kind}, requires_grad=True)"
        exec(line, self.values)
        self.lines.append(line)
        for known in (self.leaves, self.names):
            known.append(name)
        self.exact.add(name)

    # choices ---------------------------------------------------------------------------

    def name(self) -> str:
        """A variable, the latest more often than others."""
        recent = self.names[-4:]
        return self.draw(st.sampled_from(recent + recent + self.names))

    def operand(self, number: bool) -> str:
        if number and self.draw(st.integers(0, 7)) == 0:
            return self.draw(st.sampled_from(["2", "0.5", "-1.5", "3.0", "(-1)"]))
        return self.name()

    def filled(self, text: str) -> tuple[str, list[str]]:
        """A call on any shape with its holes filled, and the variables that it reads."""
        names = [self.name(), self.name()]
        rank = max(1, self.values[names[0]].dim())
        d, e = (self.draw(st.integers(-rank, rank - 1)) for _ in range(2))
        shape = tuple(self.values[names[0]].shape) or (1,)
        i = self.draw(st.integers(0, shape[d] - 1 if "[{i}]" not in text else shape[0] - 1))
        k = self.draw(st.booleans())
        used = [n for place, n in enumerate(names) if f"{{{place}}}" in text]
        return text.format(*names, d=d, e=e, i=i, k=k), used

    # lines -----------------------------------------------------------------------------

    def write_line(self) -> None:
        kind = self.draw(
            st.sampled_from(["moving", "smooth", "broadcast", "near", "write", "shaped"])
        )
        if kind == "moving":
            text, used = self.filled(self.draw(st.sampled_from(MOVING)))
            self.attempt(text, used, all(n in self.exact for n in used))
        elif kind == "smooth":
            self.attempt(*self.filled(self.draw(st.sampled_from(SMOOTH))), False)
        elif kind == "write":
            self.write_in_place()
        else:
            self.call(kind)

    def call(self, kind: str) -> None:
        """Call an operation of the table: on variables as they are, or near its own example."""
        pool = {"broadcast": BROADCASTING, "shaped": SHAPED, "near": CALLS}[kind]
        call = self.draw(st.sampled_from(pool))
        names = [
            self.operand(kind == "broadcast" and place > 0 and call.op.ports[-1].number)
            for place in range(len(call.inputs))
        ]
        used = [n for n in names if n in self.names]
        if kind == "near":
            pairs = zip(call.inputs.values(), names, strict=True)
            names = [f"near({value}, {name})" for value, name in pairs]
        self.attempt(call.on(names), used, False, near_kinks=kind != "near")

    def attempt(self, text: str, used: list[str], exact: bool, near_kinks: bool = True) -> None:
        """Add a line that names what ``text`` gives, if two libraries can agree on that."""
        try:
            with torch.no_grad():
                result = eval(text, self.values)
        except (RuntimeError, IndexError, TypeError, ValueError):
            return
        if isinstance(result, (tuple, list)):
            floating = [i for i, x in enumerate(result) if x.is_floating_point()]
            text += f"[{self.draw(st.sampled_from(floating))}]" if floating else ""
            result = result[0]
        name = f"v{len(self.lines)}"
        if not self.steady(text, used, near_kinks):
            return
        exec(f"{name} = {text}", self.values)
        if not fit(self.values[name]):
            return
        self.lines.append(f"{name} = {text}")
        self.names.append(name)
        if exact:
            self.exact.add(name)

    def write_in_place(self) -> None:
        """Add a line that writes into a variable, if PyTorch still finds its way back."""
        form = self.draw(st.sampled_from(list(WRITING)))
        line, used = self.filled(form)
        if used[0] in self.leaves:
            return
        twin = WRITING[form]
        if twin is not None and not self.steady(twin.format(*used, *used), used):
            return
        self.lines.append(line)
        try:
            exec(line, self.values)
            kept = all(fit(self.values[n]) for n in self.names)
            if kept:
                exec(self.epilogue(), dict(self.values))
        except (RuntimeError, IndexError, TypeError, ValueError):
            kept = False
        if kept:
            self.exact = set(self.leaves)
        else:
            self.lines.pop()
            exec("\n".join(self.lines), self.values)

    def steady(self, text: str, used: list[str], near_kinks: bool = True) -> bool:
        """Whether rounding errors in its inputs move what a call gives, and its gradients, little.

        Exact inputs bear none: there only the sizes matter.
        """
        exact = not near_kinks or all(n in self.exact for n in used)
        single = any(self.values[n].dtype == torch.float32 for n in used)
        noise, margin = (1e-5, 1e-2) if single else (1e-9, 1e-5)
        found = []
        for scale in (0.0, noise) if not exact else (0.0,):
            try:
                found.append(self.moved(text, used, scale))
            except (RuntimeError, IndexError, TypeError, ValueError, NotImplementedError):
                return False
        if found[0].size != found[-1].size or not np.all(np.abs(found[0]) < LARGEST**2):
            return False
        return bool(np.all(np.abs(found[0] - found[-1]) <= margin * (1 + np.abs(found[0]))))

    def moved(self, text: str, used: list[str], scale: float) -> Any:
        """What a call gives on slightly moved inputs, with its first and second gradients."""
        values = dict(self.values)
        inputs = []
        for name in dict.fromkeys(used):
            x = values[name].detach().clone()
            x += scale * torch.cos(torch.arange(1.0, x.numel() + 1)).reshape(x.shape).to(x.dtype)
            values[name] = x.requires_grad_()
            inputs.append(values[name])
        out = eval(text, values)
        found = [out.detach()]
        weighted = values["weighted"]
        if out.requires_grad and out.numel():
            first = torch.autograd.grad(
                weighted(out, 1), inputs, create_graph=True, allow_unused=True
            )
            first = [g for g in first if g is not None]
            slope: Any = sum((weighted(g, 2) for g in first), torch.zeros(()))
            found += [g.detach() for g in first]
            if slope.requires_grad:
                second = torch.autograd.grad(slope, inputs, allow_unused=True)
                found += [g for g in second if g is not None]
        return np.concatenate([x.double().numpy().ravel() for x in found])

    def epilogue(self) -> str:
        ends = ", ".join(n for n in self.names if self.values[n].requires_grad)
        return EPILOGUE.format(ends=ends, leaves=", ".join(self.leaves))

    def program(self) -> str:
        return PROLOGUE + "\n" + "\n".join(self.lines) + self.epilogue()


def fit(value: Any) -> bool:
    """Whether a value is small enough to go on with, in every way."""
    return (
        isinstance(value, torch.Tensor)
        and value.is_floating_point()
        and 0 < value.numel() <= MOST_ELEMENTS
        and value.dim() <= MOST_DIMS
        and bool((value.abs() <= LARGEST).all())
    )


@st.composite
def programs(draw: Any, kinds: tuple[str, ...]) -> str:
    author = Author(draw, kinds)
    wanted = len(author.lines) + draw(st.integers(5, 30))
    for _ in range(3 * wanted):
        author.write_line()
        if len(author.lines) == wanted:
            break
    return author.program()


def run(program: str, package: Any) -> dict[str, Any]:
    values: dict[str, Any] = {"torch": package}
    exec(program.replace("import torch\n", ""), values)
    return values


def compare(mine: Any, theirs: Any, relative: float, what: str) -> None:
    assert (mine is None) == (theirs is None), f"{what}: {mine}, PyTorch has {theirs}"
    if theirs is None:
        return
    assert str(mine.dtype).split(".")[-1] == str(theirs.dtype).split(".")[-1], what
    assert tuple(mine.shape) == tuple(theirs.shape), what
    ours, wanted = mine.detach().numpy(), theirs.detach().numpy(force=True)
    scale = max(1.0, float(np.abs(wanted).max(initial=0.0)))
    np.testing.assert_allclose(ours, wanted, rtol=relative, atol=relative * scale, err_msg=what)


def compare_runs(program: str) -> None:
    note(program)
    theirs = run(program, torch)
    gradients = [g for g in (*theirs["first"], *theirs["second"]) if g is not None]
    assume(all(bool((g.abs() < 1e5).all()) for g in gradients))
    mine = run(program, gv)
    names = [n for n in theirs if re.fullmatch(r"[abcd]|v\d+", n)]
    single = any(theirs[n].dtype == torch.float32 for n in names)
    relative = 1e-3 if single else 1e-7
    for name in names:
        compare(mine[name], theirs[name], relative, name)
        assert mine[name].requires_grad == theirs[name].requires_grad, name
    for leaf, ours, wanted in zip("abcd", mine["first"], theirs["first"], strict=False):
        compare(ours, wanted, relative, f"gradient of {leaf}")
    for leaf, ours, wanted in zip("abcd", mine["second"], theirs["second"], strict=False):
        # Where no gradient flows, PyTorch gives zeros or None as its kernels happen to.
        blank = torch.zeros_like(theirs[leaf]).detach()
        ours = gv.tensor(blank.numpy()) if ours is None else ours
        compare(ours, blank if wanted is None else wanted, relative, f"second gradient of {leaf}")


UNHURRIED = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


@pytest.mark.filterwarnings("ignore")
@settings(max_examples=PROGRAMS // 2, deadline=None, suppress_health_check=UNHURRIED)
@given(programs(("float64",)))
def test_programs_in_double_precision(program: str) -> None:
    compare_runs(program)


@pytest.mark.filterwarnings("ignore")
@settings(max_examples=PROGRAMS // 2, deadline=None, suppress_health_check=UNHURRIED)
@given(programs(("float64", "float32")))
def test_programs_of_mixed_precision(program: str) -> None:
    compare_runs(program)
