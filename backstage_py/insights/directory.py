"""What the catalog knows about people and things."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, eq=False)
class Directory:
    """Known users with their teams, and known entities with their owners; refs in lower case.

    Make it once and hand in the same one again as long as nothing changes: the engine keeps
    what it made of it.
    """

    teams_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """Each known user's teams, perhaps none."""
    owner_of: Mapping[str, str] = field(default_factory=dict[str, str])
    """Each known entity's owner, "" where it has none."""
    form_pages_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """The titles of each known template's form pages, "" where a page has none."""


EMPTY_DIRECTORY = Directory()
