"""What is done to parameters from outside, as PyTorch names it: clipping, and into one vector."""

from gradviz.nn.utils.clipping import clip_grad_norm_, clip_grad_value_, get_total_norm
from gradviz.nn.utils.vectors import parameters_to_vector, vector_to_parameters

__all__ = [
    "clip_grad_norm_", "clip_grad_value_", "get_total_norm", "parameters_to_vector",
    "vector_to_parameters",
]  # fmt: skip
