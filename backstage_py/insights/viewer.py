"""The data about people that a viewer may see."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whether users' refs are shown, and the smallest group size that is shown.

    `sees_people`: else users have pseudonyms. `smallest_group`: groups of fewer people are
    hidden in every breakdown by team or by person. `per_person`: False if nothing may be broken
    down by person, not even by pseudonym.
    """

    sees_people: bool = False
    smallest_group: int = 5
    per_person: bool = True


OWNER = Viewer(sees_people=True, smallest_group=1)
"""The viewer with access to the database: nothing is hidden."""
