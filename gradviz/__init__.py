"""GradViz's engine: tensors, gradients and graphs, under PyTorch's names.

``import gradviz as torch`` reads naturally. Operations come from the table
(:data:`gradviz.ops.OPS`); packages such as ``gradviz.nn`` load when first used.
"""

from __future__ import annotations

import importlib
import math
from typing import TYPE_CHECKING, Any

from gradviz import autograd, ops
from gradviz.autograd import enable_grad, is_grad_enabled, no_grad, set_grad_enabled, steps
from gradviz.ops.dtypes import (
    ALIASES,
    DTYPES,
    bool_,
    dtype,
    float16,
    float32,
    float64,
    get_default_dtype,
    int8,
    int16,
    int32,
    int64,
    promote_types,
    set_default_dtype,
    uint8,
)
from gradviz.tensor import Size, Tensor, functions
from gradviz.tensor.binding import overloads, public_function
from gradviz.tensor.composed import FUNCTIONS
from gradviz.tensor.composites import COMPOSITES
from gradviz.tensor.create import as_tensor, from_numpy, tensor
from gradviz.tensor.device import device
from gradviz.tensor.functions import detach, equal, is_tensor, numel, result_type
from gradviz.tensor.out import accepting_out

if TYPE_CHECKING:
    from gradviz.graph.document import Graph

__version__ = "0.1.0"

pi, e, inf, nan = math.pi, math.e, math.inf, math.nan
PACKAGES = frozenset(
    [
        "cuda",
        "descent",
        "explain",
        "export",
        "files",
        "func",
        "graph",
        "layout",
        "linalg",
        "nn",
        "ops",
        "optim",
        "program",
        "random",
        "signal",
        "special",
        "utils",
    ]
)
FILLED = ("empty", "multinomial", "bernoulli", "normal", "rand", "randint", "randn", "randperm")
PLACES = {"random": "gradviz.tensor.random"}
FUNCTION_ALIASES = {
    alias: op.base_name
    for op in ops.OPS.values()
    for alias in op.aliases
    if alias.isidentifier() and op.function and alias not in ops.OPS
}
NETWORK_FUNCTIONS = (
    "adaptive_max_pool1d", "affine_grid_generator", "alpha_dropout", "alpha_dropout_",
    "batch_norm", "bilinear", "binary_cross_entropy_with_logits", "celu_", "conv_tbc",
    "cosine_embedding_loss", "cosine_similarity", "ctc_loss", "dropout", "dropout_", "embedding",
    "embedding_renorm_", "feature_alpha_dropout", "feature_alpha_dropout_", "feature_dropout",
    "feature_dropout_", "grid_sampler", "grid_sampler_2d", "grid_sampler_3d", "group_norm",
    "hinge_embedding_loss", "instance_norm", "kl_div", "layer_norm", "margin_ranking_loss",
    "max_pool1d_with_indices", "native_batch_norm", "native_channel_shuffle", "native_dropout",
    "native_layer_norm", "pairwise_distance", "pdist", "poisson_nll_loss", "relu_", "rrelu",
    "rrelu_", "selu_", "threshold_", "triplet_margin_loss",
)  # fmt: skip
"""What ``nn.functional`` has too, and how it is called here: :mod:`gradviz.nn.foremost`."""
WINDOWS = ("bartlett", "blackman", "hamming", "hann", "kaiser")
LAZY = {
    **{f"{w}_window": ("gradviz.signal.windows", f"{w}_window") for w in WINDOWS},
    **{name: ("gradviz.nn.foremost", name) for name in NETWORK_FUNCTIONS},
    "finfo": ("gradviz.tensor.type_info", "finfo"),
    "iinfo": ("gradviz.tensor.type_info", "iinfo"),
    "Graph": ("gradviz.graph.document", "Graph"),
    "default_generator": ("gradviz.tensor.generator", "default_generator"),
    "empty": ("gradviz.tensor.unset", "empty"),
    "empty_like": ("gradviz.tensor.unset", "empty_like"),
    "Generator": ("gradviz.tensor.generator", "Generator"),
    "inference_mode": ("gradviz.autograd.inference", "inference_mode"),
    "is_inference": ("gradviz.autograd.inference", "is_inference"),
    "is_inference_mode_enabled": ("gradviz.autograd.inference", "is_inference_mode_enabled"),
    "load": ("gradviz.files.tensors", "load"),
    "save": ("gradviz.files.tensors", "save"),
    "set_printoptions": ("gradviz.tensor.printing", "set_printoptions"),
    "show": ("gradviz.show", "show"),
    "vmap": ("gradviz.func", "vmap"),
} | {
    name: ("gradviz.tensor.random", name)
    for name in (
        "bernoulli",
        "get_rng_state",
        "initial_seed",
        "manual_seed",
        "multinomial",
        "normal",
        "rand",
        "rand_like",
        "randint",
        "randint_like",
        "randn",
        "randn_like",
        "randperm",
        "seed",
        "set_rng_state",
    )
}


def __getattr__(name: str) -> Any:
    if name in PACKAGES:
        return importlib.import_module(PLACES.get(name, f"gradviz.{name}"))
    if name in LAZY:
        module, attribute = LAZY[name]
        # Kept, because importing a module called as the function is puts it in its place.
        found = getattr(importlib.import_module(module), attribute)
        globals()[name] = found = accepting_out(found, name) if name in FILLED else found
        return found
    if name == "bool":
        return bool_
    if name in ALIASES:
        return ALIASES[name]
    if name in FUNCTIONS or name in COMPOSITES:
        globals()[name] = made = accepting_out(FUNCTIONS.get(name) or COMPOSITES[name], name)
        return made
    try:
        globals()[name] = other = functions.found(name)
    except KeyError:
        pass
    else:
        return other
    found = [op for op in overloads(FUNCTION_ALIASES.get(name, name)) if op.function]
    if not found:
        raise AttributeError(f"module 'gradviz' has no attribute '{name}'")
    globals()[name] = function = public_function(FUNCTION_ALIASES.get(name, name))
    return function


__all__ = [
    "DTYPES", "Graph", "Size", "Tensor", "as_tensor", "autograd", "detach", "device", "dtype", "e",
    "enable_grad", "equal", "float16", "float32", "float64", "from_numpy", "get_default_dtype",
    "inf", "int8", "int16", "int32", "int64", "is_grad_enabled", "is_tensor", "nan", "no_grad",
    "numel", "pi", "promote_types", "result_type", "set_default_dtype", "set_grad_enabled",
    "steps", "tensor", "uint8",
]  # fmt: skip
