"""Recurrent layers: a state that is carried from step to step of a sequence.

A cell makes one step; a layer runs cells of as many layers as asked, one direction or both.
Weights are named, shaped and drawn as PyTorch's are, so that states can be exchanged.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any, ClassVar

from gradviz.nn import functional, init
from gradviz.nn.linear import blank
from gradviz.nn.module import Module
from gradviz.nn.packed import is_packed, run_packed
from gradviz.tensor import Tensor
from gradviz.tensor.composed import call

__all__ = ["GRU", "LSTM", "RNN", "GRUCell", "LSTMCell", "RNNCell"]

State = tuple[Any, ...]
Step = Callable[[Any, Any, State], State]
"""From the weighed input and the weighed state, and the state, to the next state."""


def simple_step(bend: str) -> Step:
    """The step of a plain cell, which bends the sum."""

    def step(given: Any, kept: Any, state: State) -> State:
        return (call(bend, given + kept),)

    return step


def lstm_step(given: Any, kept: Any, state: State) -> State:
    """The step of an LSTM: gates decide what is forgotten, taken up and let out."""
    take, forget, fresh, out = call("chunk", given + kept, 4, -1)
    sigmoid, tanh = functional.sigmoid, functional.tanh
    memory = sigmoid(forget) * state[1] + sigmoid(take) * tanh(fresh)
    return sigmoid(out) * tanh(memory), memory


def gru_step(given: Any, kept: Any, state: State) -> State:
    """The step of a GRU: gates decide what is reset and how much stays."""
    reset, stay, fresh = call("chunk", given, 3, -1)
    kept_reset, kept_stay, kept_fresh = call("chunk", kept, 3, -1)
    sigmoid = functional.sigmoid
    share = sigmoid(stay + kept_stay)
    new = functional.tanh(fresh + sigmoid(reset + kept_reset) * kept_fresh)
    return (new + share * (state[0] - new),)


def draw_all(module: Module, hidden_size: int) -> None:
    """Draw every parameter evenly, as wide as the state's size asks."""
    bound = 1.0 / math.sqrt(hidden_size) if hidden_size > 0 else 0
    for parameter in module.parameters():
        init.uniform_(parameter, -bound, bound)


def zeros_like(input: Tensor, *shape: int) -> Tensor:
    """A state of zeros, of the input's type."""
    return call("zeros", shape, dtype=input.dtype)


class Cell(Module):
    """What all cells share: weights of the input and of the state, and a step."""

    gates: ClassVar[int] = 1
    states: ClassVar[int] = 1
    step: Step

    def __init__(self, input_size: int, hidden_size: int, bias: bool, dtype: Any) -> None:
        super().__init__()
        self.input_size, self.hidden_size, self.bias = input_size, hidden_size, bias
        rows = self.gates * hidden_size
        self.weight_ih = blank(rows, input_size, dtype=dtype)
        self.weight_hh = blank(rows, hidden_size, dtype=dtype)
        for name in ("bias_ih", "bias_hh"):
            self.register_parameter(name, blank(rows, dtype=dtype) if bias else None)
        draw_all(self, hidden_size)

    def advance(self, input: Any, state: Any) -> State:
        """The next state; of zeros where none is given."""
        if input.array.ndim not in (1, 2):
            raise ValueError(
                f"{type(self).__name__}: Expected input to be 1D or 2D, got {input.array.ndim}D "
                "instead"
            )
        single = input.array.ndim == 1
        batch = call("unsqueeze", input, 0) if single else input
        if state is None:
            state = (zeros_like(batch, batch.array.shape[0], self.hidden_size),) * self.states
        elif single:
            state = tuple(call("unsqueeze", s, 0) for s in state)
        given = functional.linear(batch, self.weight_ih, self.bias_ih)
        kept = functional.linear(state[0], self.weight_hh, self.bias_hh)
        following = self.step(given, kept, state)
        return tuple(call("squeeze", s, 0) for s in following) if single else following

    def extra_repr(self) -> str:
        """The sizes and what is not usual."""
        text = f"{self.input_size}, {self.hidden_size}"
        text += "" if self.bias else f", bias={self.bias}"
        bend = getattr(self, "nonlinearity", "tanh")
        return text + ("" if bend == "tanh" else f", nonlinearity={bend}")


class RNNCell(Cell):
    """One step of a plain recurrence: ``tanh(input @ W + state @ U + b)``."""

    def __init__(
        self, input_size: int, hidden_size: int, bias: bool = True, nonlinearity: str = "tanh",
        device: Any = None, dtype: Any = None,
    ) -> None:  # fmt: skip
        super().__init__(input_size, hidden_size, bias, dtype)
        if nonlinearity not in ("tanh", "relu"):
            raise RuntimeError(f"Unknown nonlinearity: {nonlinearity}")
        self.nonlinearity = nonlinearity
        self.step = simple_step(nonlinearity)

    def forward(self, input: Tensor, hx: Tensor | None = None) -> Tensor:
        """The next state."""
        return self.advance(input, None if hx is None else (hx,))[0]


