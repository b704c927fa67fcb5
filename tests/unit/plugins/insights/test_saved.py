from collections.abc import Iterator
from pathlib import Path

import pytest

from backstage_py.analytics.store.engine import open_engine
from backstage_py.insights.ui.saved import CannotSaveError, SavedQuestion, SavedQuestions
from backstage_py.plugins.insights.saved import MAX_SAVED, SettingsOfQuestions
from backstage_py.plugins.settings.api import UserSettings

ADA, BEN = "user:default/ada", "user:default/ben"


@pytest.fixture
def saved(tmp_path: Path) -> Iterator[SavedQuestions]:
    engine = open_engine({"DATABASE_URL": f"sqlite:///{tmp_path / 'settings.db'}"})
    yield SettingsOfQuestions(UserSettings(engine))
    engine.dispose()


def test_a_question_is_kept_for_its_user_until_it_is_removed(saved: SavedQuestions) -> None:
    first, second = SavedQuestion("Teams", "by=team"), SavedQuestion("Plugins", "by=pluginId")
    saved.save(ADA, first)
    saved.save(ADA, second)

    assert saved.list(ADA) == [second, first]
    assert saved.list(BEN) == []
    saved.remove(ADA, "Plugins")
    assert saved.list(ADA) == [first]


def test_a_name_is_there_once(saved: SavedQuestions) -> None:
    saved.save(ADA, SavedQuestion("Teams", "by=team"))
    saved.save(ADA, SavedQuestion("Teams", "by=team&over=time"))

    assert saved.list(ADA) == [SavedQuestion("Teams", "by=team&over=time")]


@pytest.mark.parametrize(("user", "name"), [("", "Teams"), (ADA, ""), (ADA, "x" * 81)])
def test_a_question_without_a_user_or_a_good_name_is_refused(
    saved: SavedQuestions, user: str, name: str
) -> None:
    with pytest.raises(CannotSaveError):
        saved.save(user, SavedQuestion(name, "by=team"))


def test_there_are_not_too_many(saved: SavedQuestions) -> None:
    for number in range(MAX_SAVED):
        saved.save(ADA, SavedQuestion(str(number), ""))

    with pytest.raises(CannotSaveError, match="remove one first"):
        saved.save(ADA, SavedQuestion("one more", ""))
