"""The company of a sample history: people in teams, and the entities they visit."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from backstage_py.insights.ui.sample_people import sample_ref


@dataclass(frozen=True, slots=True)
class Thing:
    """An entity of the catalog; `owner` is the ref of a group, or empty."""

    ref: str
    title: str
    owner: str = ""

    @property
    def kind(self) -> str:
        """Its kind, in lower case."""
        return self.ref.partition(":")[0]

    @property
    def namespace(self) -> str:
        """Its namespace."""
        return self.ref.partition(":")[2].partition("/")[0]

    @property
    def name(self) -> str:
        """Its name."""
        return self.ref.rpartition("/")[2]

    @property
    def path(self) -> str:
        """Its page in the catalog."""
        return f"/catalog/{self.namespace}/{self.kind}/{self.name}"


@dataclass(frozen=True, slots=True)
class SampleTemplate:
    """A software template: how many pages its form has, and the minutes that a run saves."""

    thing: Thing
    steps: int
    minutes: float | None = None


@dataclass(frozen=True, slots=True)
class Colleague:
    """A person of the company; `ref` is in the sample namespace, `team` is a group's ref."""

    ref: str
    team: str


@dataclass(frozen=True, slots=True)
class Company:
    """The company that uses the portal.

    `known` are the people of the catalog, by name, with their team; `documented` the entities with
    documentation; `zone` the IANA time zone of its working day.
    """

    teams: Sequence[str]
    known: Sequence[tuple[str, str]] = ()
    things: Sequence[Thing] = ()
    documented: Sequence[Thing] = ()
    templates: Sequence[SampleTemplate] = ()
    zone: str = "Europe/Oslo"

    def hire(self, count: int) -> list[Colleague]:
        """The first `count` people: those of the catalog, then invented ones."""
        names = [name for name, _ in self.known[:count]]
        taken = set(names)
        for name in _invented_names():
            if len(names) >= count:
                break
            if name not in taken:
                taken.add(name)
                names.append(name)
        return [Colleague(ref, self.team_of(ref)) for ref in map(sample_ref, names)]

    def team_of(self, user: str) -> str:
        """The team of a person in a sample history, always the same; empty without teams."""
        name = user.rpartition("/")[2]
        known = dict(self.known).get(name)
        if known is not None:
            return known
        if not self.teams:
            return ""
        # The first teams are larger than the last ones, as in a company that has grown.
        spread = zlib.crc32(name.encode()) / 2**32
        return self.teams[int(spread**1.5 * len(self.teams))]


def _invented_names() -> list[str]:
    """All first names with all last names, mixed so that both change from one to the next."""
    count = len(_LAST)
    return [
        f"{first}.{_LAST[(place * 7 + turn) % count]}"
        for turn in range(count)
        for place, first in enumerate(_FIRST)
    ]


_FIRST = (
    *("ada", "aksel", "anna", "anton", "astrid", "bjorn", "carmen", "dag", "edvard", "elif"),
    *("emre", "erik", "fatima", "filip", "greta", "hanna", "hassan", "ida", "ines", "jakob"),
    *("johanna", "kari", "kenji", "lars", "linnea", "liv", "magnus", "maja", "mateo", "mehmet"),
    *("nils", "nora", "olav", "petra", "rasmus", "rosa", "sami", "signe", "sofia", "stella"),
    *("sven", "tarek", "thea", "tomas", "ulla", "vera", "viktor", "wanda", "yusuf", "zofia"),
)
_LAST = (
    *("aas", "andersen", "bakke", "berg", "bergstrom", "costa", "demir", "eide", "engstrom"),
    *("farah", "foss", "gran", "haugen", "hoang", "holm", "ivarsen", "jansson", "kaya"),
    *("kowalski", "krogh", "lange", "larsen", "lie", "lindahl", "martins", "moen", "nakamura"),
    *("nguyen", "nilsen", "nowak", "olsen", "palm", "rahman", "ruud", "sandvik", "silva"),
    *("strand", "sunde", "torres", "vang", "vik", "weber", "yilmaz"),
)
