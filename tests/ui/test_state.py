from pathlib import Path

from PySide6.QtCore import QSettings

from gradviz_ui.state import RECENT_FILES, State


def reopened(state: State) -> State:
    state.write()
    path = state._settings.fileName()
    return State(QSettings(path, QSettings.Format.IniFormat))


def test_at_first_nothing_was_chosen(state):
    assert state.theme is None and state.workspace == "build"
    assert state.recent == () and state.arrangement("window") is None


def test_choices_outlive_the_program(state):
    state.theme, state.workspace = "dark", "descend"
    state.keep_tab("build/right", "history")
    again = reopened(state)
    assert (again.theme, again.workspace, again.tab("build/right")) == (
        "dark",
        "descend",
        "history",
    )


def test_recent_files_are_few_unique_there_and_latest_first(state, tmp_path):
    paths = [tmp_path / f"ünusual {n}.gradviz" for n in range(RECENT_FILES + 3)]
    for path in paths:
        path.write_text("")
        state.remember_file(path)
    state.remember_file(paths[5])
    paths[-1].unlink()
    again = reopened(state).recent
    assert again[0] == paths[5] and len(set(again)) == len(again) == RECENT_FILES - 1
    assert paths[-1] not in again


def test_a_damaged_memory_counts_as_none(tmp_path: Path):
    path = tmp_path / "state.ini"
    path.write_text("[General]\ntheme=plaid\nworkspace=7\nrecent={oh\n")
    state = State(QSettings(str(path), QSettings.Format.IniFormat))
    assert state.theme is None and state.workspace == "build" and state.recent == ()
