"""A program as Python source, a line for each value, named for the node it belongs to.

Numbers are local names: Python floats in double precision, NumPy numbers in single, which round
as arrays do. Tensors are arrays made beforehand, into which NumPy's functions write.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np

from gradviz.ops.kinds import is_tuple
from gradviz.ops.spec import Array
from gradviz.plan.expressions import (
    CHOICES,
    COMPARISONS,
    ON_NUMBERS,
    describe,
    literal,
    number_of,
    on_numbers,
)
from gradviz.plan.memory import SHOWS, Memory, root
from gradviz.plan.primitives import REDUCTIONS, UFUNCS, Plain, one_of
from gradviz.plan.text import Text
from gradviz.plan.values import Value


class Emitter(Text):
    """Writes the lines for values in order; ``names``, ``arrays`` and ``scope`` grow with them.

    ``loose``: leaves with axes that are arguments, as nothing shows them in another way.
    ``targets``: values whose result goes into the memory of a leaf once that is read no more.
    """

    def __init__(
        self, order: Sequence[Value], pinned: Sequence[Value],
        targets: Mapping[int, Value] | None = None, loose: Collection[int] = (),
    ) -> None:  # fmt: skip
        super().__init__()
        self.order = order
        self.memory = Memory(order, [*pinned, *(v for v in order if v.kind == "leaf")])
        self.targets = targets or {}
        self.loose = loose
        self.names: dict[int, str] = {}
        self.arrays: dict[int, Array] = {}
        self.boxes: dict[int, str] = {}
        self.buffers: dict[int, str] = {}

    def emit(self) -> None:
        """Write all lines."""
        for position, value in enumerate(self.order):
            if value.kind == "constant":
                continue
            if value.kind == "leaf":
                self.leaf(value)
            elif value.kind == "weak":
                self.names[value.number] = self.name("k")
                self.put(f"{self.names[value.number]} = {value.settings[0]}", value.node)
            elif value.dynamic or is_tuple(value.example):
                several = is_tuple(value.example)
                self.names[value.number] = self.name("t" if several else "d")
                text = f"{'copies' if several else 'kept'}({self.called(value)})"
                self.put(f"{self.names[value.number]} = {text}", value.node, note_on(value))
            elif value.scalar:
                self.number(value)
            else:
                self.tensor(value, position)
            self.memory.release(value.reads, position)

    def leaf(self, value: Value) -> None:
        """A parameter: an argument, or an array that is filled before each run."""
        (title,) = value.settings
        if value.scalar or value.number in self.loose:
            self.names[value.number] = self.name("p")
            return
        array = np.array(value.example)
        self.arrays[value.number] = array
        self.names[value.number] = self.array("P", array, f"{describe(value)}, {title}")

    def result(self, value: Value) -> str:
        """A value as it is given back."""
        if value.scalar and value.constant:
            return self.fixed(value.example[()])
        return self.names[value.number] if value.scalar else self.read(value)

    # numbers ------------------------------------------------------------------------------

    def number(self, value: Value) -> None:
        """A line for a value without axes."""
        name = self.names[value.number] = self.name("v")
        self.put(f"{name} = {self.number_text(value)}", value.node, note_on(value))

    def number_text(self, value: Value) -> str:
        """The expression of a value without axes."""
        text = self.of_one_type(value)
        if text is not None:
            return text
        if value.kind == "cast":
            return f"{number_of(value.dtype)}({self.operand(value.inputs[0], value)})"
        if value.kind in REDUCTIONS:
            axes, _ = value.settings
            (source,) = value.reads
            return f"{self.ufunc(REDUCTIONS[value.kind], 'reduce')}({self.read(source)}, {axes})"
        if value.kind in SHOWS:
            (source,) = value.reads
            array = self.view_of(value, source)
            return f"{number_of(value.dtype)}({array}.item())"
        if value.kind in WHOLE:
            return f"{number_of(value.dtype)}(alone({self.called(value)}))"
        template = on_numbers(value)
        operands = [self.operand(v, value) for v in value.inputs]
        if template is not None and all(not isinstance(v, Value) or v.scalar for v in value.inputs):
            return template.format(*operands)
        call = f"{self.function(value.kind)}({', '.join(operands)})"
        return call if value.dtype.kind == "f" else f"{number_of(value.dtype)}({call})"

    def of_one_type(self, value: Value) -> str | None:
        """The expression of simple arithmetic on numbers of one type, which most of it is."""
        template, kind = ARITHMETIC.get(value.kind), value.dtype
        if template is None or (kind is not DOUBLE and kind is not SINGLE):
            return None
        operands: list[str] = []
        for given in value.inputs:
            if type(given) is not Value:
                operands.append(self.number_of_type(given, kind))
            elif given.dtype is not kind or not given.scalar:
                return None
            elif given.constant:
                operands.append(self.number_of_type(given.example[()], kind))
            else:
                operands.append(self.names[given.number])
        return template.format(*operands)

    def number_of_type(self, number: Any, kind: np.dtype[Any]) -> str:
        """A known number as it meets numbers of a type."""
        return literal(float(number)) if kind is DOUBLE else self.fixed(np.float32(number))

    def operand(self, given: Any, reader: Value) -> str:
        """An input of an element-wise line: a name, or a number as it must meet the others."""
        if not isinstance(given, Value):
            if reader.kind in CHOICES and reader.scalar and reader.dtype != np.float64:
                return self.fixed(reader.dtype.type(given))
            if reader.scalar and reader.dtype == np.float32 and reader.kind in ON_NUMBERS:
                return self.fixed(np.float32(given))
            number = float(given) if reader.dtype == np.float64 and type(given) is int else given
            return literal(number)
        if not given.scalar:
            return self.read(given)
        others = {v.dtype for v in reader.reads}
        if given.constant:
            if given.dtype == np.float64 and others == {given.dtype}:
                return literal(given.example.item())
            return self.fixed(given.example[()])
        name = self.names[given.number]
        if given.kind == "weak" or given.dtype != np.float64 or others == {given.dtype}:
            return name
        return name if reader.scalar and reader.kind in COMPARISONS else f"float64({name})"

    # arrays -------------------------------------------------------------------------------

    def tensor(self, value: Value, position: int) -> None:
        """A line for a value with axes, or none where it is a view made beforehand."""
        if value.kind in SHOWS:
            self.names[value.number] = self.view_of(value, value.reads[0])
            return
        target = self.targets.get(value.number)
        if target is not None and self.writable(target, value, position):
            array, name = self.arrays[target.number], self.names[target.number]
        else:
            array = self.memory.hold(value, position, value.reads)
            name = self.named(array, value)
        self.arrays[value.number] = array
        operands = self.texts(value)
        self.names[value.number] = name
        self.write(value, name, operands)

    def named(self, array: Array, value: Value) -> str:
        """The name of a working array, which several values may share one after the other."""
        held = self.buffers.get(id(array))
        if held is None:
            held = self.buffers[id(array)] = self.array("b", array, describe(value))
        return held

    def writable(self, target: Value, value: Value, position: int) -> bool:
        """Whether a result may go straight into a leaf's memory."""
        return value.kind in UFUNCS and self.memory.last.get(target.number, -1) <= position

    def texts(self, value: Value) -> list[str]:
        """The operands of a line for an array."""
        if value.kind in UFUNCS or value.kind in ("where", "cast"):
            return [self.operand(v, value) for v in value.inputs]
        if value.kind in WHOLE:
            return []
        return [self.read(v) for v in value.reads]

    def write(self, value: Value, name: str, operands: list[str]) -> None:
        """The lines that compute into the array called ``name``."""
        if value.kind == "where":
            condition, chosen, other = operands
            if isinstance(value.inputs[0], Value) and value.inputs[0].scalar:
                self.put(f"copyto({name}, {chosen} if {condition} else {other})", value.node)
                return
            self.put(f"copyto({name}, {other})", value.node)
            self.put(f"copyto({name}, {chosen}, where={condition})", value.node)
        elif value.kind == "cast":
            self.put(f"copyto({name}, {operands[0]}, 'unsafe')", value.node)
        elif value.kind in REDUCTIONS:
            axes, keepdims = value.settings
            function = self.ufunc(REDUCTIONS[value.kind], "reduce")
            self.put(f"{function}({operands[0]}, {axes}, None, {name}, {keepdims})", value.node)
        elif value.kind in WHOLE:
            self.put(f"store({name}, {self.called(value)})", value.node, note_on(value))
        else:
            out = f"out={name}" if value.kind in ("maximum", "minimum") else name
            text = ", ".join([*operands, out])
            self.put(f"{self.function(value.kind)}({text})", value.node)

    def read(self, value: Value) -> str:
        """A value as an array."""
        if value.number in self.names and not value.scalar:
            return self.names[value.number]
        if value.constant:
            if value.number not in self.boxes:
                about = f"{describe(value)}, {value.node}" if value.node else describe(value)
                self.boxes[value.number] = self.array("c", value.example, about)
                self.arrays[value.number] = value.example
            return self.boxes[value.number]
        return self.boxed(value)

    def boxed(self, value: Value) -> str:
        """A number in an array without axes."""
        if value.number not in self.boxes:
            array = self.arrays[value.number] = np.zeros((), value.dtype)
            self.boxes[value.number] = self.array("s", array, describe(value))
            self.put(f"{self.boxes[value.number]}[()] = {self.names[value.number]}", value.node)
        return self.boxes[value.number]

    def view_of(self, value: Value, source: Value) -> str:
        """The name of a view of an array; of a copy where no view can show it."""
        name = self.read(source)
        base = self.arrays[source.number]
        view = SHOW[value.kind](base, value.settings[0])
        shared = view.size == 0 or np.shares_memory(view, base)
        self.arrays[value.number] = view if shared else np.array(view)
        about = f"{describe(value)}, {value.kind} of {name}"
        made = self.array("w", self.arrays[value.number], about)
        if not shared:
            setting = literal(value.settings[0])
            self.put(f"copyto({made}, {value.kind}({name}, {setting}))", value.node)
        return made

    # calls --------------------------------------------------------------------------------

    def called(self, value: Value) -> str:
        """A call of an operation's own ``forward``, one of its results, or elements by place."""
        if value.kind == "part":
            return f"{self.names[value.reads[0].number]}[{value.settings[0]}]"
        if value.kind == "take":
            places = self.array("c", value.settings[0], "places")
            return f"{self.read(value.reads[0])}.take({places}, 0)"
        if value.kind == "packed":
            return f"packed({self.read(value.reads[0])})"
        function, form, _ = value.settings
        name = self.array(f"{function.label}_", function,
                          function.why.removeprefix("eager: "))  # fmt: skip
        return f"{name}({self.arguments(form, value.inputs)})"

    def arguments(self, form: Any, values: Sequence[Any]) -> str:
        """Arguments arranged as ``form`` says."""
        parts: list[str] = []
        for part in form:
            if isinstance(part, int):
                parts.append(self.read(values[part]))
            elif isinstance(part, Plain):
                simple = isinstance(part.value, (bool, int, float, str)) or part.value is None
                parts.append(literal(part.value) if simple else self.array("a", part.value,
                                                                           "argument"))  # fmt: skip
            else:
                parts.append(f"({self.arguments(part, values)},)")
        return ", ".join(parts)


DOUBLE, SINGLE = np.dtype(np.float64), np.dtype(np.float32)
SIMPLE = ("add", "subtract", "multiply", "true_divide", "negative", "absolute")
ARITHMETIC = {kind: ON_NUMBERS[kind] for kind in SIMPLE}
WHOLE = ("call", "part", "take", "packed")
"""What gives an array of its own, to be kept in ours."""
SHOW = {
    "one": one_of,
    "reshape": np.reshape,
    "transpose": np.transpose,
    "broadcast": np.broadcast_to,
}


def note_on(value: Value) -> str:
    """What a line says of a value beside its node: whether it is computed eagerly, and why."""
    return value.settings[0].why if value.kind == "call" else ""


def alive(outputs: Sequence[Value]) -> list[Value]:
    """The roots that must keep their memory to the end."""
    return [root(v) for v in outputs]
