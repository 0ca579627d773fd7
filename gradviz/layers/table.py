"""Every layer that can be put into a graph, one entry each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from gradviz.layers.spec import Layer, Values
from gradviz.ops.spec import Attr, Shape


def whole(name: str, default: int, doc: str, low: int = 1) -> Attr:
    """A setting that is a size."""
    return Attr(name=name, kind="int", doc=doc, default=default, low=low, high=1_000_000)


def yes_or_no(name: str, default: bool, doc: str) -> Attr:
    """A setting that is on or off."""
    return Attr(name=name, kind="bool", doc=doc, default=default)


def share(name: str, default: float, doc: str) -> Attr:
    """A setting that is a probability."""
    return Attr(name=name, kind="float", doc=doc, default=default, low=0.0, high=1.0)


BIAS = yes_or_no("bias", True, "Whether numbers to learn are added at the end.")
EPS = Attr(
    name="eps", kind="float", doc="Added below the root, so that nothing is divided by zero.",
    default=1e-5, low=0.0,
)  # fmt: skip
SEED = Attr(
    name="seed", kind="int", doc="What the starting values are drawn from.", default=0, low=0
)
TRAINING = yes_or_no(
    "training", True, "Whether the batch’s own mean and spread are used, or those kept."
)
DROPOUT = share(
    "dropout", 0.0, "The share of values dropped, in one draw that stays: a mask in the graph."
)
HEADS = 8, 4, 2, 1
Fitted = Callable[[Shape, Values], Values]
Shaped = Callable[[Values], Shape]


def last(name: str) -> Fitted:
    """A layer fits an input by its last dimension."""

    def fitted(shape: Shape, values: Values) -> Values:
        return {name: shape[-1]} if shape and shape[-1] else {}

    return fitted


def channels(name: str, rank: int) -> Fitted:
    """A layer fits an input by its channels, before ``rank`` dimensions of space."""

    def fitted(shape: Shape, values: Values) -> Values:
        known = len(shape) in (rank + 1, rank + 2) and shape[-rank - 1]
        return {name: shape[-rank - 1]} if known else {}

    return fitted


# convolutions and norms ------------------------------------------------------------------------


def convolution(rank: int, transposed: bool = False) -> Layer:
    """A convolution over that many dimensions."""
    word = "ConvTranspose" if transposed else "Conv"

    def seen(values: Values) -> Shape:
        reach = values["dilation"] * (values["kernel_size"] - 1) + 1
        return (1, values["in_channels"], *(reach + values["stride"],) * rank)

    return Layer(
        name=f"{word}{rank}d", symbol="∗", category="linalg",
        doc=(
            "Spreads each place by kernels to learn: what a convolution takes back."
            if transposed
            else "Kernels to learn, moved over the input: one for each channel in and out."
        ),
        settings=(
            whole("in_channels", 1 if rank < 3 else 2, "Channels of the input."),
            whole("out_channels", 4, "Channels of the output: how many kernels there are."),
            whole("kernel_size", 3, "How wide a kernel is, in every dimension."),
            whole("stride", 1, "How far it moves from one place to the next."),
            whole("padding", 0, "How many zeros are added around.", 0),
            whole("dilation", 1, "How far apart the numbers of a kernel look."),
            whole("groups", 1, "In how many groups of channels, each on its own."),
            BIAS, SEED,
        ),
        inputs={"input": seen}, fitted=channels("in_channels", rank),
        search=("convolution", "kernel", "filter", "cnn"),
    )  # fmt: skip


def batch_norm(rank: int) -> Layer:
    """Batch normalization over samples with that many dimensions of space."""

    def fitted(shape: Shape, values: Values) -> Values:
        fits = len(shape) in ((2, 3) if rank == 1 else (rank + 2,)) and shape[1]
        return {"num_features": shape[1]} if fits else {}

    return Layer(
        name=f"BatchNorm{rank}d", symbol="z", category="reduce",
        doc="Each channel brought to mean zero and spread one over the batch, then scaled.",
        settings=(
            whole("num_features", 4, "Channels of the input, its second dimension."), EPS,
            yes_or_no("affine", True, "Whether it scales and shifts by numbers to learn."),
            TRAINING, SEED,
        ),
        inputs={"input": lambda values: (2, values["num_features"], *(2,) * rank)},
        fitted=fitted, search=("normalization", "standardize"),
    )  # fmt: skip


def last_norm(name: str, doc: str, word: str, *settings: Attr) -> Layer:
    """Normalization of each sample's last dimensions."""
    return Layer(
        name=name, symbol="z", category="reduce", doc=doc,
        settings=(
            Attr(name="normalized_shape", kind="shape", doc="The last dimensions.", default=(4,)),
            *settings, SEED,
        ),
        inputs={"input": lambda values: tuple(values["normalized_shape"])},
        fitted=lambda shape, values: {"normalized_shape": shape[-1:]} if shape else {},
        search=("normalization", word),
    )  # fmt: skip


