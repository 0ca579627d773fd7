import pytest

from gradviz.ops.spec import Attr
from gradviz_ui.settings_text import SettingError, read, shown


def attr(kind, **more):
    return Attr(name="it", kind=kind, doc="", **more)


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("int", "3", 3),
        ("dim", "−1", -1),
        ("float", "1e-3", 1e-3),
        ("number", "2", 2),
        ("number", "2.5", 2.5),
        ("shape", "2, 3", (2, 3)),
        ("shape", "(4,)", (4,)),
        ("shape", "5", (5,)),
        ("dims", "0", 0),
        ("dims", "0, -1", (0, -1)),
        ("index", "0, 1:3", (0, slice(1, 3))),
        ("index", "..., ::2", (Ellipsis, slice(None, None, 2))),
        ("index", "-1", -1),
        ("array", "[1, 2]", [1, 2]),
        ("text", "ij,jk->ik", "ij,jk->ik"),
    ],
)
def test_what_is_typed_is_read_as_its_kind(kind, typed, value):
    result = read(attr(kind), typed)
    assert result == value and type(result) is type(value)


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("int", "1.5"),
        ("int", "2**3"),
        ("float", "one"),
        ("shape", "a, b"),
        ("index", "__import__('os')"),
        ("index", "0]; x[1"),
        ("array", "open('x')"),
        ("number", ""),
    ],
)
def test_what_is_no_value_is_refused_in_words(kind, typed):
    with pytest.raises(SettingError, match=r"\w{2} \w"):
        read(attr(kind), typed)


def test_nothing_typed_is_none_where_that_may_be():
    assert read(attr("number", optional=True), " ") is None


def test_bounds_hold():
    with pytest.raises(SettingError, match="0 or more"):
        read(attr("int", low=0), "-1")


@pytest.mark.parametrize("value", [(0, slice(1, 3)), (Ellipsis, slice(None, None, 2)), -1])
def test_an_index_shown_is_read_back_as_itself(value):
    assert read(attr("index"), shown(value)) == value


@pytest.mark.parametrize(("typed", "value"), [("same", "same"), ("'valid'", "valid"), ("1", 1)])
def test_a_word_may_stand_for_numbers_where_there_are_words(typed, value):
    padding = attr("dims", choices=("same", "valid"))
    assert read(padding, typed) == value
    assert read(padding, shown(value)) == value
    with pytest.raises(SettingError):
        read(padding, "wide")