class GRUCell(Cell):
    """One step of a gated recurrent unit."""

    gates = 3

    def __init__(
        self, input_size: int, hidden_size: int, bias: bool = True, device: Any = None,
        dtype: Any = None,
    ) -> None:  # fmt: skip
        super().__init__(input_size, hidden_size, bias, dtype)
        self.step = gru_step

    def forward(self, input: Tensor, hx: Tensor | None = None) -> Tensor:
        """The next state."""
        return self.advance(input, None if hx is None else (hx,))[0]


class LSTMCell(Cell):
    """One step of a long short-term memory."""

    gates = 4
    states = 2

    def __init__(
        self, input_size: int, hidden_size: int, bias: bool = True, device: Any = None,
        dtype: Any = None,
    ) -> None:  # fmt: skip
        super().__init__(input_size, hidden_size, bias, dtype)
        self.step = lstm_step

    def forward(self, input: Tensor, hx: Any = None) -> State:
        """The next state and memory."""
        return self.advance(input, hx)


class Recurrent(Module):
    """What all recurrent layers share: cells run over a sequence, layer upon layer."""

    gates: ClassVar[int] = 1
    states: ClassVar[int] = 1
    step: Step

    def __init__(
        self, input_size: int, hidden_size: int, num_layers: int, bias: bool, batch_first: bool,
        dropout: float, bidirectional: bool, proj_size: int, dtype: Any,
    ) -> None:  # fmt: skip
        super().__init__()
        check_recurrent(hidden_size, num_layers, dropout, proj_size)
        self.input_size, self.hidden_size, self.num_layers = input_size, hidden_size, num_layers
        self.bias, self.batch_first, self.dropout = bias, batch_first, float(dropout)
        self.bidirectional, self.proj_size = bidirectional, proj_size
        rows, ways, shown = self.gates * hidden_size, self.directions(), proj_size or hidden_size
        for layer in range(num_layers):
            width = input_size if layer == 0 else shown * len(ways)
            for way in ways:
                end = f"_l{layer}{way}"
                self.register_parameter(f"weight_ih{end}", blank(rows, width, dtype=dtype))
                self.register_parameter(f"weight_hh{end}", blank(rows, shown, dtype=dtype))
                for name in ("bias_ih", "bias_hh") if bias else ():
                    self.register_parameter(name + end, blank(rows, dtype=dtype))
                if proj_size:
                    made = blank(proj_size, hidden_size, dtype=dtype)
                    self.register_parameter(f"weight_hr{end}", made)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw new starting values."""
        draw_all(self, self.hidden_size)

    def directions(self) -> tuple[str, ...]:
        """The ends of the names of each direction's weights."""
        return ("", "_reverse") if self.bidirectional else ("",)

    def run(self, input: Any, given: Any) -> tuple[Any, State]:
        """The last layer's states at every step, and each layer's last states."""
        if is_packed(input):
            return run_packed(self, input, given)
        single = input.array.ndim == 2
        if input.array.ndim not in (2, 3):
            raise ValueError(
                f"{type(self).__name__}: Expected input to be 2D or 3D, got {input.array.ndim}D "
                "instead"
            )
        if input.array.shape[-1] != self.input_size:
            raise RuntimeError(
                f"input.size(-1) must be equal to input_size. Expected {self.input_size}, got "
                f"{input.array.shape[-1]}"
            )
        sequence = call("unsqueeze", input, 1) if single else input
        swap = self.batch_first and not single
        sequence = call("transpose", sequence, 0, 1) if swap else sequence
        starts = self.starts(sequence, given, single)
        last: list[State] = []
        for layer in range(self.num_layers):
            outs: list[Any] = []
            for number, way in enumerate(self.directions()):
                place = layer * len(self.directions()) + number
                state = tuple(call("select", s, 0, place) for s in starts)
                states, end = self.sweep(sequence, state, f"_l{layer}{way}", way == "_reverse")
                outs.append(states)
                last.append(end)
            sequence = call("cat", outs, -1) if len(outs) > 1 else outs[0]
            if self.dropout and layer + 1 < self.num_layers:
                sequence = functional.dropout(sequence, self.dropout, self.training)
        ends = tuple(call("stack", list(parts), 0) for parts in zip(*last, strict=True))
        if single:
            return call("squeeze", sequence, 1), tuple(call("squeeze", e, 1) for e in ends)
        return (call("transpose", sequence, 0, 1) if swap else sequence), ends

    def starts(self, sequence: Any, given: Any, single: bool) -> State:
        """The states to begin with, for each layer and direction; zeros where none are given."""
        count = self.num_layers * len(self.directions())
        sizes = (self.proj_size or self.hidden_size, self.hidden_size)[: self.states]
        shapes = [(count, sequence.array.shape[1], size) for size in sizes]
        if given is None:
            return tuple(zeros_like(sequence, *shape) for shape in shapes)
        states = tuple(call("unsqueeze", s, 1) if single else s for s in given)
        for number, (state, shape) in enumerate(zip(states, shapes, strict=True)):
            if state.array.shape != shape:
                word = "hidden" if len(shapes) == 1 else f"hidden[{number}]"
                raise RuntimeError(f"Expected {word} size {shape}, got {list(state.array.shape)}")
        return states

    def sweep(self, sequence: Any, state: State, end: str, backwards: bool) -> tuple[Any, State]:
        """One layer in one direction: its state at every step, and the last."""
        bias = [getattr(self, f"{n}{end}") if self.bias else None for n in ("bias_ih", "bias_hh")]
        given = call("unbind", functional.linear(
            sequence, getattr(self, f"weight_ih{end}"), bias[0]), 0)  # fmt: skip
        weight = getattr(self, f"weight_hh{end}")
        outs: list[Any] = []
        for each in reversed(given) if backwards else given:
            state = self.step(each, functional.linear(state[0], weight, bias[1]), state)
            if self.proj_size:
                shown = functional.linear(state[0], getattr(self, f"weight_hr{end}"))
                state = (shown, *state[1:])
            outs.append(state[0])
        return call("stack", outs[::-1] if backwards else outs, 0), state

    def extra_repr(self) -> str:
        """The sizes and what is not usual."""
        text = f"{self.input_size}, {self.hidden_size}"
        text += f", proj_size={self.proj_size}" if self.proj_size else ""
        usual = {
            "num_layers": 1, "bias": True, "batch_first": False, "dropout": 0.0,
            "bidirectional": False,
        }  # fmt: skip
        for name, value in usual.items():
            if getattr(self, name) != value:
                text += f", {name}={getattr(self, name)}"
        return text


