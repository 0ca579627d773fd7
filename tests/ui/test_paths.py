import pytest

from gradviz_ui.paths import resource


def test_a_resource_is_found():
    assert resource("themes/light.json").is_file()


def test_every_font_has_its_licence_beside_it():
    folder = resource("fonts")
    for font in folder.glob("*.[ot]tf"):
        licence = folder / f"{font.stem.partition('-')[0]}-OFL.txt"
        assert "SIL OPEN FONT LICENSE" in licence.read_text(encoding="utf-8")


def test_a_missing_resource_is_named():
    with pytest.raises(FileNotFoundError, match=r"resources/icons/unicorn\.svg"):
        resource("icons/unicorn.svg")
