"""Functions made of functions: gradients, products with Jacobians, batches.

PyTorch's ``torch.func``; see https://docs.pytorch.org/docs/stable/func.html.
"""

from gradviz.func.batch import vmap
from gradviz.func.derivatives import grad, grad_and_value, jacrev, vjp
from gradviz.func.forward import hessian, jacfwd, jvp, linearize
from gradviz.func.stateless import functional_call, stack_module_state

__all__ = [
    "functional_call",
    "grad",
    "grad_and_value",
    "hessian",
    "jacfwd",
    "jacrev",
    "jvp",
    "linearize",
    "stack_module_state",
    "vjp",
    "vmap",
]