SCALES = yes_or_no("elementwise_affine", True, "Whether it scales by numbers to learn.")
NORMS = (
    batch_norm(1),
    batch_norm(2),
    last_norm(
        "LayerNorm",
        "Each sample’s last dimensions brought to mean zero and spread one, then scaled.",
        "standardize", EPS, SCALES, BIAS,
    ),
    last_norm(
        "RMSNorm",
        "Each sample’s last dimensions divided by the root of their mean square, then scaled.",
        "root mean square", SCALES,
    ),
    Layer(
        name="GroupNorm", symbol="z", category="reduce",
        doc="Each group of channels of each sample brought to mean zero and spread one.",
        settings=(
            whole("num_groups", 2, "How many groups the channels fall into."),
            whole("num_channels", 4, "Channels of the input, its second dimension."), EPS,
            yes_or_no("affine", True, "Whether it scales and shifts by numbers to learn."), SEED,
        ),
        inputs={"input": lambda values: (1, values["num_channels"], 2)},
        fitted=lambda shape, values: {"num_channels": shape[1]} if len(shape) > 1 else {},
        search=("normalization",),
    ),
)  # fmt: skip


# sequences -------------------------------------------------------------------------------------

LENGTH = whole("length", 4, "How many steps the sequence has: the graph has each of them.")
BATCH = whole("batch", 1, "How many sequences at once; 0: one without a dimension for it.", 0)
BATCH_FIRST = yes_or_no(
    "batch_first", False, "Whether the batch is the first dimension, and steps the second."
)


def sequence(width: str, length: str = "length") -> Shaped:
    """The shape of a sequence: steps, batch, and the setting that says how wide it is."""

    def shape(values: Values) -> Shape:
        if not values["batch"]:
            return values[length], values[width]
        pair = values[length], values["batch"]
        return (*(reversed(pair) if values["batch_first"] else pair), values[width])

    return shape


def sequence_fitted(width: str) -> Fitted:
    """The settings of a layer of sequences for an input of some shape."""

    def fitted(shape: Shape, values: Values) -> Values:
        if len(shape) not in (2, 3) or not all(shape):
            return {}
        steps, batch = (shape[0], 0) if len(shape) == 2 else shape[:2]
        if len(shape) == 3 and values["batch_first"]:
            steps, batch = batch, steps
        found = {width: shape[-1], "length": steps, "batch": batch}
        for heads in ("num_heads", "nhead"):
            if heads in values:
                wide = shape[-1]
                found[heads] = next(n for n in HEADS if wide % n == 0 and n * n <= wide)
        return found

    return fitted


def recurrent(name: str, doc: str, states: tuple[str, ...], *more: Attr) -> Layer:
    """A recurrent layer over whole sequences."""
    return Layer(
        name=name, symbol="↻", category="linalg", doc=doc,
        settings=(
            whole("input_size", 3, "How many numbers each step of the input has."),
            whole("hidden_size", 4, "How many numbers the state has."),
            LENGTH, BATCH, whole("num_layers", 1, "Layers one above the other."), *more, BIAS,
            BATCH_FIRST, yes_or_no("bidirectional", False, "Whether it also runs backwards."), SEED,
        ),
        inputs={"input": sequence("input_size")}, outputs=("output", *states),
        fitted=sequence_fitted("input_size"), search=("recurrent", "sequence", "memory"),
        steps=lambda values: values["length"] * values["num_layers"],
    )  # fmt: skip


def cell(name: str, doc: str, states: tuple[str, ...], *more: Attr) -> Layer:
    """One step of a recurrent layer."""

    def rows(width: str) -> Shaped:
        return lambda values: (
            (values["batch"], values[width]) if values["batch"] else (values[width],)
        )

    def fitted(shape: Shape, values: Values) -> Values:
        if len(shape) not in (1, 2) or not all(shape):
            return {}
        return {"input_size": shape[-1], "batch": shape[0] if len(shape) == 2 else 0}

    return Layer(
        name=name, symbol="↻", category="linalg", doc=doc,
        settings=(
            whole("input_size", 3, "How many numbers the input has."),
            whole("hidden_size", 4, "How many numbers the state has."), BATCH, *more, BIAS, SEED,
        ),
        inputs={"input": rows("input_size"), **{state: rows("hidden_size") for state in states}},
        outputs=("h_1", "c_1")[: len(states)], packed=len(states) > 1, fitted=fitted,
        search=("recurrent", "step", "state"),
    )  # fmt: skip


BEND = Attr(
    name="nonlinearity", kind="choice", doc="What bends the sum.", default="tanh",
    choices=("tanh", "relu"),
)  # fmt: skip
RECURRENT = (
    recurrent("RNN", "A plain recurrence over a sequence, every step a part of the graph.",
              ("h_n",), BEND),
    recurrent("LSTM", "A long short-term memory over a sequence, every step a part of the graph.",
              ("h_n", "c_n")),
    recurrent("GRU", "A gated recurrent unit over a sequence, every step a part of the graph.",
              ("h_n",)),
    cell("RNNCell", "One step of a plain recurrence: tanh(x W + h U + b).", ("hx",), BEND),
    cell("LSTMCell", "One step of a long short-term memory: gates, state and memory.",
         ("hx", "cx")),
    cell("GRUCell", "One step of a gated recurrent unit.", ("hx",)),
)  # fmt: skip


