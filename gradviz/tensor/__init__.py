"""Tensors: data, dtypes and promotion, views, in-place writes, and calling operations."""

from gradviz.tensor import (
    casting,
    composed,
    composites,
    conversion,
    copying,
    foreign,
    functions,
    indexing,
    inplace_forms,
    kinds,
    lazily,
    methods,
    nodes,
    return_types,
    shaping,
    sources,
    storage,
)
from gradviz.tensor.size import Size
from gradviz.tensor.tensor import Tensor, apply

conversion.install_conversions()
methods.install_operators()
methods.install_methods()
casting.install_casts()
shaping.install_shapes()
indexing.install_indexing()
return_types.install_return_types()
composed.install_composed()
composites.install_composites()
lazily.install_random()
functions.install_functions()
inplace_forms.install_in_place_forms()
kinds.install_kinds()
storage.install_storage()
sources.install_sources()
copying.install_copying()
nodes.install_nodes()
foreign.install_torch_function()

__all__ = ["Size", "Tensor", "apply"]
