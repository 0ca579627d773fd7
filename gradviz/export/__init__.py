"""Figures: graphs and descents, written without any window open."""

from gradviz.export.formats import EXPORTERS, Exporter, ExportError, Look, export
from gradviz.export.race_figures import FIGURES, descent_svg, figure_svg

__all__ = [
    "EXPORTERS",
    "FIGURES",
    "ExportError",
    "Exporter",
    "Look",
    "descent_svg",
    "export",
    "figure_svg",
]
