"""Signals: ``torch.signal``."""

from gradviz.signal import windows

__all__ = ["windows"]
