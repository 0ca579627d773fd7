"""The one description of an operation, read by every part of the program.

The engine runs an :class:`Op`; the library panel lists it, the inspector makes a form of
its settings, the explanation of a step shows its gradient rule, the exporters write its
source, and the tests run its examples. A new operation is one new value of this type.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Shape = tuple[int, ...]

Category = Literal["leaf", "const", "elem", "reduce", "linalg", "loss", "shape", "index"]
AttrKind = Literal[
    "bool", "int", "float", "number", "dim", "dims", "shape", "dtype", "choice", "text", "index",
    "array",
]  # fmt: skip
Promotion = Literal["arithmetic", "float", "none"]


class Required:
    """The default of a setting that must be given."""

    def __repr__(self) -> str:
        return "required"


REQUIRED = Required()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attr:
    """A setting of an operation: an argument that is not a tensor; one row of a form.

    ``optional`` settings also take None, numbers with ``choices`` one of these words too.
    ``keyword_only`` ones are not bound by position.
    """

    name: str
    kind: AttrKind
    doc: str
    default: Any = REQUIRED
    choices: tuple[str, ...] = ()
    optional: bool = False
    keyword_only: bool = False
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Port:
    """A tensor argument, and the rule by which a gradient flows back through it.

    ``grad`` is the rule as shown, an expression over ``g`` (the gradient that arrived at the
    first output), ``gs`` (one for each output, None where nothing arrived), ``out`` and the
    names of outputs, ports and settings, and ``<port>_shape``. Every function of the engine
    may be called in it. Unless ``rule`` is given, this text *is* the rule that runs; a ``rule``
    (parameters named as above, only those it needs) must agree with it. ``grad=None``: no
    gradient ever flows here. ``number``: whether a plain number may stand for the tensor.
    """

    name: str
    doc: str = ""
    grad: str | None = None
    rule: Callable[..., Any] | None = None
    optional: bool = False
    variadic: bool = False
    promote: bool = True
    number: bool = False
    default: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Saving:
    """Where a record keeps for backward something else than its gradient rules read.

    What is kept must not be written to before the backward pass, so this says what may be. Both
    mappings are by the port that a gradient is asked for. ``keeps``: ports and outputs that
    PyTorch keeps though a rule could do without. ``copies``: ports that are kept as a copy, since
    PyTorch keeps a result of its own computed from them and lets them be overwritten.
    ``when``: whether a record (of which shapes, settings and parents are known) copies the input
    at a position, given its array; None: always. ``aside``: computes what ``forward`` does, and
    gives beside that one result what it had in hand on the way there (None where nothing), for a
    ``rule`` that asks for ``aside``; such a rule must also do without it.
    """

    keeps: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    copies: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    when: Callable[[Any, int, Array], bool] | None = None
    aside: Callable[..., tuple[Any, Any]] | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """Inputs and settings on which an operation is shown and tested."""

    inputs: tuple[Any, ...]
    attrs: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


def example(*inputs: Any, **attrs: Any) -> Example:
    """An example from nested lists (floats become float64, as gradient checks need)."""
    return Example(tuple(_constant(x) for x in inputs), MappingProxyType(attrs))


def _constant(value: Any) -> Any:
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, tuple):
        return tuple(_constant(v) for v in value)  # pyright: ignore[reportUnknownVariableType]
    array = np.asarray(value)
    array.setflags(write=False)
    return array


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Op:
    """Everything known about an operation.

    ``name``: PyTorch's (``"mul"``), with the overload behind a dot where there are several
    (``"max.dim"``). ``forward`` takes the arrays (or numbers) of the ports in order (a variadic
    port as one tuple) and the settings by name, and returns an array or a tuple of them.
    ``promotion``: how port dtypes are made one before it runs; ``float`` also lifts integers
    to the default type. ``check`` raises where the inputs, as they are before that, are
    refused. ``count``: how many elements the result will have, at least, from the inputs' shapes
    and the settings; None where it is their broadcast, or stated by a ``shape`` setting.
    ``work``: how many computations a call takes, from the inputs as arrays and the settings, where
    their sizes do not tell.
    ``symbol``: the glyph on a card. ``source``: a template of the op as an expression
    (``"{input} * {other}"``); empty means a call, for which ``arguments`` names ports and
    settings in the order they are given by position, where that is not ports first (a variadic
    port that comes last takes all that is left).
    ``torch``: the public path.
    ``meaning``: plain words for what one more unit of an input does, by port name, in which
    ``{input}``, ``{out}``, ``{local}`` … stand for names and numbers.
    ``aliases``: PyTorch's other names for it, which may be called too (``"max.other"``: also the
    last overload of ``max``). ``search``: words by which a person may look for it.
    ``backward_name``: PyTorch's name of its record where that is not ``NameBackward0``; a
    function of the inputs' shapes (None for a plain number) and the settings where PyTorch names
    it by them.
    ``saving``: what its records keep for backward, where that is not just what the rules read.
    ``method`` and ``function``: whether tensors, and the package, offer it.
    ``in_place``: whether there is a ``name_`` that writes into its first input. ``into``: computes
    straight into the first array, as ``forward`` would; for what is given as one type, which
    broadcasts to the shape of that array (ValueError, and nothing written, where it does not). Of a
    NumPy ufunc it follows.
    ``of_numbers``: whether plain numbers may be all that it is given.
    ``defaults``, ``variadic`` and ``takes_gradient`` (one a port) follow from the rest.
    There is one value for each operation, so operations are compared by identity.
    """

    name: str
    family: str
    category: Category
    doc: str
    symbol: str
    ports: tuple[Port, ...]
    forward: Callable[..., Any]
    attrs: tuple[Attr, ...] = ()
    outputs: tuple[str, ...] = ("out",)
    count: Callable[[list[Shape], Mapping[str, Any]], float] | None = None
    work: Callable[[tuple[Any, ...], Mapping[str, Any]], float] | None = None
    promotion: Promotion = "arithmetic"
    check: Callable[..., None] | None = None
    source: str = ""
    arguments: tuple[str, ...] = ()
    torch: str = ""
    meaning: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    examples: tuple[Example, ...] = ()
    aliases: tuple[str, ...] = ()
    search: tuple[str, ...] = ()
    backward_name: str | Callable[[tuple[Shape | None, ...], Mapping[str, Any]], str] = ""
    saving: Saving = field(default_factory=Saving)
    view: bool = False
    method: bool = True
    function: bool = True
    in_place: bool = False
    into: Callable[..., None] | None = None
    of_numbers: bool = False
    elementwise: bool = False
    addable: bool = True
    defaults: Mapping[str, Any] = field(init=False)
    variadic: bool = field(init=False)
    takes_gradient: tuple[bool, ...] = field(init=False)

    def __post_init__(self) -> None:
        defaults = {a.name: a.default for a in self.attrs if a.default is not REQUIRED}
        object.__setattr__(self, "defaults", defaults)
        object.__setattr__(self, "variadic", any(p.variadic for p in self.ports))
        object.__setattr__(self, "takes_gradient", tuple(p.grad is not None for p in self.ports))

    @property
    def base_name(self) -> str:
        """The name without the overload: ``max`` of ``max.dim``."""
        return self.name.partition(".")[0]

    @property
    def public_path(self) -> str:
        """Where PyTorch has it: ``torch.nn.functional.softmax``."""
        return self.torch or f"torch.{self.base_name}"

    def port(self, place: int) -> Port:
        """The port that an input belongs to: a variadic one takes all from its place on."""
        return self.ports[min(place, len(self.ports) - 1)]

    @property
    def differentiable(self) -> bool:
        """Whether a gradient can flow back through any port."""
        return any(self.takes_gradient)
