"""Figures: graphs and descents, written without any window open."""

from gradviz.export.formats import EXPORTERS, Exporter, ExportError, Look, export
from gradviz.export.plot import descent_svg

__all__ = ["EXPORTERS", "ExportError", "Exporter", "Look", "descent_svg", "export"]
