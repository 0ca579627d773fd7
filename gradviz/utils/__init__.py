"""What programs need around a model: ``torch.utils``."""

from gradviz.utils import data

__all__ = ["data"]
