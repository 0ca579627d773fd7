"""Figures as text, drawn without any window."""

from gradviz.export.plot import descent_svg

__all__ = ["descent_svg"]