def transformer(name: str, doc: str, inputs: Mapping[str, Shaped], *more: Attr) -> Layer:
    """A layer of a transformer."""
    return Layer(
        name=name, symbol="T", category="linalg", doc=doc,
        settings=(
            whole("d_model", 8, "How many numbers each step has."),
            whole("nhead", 2, "Heads of the attention; they share the numbers of a step."),
            whole("dim_feedforward", 16, "How wide the linear layers are between."),
            LENGTH, *more, BATCH, DROPOUT,
            Attr(name="activation", kind="choice", doc="What bends between the linear layers.",
                 default="relu", choices=("relu", "gelu")),
            yes_or_no("norm_first", False, "Whether norms come before what they belong to."),
            BATCH_FIRST, BIAS, SEED,
        ),
        inputs=inputs, fitted=sequence_fitted("d_model"),
        search=("attention", "encoder", "decoder"),
    )  # fmt: skip


ATTENTION = (
    Layer(
        name="MultiheadAttention", symbol="A", category="linalg",
        doc="Several heads: each sees a projection of queries, keys and values of its own.",
        settings=(
            whole("embed_dim", 8, "How many numbers each step has."),
            whole("num_heads", 2, "Heads; they share the numbers of a step."), LENGTH, BATCH,
            DROPOUT,
            yes_or_no("need_weights", False, "Whether the weights of the average come out too."),
            BATCH_FIRST, BIAS, SEED,
        ),
        inputs={name: sequence("embed_dim") for name in ("query", "key", "value")},
        outputs=("attn_output", "attn_output_weights"),
        fitted=sequence_fitted("embed_dim"), together=True,
        search=("attention", "transformer", "self-attention"),
    ),
    transformer(
        "TransformerEncoderLayer",
        "Attention of a sequence to itself, then two linear layers; each beside a way around it.",
        {"src": sequence("d_model")},
    ),
    transformer(
        "TransformerDecoderLayer",
        "Attention of a sequence to itself and to a memory, then two linear layers.",
        {"tgt": sequence("d_model"), "memory": sequence("d_model", "memory_length")},
        whole("memory_length", 4, "How many steps the memory has."),
    ),
)  # fmt: skip


# the table -------------------------------------------------------------------------------------

LINEAR = (
    Layer(
        name="Linear", symbol="W", category="linalg",
        doc="Weighs and sums the last dimension: x Wᵀ + b.",
        settings=(
            whole("in_features", 4, "Numbers in the last dimension of the input."),
            whole("out_features", 3, "Numbers in the last dimension of the output."), BIAS, SEED,
        ),
        inputs={"input": lambda values: (values["in_features"],)},
        fitted=last("in_features"), search=("dense", "fully connected", "affine", "perceptron"),
    ),
    Layer(
        name="Bilinear", symbol="W", category="linalg",
        doc="For each output a form of two inputs: x₁ W x₂ + b.",
        settings=(
            whole("in1_features", 4, "Numbers in the last dimension of the first input."),
            whole("in2_features", 4, "Numbers in the last dimension of the second input."),
            whole("out_features", 3, "Numbers in the last dimension of the output."), BIAS, SEED,
        ),
        inputs={
            "input1": lambda values: (1, values["in1_features"]),
            "input2": lambda values: (1, values["in2_features"]),
        },
        fitted=last("in1_features"),
    ),
    Layer(
        name="Embedding", symbol="E", category="index", numbers=True,
        doc="A table of vectors to learn, looked up by whole numbers.",
        settings=(
            whole("num_embeddings", 10, "Rows of the table: numbers from 0 to one less."),
            whole("embedding_dim", 4, "Numbers in a row."), SEED,
        ),
        inputs={"input": lambda values: (1,)}, search=("lookup", "token", "word", "table"),
    ),
    Layer(
        name="Dropout", symbol="D", category="elem",
        doc="Drops a share of the values and makes the rest larger: one draw, which stays.",
        settings=(
            share("p", 0.5, "The share of values dropped."),
            Attr(name="shape", kind="shape", doc="The shape of the input.", default=(4,)), SEED,
        ),
        inputs={"input": lambda values: tuple(values["shape"])},
        fitted=lambda shape, values: {"shape": shape}, search=("regularization", "mask"),
    ),
    Layer(
        name="PReLU", symbol="⌐", category="elem",
        doc="What is below zero is weighed by a slope to learn.",
        settings=(whole("num_parameters", 1, "Slopes: one, or one for each channel."), SEED),
        inputs={"input": lambda values: (1, values["num_parameters"])}, search=("activation",),
    ),
)  # fmt: skip

CONVOLUTIONS = (
    convolution(1),
    convolution(2),
    convolution(3),
    convolution(1, transposed=True),
    convolution(2, transposed=True),
)
LAYERS: Final[Mapping[str, Layer]] = {
    layer.name: layer for layer in (*LINEAR, *CONVOLUTIONS, *NORMS, *RECURRENT, *ATTENTION)
}
