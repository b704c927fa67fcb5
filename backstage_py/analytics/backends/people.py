"""The app's data about its users, for tools that need it."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol


class People(Protocol):
    """Looks up users by their entity refs."""

    def email_of(self, user: str) -> str | None:
        """The email address in the user's profile, or None."""
        ...

    def groups_of(self, user: str) -> Sequence[Mapping[str, Any]]:
        """The group entities, as in a catalog, that the user is a member of."""
        ...


class _Strangers:
    """Knows no users."""

    def email_of(self, user: str) -> str | None:  # ruff: ignore[unused-method-argument]
        return None

    def groups_of(self, user: str) -> Sequence[Mapping[str, Any]]:  # ruff: ignore[unused-method-argument]
        return ()


_people: list[People] = [_Strangers()]


def use_people(people: People) -> None:
    """Set the `People` of this process; the last call counts."""
    _people[:] = [people]


def get_people() -> People:
    """The `People` of this process; it knows no users unless `use_people` was called."""
    return _people[0]
