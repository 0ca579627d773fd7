"""Small reusable widgets; each knows the theme and nothing of graphs."""

from .badge import Badge
from .elided_label import ElidedLabel
from .flat_tabs import FlatTabs
from .focus_frame import FocusFrame
from .icon_button import IconButton
from .number_entry import NotANumberError, NumberRule
from .panel_header import PanelHeader
from .plain import column, empty, fact_row, restyle, row, scroll_area, text, thin_line
from .problem_line import ProblemLine
from .scrub_field import ScrubField
from .segmented_control import SegmentedControl
from .slider_scale import SliderScale
from .sparkline import Sparkline
from .steady import Steady
from .value_slider import ValueSlider
from .wordmark import Wordmark

__all__ = [
    "Badge",
    "ElidedLabel",
    "FlatTabs",
    "FocusFrame",
    "IconButton",
    "NotANumberError",
    "NumberRule",
    "PanelHeader",
    "ProblemLine",
    "ScrubField",
    "SegmentedControl",
    "SliderScale",
    "Sparkline",
    "Steady",
    "ValueSlider",
    "Wordmark",
    "column",
    "empty",
    "fact_row",
    "restyle",
    "row",
    "scroll_area",
    "text",
    "thin_line",
]
