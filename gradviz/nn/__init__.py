"""Neural networks, under PyTorch's names: ``functional``, the operations they are made of."""

from gradviz.nn import functional

__all__ = ["functional"]
