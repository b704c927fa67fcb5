"""The catalog's facts about people and entities, for questions."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, eq=False)
class Directory:
    """Known users with their teams, and known entities with their owners; refs in lower case.

    Create it once and pass the same object until something changes: the engine caches its tables.
    """

    teams_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """Each known user's teams, possibly none."""
    owner_of: Mapping[str, str] = field(default_factory=dict[str, str])
    """Each known entity's owner; "" if it has none."""
    form_pages_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """The titles of each known template's form pages; "" for a page without one."""
    parent_of: Mapping[str, str] = field(default_factory=dict[str, str])
    """Each known group's parent; "" if it has none."""
    left_out: frozenset[str] = frozenset()
    """Users who do not count for reach: service accounts, pilots."""
    known_users: int | None = None
    """The number of people, if the catalog does not have all of them."""

    @property
    def counted_teams_of(self) -> Mapping[str, tuple[str, ...]]:
        """`teams_of` without the users who are left out of reach."""
        return {user: teams for user, teams in self.teams_of.items() if user not in self.left_out}


def list_members(
    refs: Collection[str],
    teams_of: Mapping[str, tuple[str, ...]],
    parent_of: Mapping[str, str],
) -> frozenset[str]:
    """The users who are one of some refs, or belong to one of them or to a group below it.

    Args:
        refs: The refs of users and groups, in lower case.
        teams_of: Each user's own groups.
        parent_of: Each group's parent; "" or missing if it has none.
    """
    wanted = set(refs)

    def is_below(group: str) -> bool:
        seen: set[str] = set()
        while group not in wanted and group not in seen:
            seen.add(group)
            group = parent_of.get(group, "")
        return group in wanted

    return frozenset(
        user for user, teams in teams_of.items() if user in wanted or any(map(is_below, teams))
    ) | {ref for ref in wanted if ref.startswith("user:")}


EMPTY_DIRECTORY = Directory()