def check_recurrent(hidden_size: int, num_layers: int, dropout: float, proj_size: int) -> None:
    """Refuse settings that cannot be, and warn of dropout between layers that are not there."""
    if not 0 <= dropout <= 1:
        raise ValueError("dropout should be a number in range [0, 1] representing the probability "
                         "of an element being zeroed")  # fmt: skip
    if hidden_size <= 0:
        raise ValueError("hidden_size must be greater than zero")
    if num_layers <= 0:
        raise ValueError("num_layers must be greater than zero")
    if proj_size < 0:
        raise ValueError("proj_size should be a positive integer or zero to disable projections")
    if proj_size >= hidden_size:
        raise ValueError("proj_size has to be smaller than hidden_size")
    if dropout > 0 and num_layers == 1:
        warnings.warn(
            "dropout option adds dropout after all but last recurrent layer, so non-zero dropout "
            f"expects num_layers greater than 1, but got dropout={dropout} and "
            f"num_layers={num_layers}", stacklevel=3,
        )  # fmt: skip


class RNN(Recurrent):
    """A plain recurrence over sequences ``(L, N, input_size)``."""

    def __init__(
        self, input_size: int, hidden_size: int, num_layers: int = 1, nonlinearity: str = "tanh",
        bias: bool = True, batch_first: bool = False, dropout: float = 0.0,
        bidirectional: bool = False, device: Any = None, dtype: Any = None,
    ) -> None:  # fmt: skip
        if nonlinearity not in ("tanh", "relu"):
            raise ValueError(
                f"Unknown nonlinearity '{nonlinearity}'. Select from 'tanh' or 'relu'."
            )
        super().__init__(
            input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional, 0,
            dtype,
        )  # fmt: skip
        self.nonlinearity = nonlinearity
        self.step = simple_step(nonlinearity)

    def forward(self, input: Tensor, hx: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """The states at every step, and each layer's last."""
        states, last = self.run(input, None if hx is None else (hx,))
        return states, last[0]


class GRU(Recurrent):
    """Gated recurrent units over sequences ``(L, N, input_size)``."""

    gates = 3

    def __init__(
        self, input_size: int, hidden_size: int, num_layers: int = 1, bias: bool = True,
        batch_first: bool = False, dropout: float = 0.0, bidirectional: bool = False,
        device: Any = None, dtype: Any = None,
    ) -> None:  # fmt: skip
        super().__init__(
            input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional, 0,
            dtype,
        )  # fmt: skip
        self.step = gru_step

    def forward(self, input: Tensor, hx: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """The states at every step, and each layer's last."""
        states, last = self.run(input, None if hx is None else (hx,))
        return states, last[0]


class LSTM(Recurrent):
    """Long short-term memory over sequences ``(L, N, input_size)``."""

    gates = 4
    states = 2

    def __init__(
        self, input_size: int, hidden_size: int, num_layers: int = 1, bias: bool = True,
        batch_first: bool = False, dropout: float = 0.0, bidirectional: bool = False,
        proj_size: int = 0, device: Any = None, dtype: Any = None,
    ) -> None:  # fmt: skip
        super().__init__(
            input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional,
            proj_size, dtype,
        )  # fmt: skip
        self.step = lstm_step

    def forward(self, input: Tensor, hx: Any = None) -> tuple[Tensor, State]:
        """The states at every step, and each layer's last state and memory."""
        return self.run(input, hx)
