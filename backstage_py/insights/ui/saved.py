"""Saved questions of the explorer."""

from dataclasses import dataclass
from typing import Protocol

MAX_NAME = 80
"""How many characters the name of a kept question has at most."""


@dataclass(frozen=True)
class SavedQuestion:
    """A question under its name; `address` is where it is asked."""

    name: str
    address: str


class CannotSaveError(ValueError):
    """A question that can't be kept; the message says what is wrong, and what to do."""


class SavedQuestions(Protocol):
    """What each user has kept, the newest first.

    Every method raises `sqlalchemy.exc.SQLAlchemyError` if the database does not answer.
    """

    def list(self, user: str) -> list[SavedQuestion]:
        """List a user's questions."""
        ...

    def save(self, user: str, question: SavedQuestion) -> None:
        """Keep a question, in the place of one of the same name.

        Raises:
            CannotSaveError: If nobody is signed in, the name is empty or too long, or there are
                too many.
        """
        ...

    def remove(self, user: str, name: str) -> None:
        """Forget a question.

        Raises:
            CannotSaveError: If nobody is signed in.
        """
        ...
