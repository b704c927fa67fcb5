"""The explorer's saved questions, stored in the users' settings."""

from backstage_py.insights.ui.saved import MAX_NAME, CannotSaveError, SavedQuestion
from backstage_py.plugins.settings.api import SettingError, UserSettings

BUCKET = "insights"
KEY = "explorations"
MAX_SAVED = 30


class SettingsOfQuestions:
    """Stores each user's questions, see `SavedQuestions` of the dashboard."""

    def __init__(self, settings: UserSettings) -> None:
        self._settings = settings

    def list(self, user: str) -> list[SavedQuestion]:
        """List a user's questions, the newest first."""
        kept = self._settings.get(user, BUCKET, KEY, default=[])
        return [
            SavedQuestion(one["name"], one["address"])
            for one in kept
            if isinstance(one, dict) and {"name", "address"} <= one.keys()
        ]

    def save(self, user: str, question: SavedQuestion) -> None:
        """Save a question, replacing one of the same name.

        Raises:
            CannotSaveError: If nobody is signed in, the name is empty or too long, or there are
                too many.
        """
        if not 0 < len(question.name) <= MAX_NAME:
            raise CannotSaveError(f"Give the question a name of 1 to {MAX_NAME} characters.")
        others = [one for one in self.list(user) if one.name != question.name]
        if len(others) >= MAX_SAVED:
            raise CannotSaveError(f"You have saved {MAX_SAVED} questions: remove one first.")
        self._keep(user, [question, *others])

    def remove(self, user: str, name: str) -> None:
        """Delete a question."""
        self._keep(user, [one for one in self.list(user) if one.name != name])

    def _keep(self, user: str, questions: "list[SavedQuestion]") -> None:
        kept = [{"name": one.name, "address": one.address} for one in questions]
        try:
            self._settings.set(user, BUCKET, KEY, kept)
        except SettingError as error:
            raise CannotSaveError(str(error)) from error
