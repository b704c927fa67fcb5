"""The questions of the explorer that somebody has kept, with their settings."""

from dataclasses import dataclass

from backstage_py.plugins.settings.api import SettingError, UserSettings

BUCKET = "insights"
KEY = "explorations"
MAX_SAVED = 30
MAX_NAME = 80


@dataclass(frozen=True)
class SavedQuestion:
    """A question under its name; `address` is where it is asked."""

    name: str
    address: str


class SavedQuestions:
    """What each user has kept, the newest first.

    Every method raises `sqlalchemy.exc.SQLAlchemyError` if the database does not answer.
    """

    def __init__(self, settings: UserSettings) -> None:
        self._settings = settings

    def list(self, user: str) -> list[SavedQuestion]:
        """List a user's questions."""
        kept = self._settings.get(user, BUCKET, KEY, default=[])
        return [
            SavedQuestion(one["name"], one["address"])
            for one in kept
            if isinstance(one, dict) and {"name", "address"} <= one.keys()
        ]

    def save(self, user: str, question: SavedQuestion) -> None:
        """Keep a question, in the place of one of the same name.

        Raises:
            SettingError: If nobody is signed in, the name is empty or too long, or there are
                too many.
        """
        if not 0 < len(question.name) <= MAX_NAME:
            raise SettingError(f"Give the question a name of 1 to {MAX_NAME} characters.")
        others = [one for one in self.list(user) if one.name != question.name]
        if len(others) >= MAX_SAVED:
            raise SettingError(f"{MAX_SAVED} questions are kept already: remove one first.")
        self._keep(user, [question, *others])

    def remove(self, user: str, name: str) -> None:
        """Forget a question."""
        self._keep(user, [one for one in self.list(user) if one.name != name])

    def _keep(self, user: str, questions: "list[SavedQuestion]") -> None:
        kept = [{"name": one.name, "address": one.address} for one in questions]
        self._settings.set(user, BUCKET, KEY, kept)
