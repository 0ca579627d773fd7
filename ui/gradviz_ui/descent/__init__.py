"""Descend: the loss as a landscape, and optimizers racing down it."""

from .workspace import DescendWorkspace

__all__ = ["DescendWorkspace"]
