"""The directory as relations: the part that all engines share."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from sqlalchemy import FromClause

from backstage_py.insights.directory import Directory


class DirectoryTables(ABC):
    """See `Engine`; a subclass turns pairs of texts into a table of its database."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory

    @property
    def teams(self) -> FromClause:
        """See `Engine`."""
        teams_of = self.directory.teams_of
        pairs = [(user, team) for user, teams in teams_of.items() for team in set(teams)]
        return self._named("teams", "user_ref", "team", pairs)

    @property
    def users(self) -> FromClause:
        """See `Engine`."""
        pairs = [(user, "") for user in self.directory.teams_of]
        return self._named("users", "user_ref", "blank", pairs)

    @property
    def left_out(self) -> FromClause:
        """See `Engine`."""
        pairs = [(user, "") for user in sorted(self.directory.left_out)]
        return self._named("left_out", "user_ref", "blank", pairs)

    @property
    def owners(self) -> FromClause:
        """See `Engine`."""
        return self._named("owners", "entity_ref", "owner", [*self.directory.owner_of.items()])

    @abstractmethod
    def _named(
        self, name: str, key: str, value: str, pairs: Sequence[tuple[str, str]]
    ) -> FromClause:
        """The table of pairs, with the columns `key` and `value`."""
