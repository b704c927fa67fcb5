"""Hides people from viewers: pseudonyms, no small groups, possibly no persons at all."""

import hashlib
import hmac
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Any, cast

from backstage_py.analytics import AnalyticsError
from backstage_py.insights.directory import Directory
from backstage_py.insights.questions.question import Question
from backstage_py.insights.scope import Condition, Operator, Scope
from backstage_py.insights.viewer import Viewer

_PSEUDONYM_LETTERS = 10
_PERSONS = {"user", "session"}
TEAM = "team"
"""The field of teams."""
_ABOUT_ANYBODY = {Operator.IS_SET, Operator.IS_NOT_SET}
_NOT_FOR_YOU = "Ask somebody who may see people"


@dataclass(frozen=True, slots=True)
class Masked:
    """The visible rows; `hidden` is the number of others, `withheld` the names of their teams."""

    rows: list[dict[str, Any]]
    hidden: int = 0
    withheld: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mask:
    """A viewer's view; pseudonyms stay the same while the key does."""

    viewer: Viewer
    key: bytes

    def check(self, question: Question, scope: Scope) -> None:
        """Refuse questions that would single somebody out.

        Raises:
            AnalyticsError: If the viewer may not ask that.
        """
        self._check_scope(scope)
        if question.needs_people and not self.viewer.sees_people:
            raise AnalyticsError("question", "is about a single person", _NOT_FOR_YOU)
        if question.person is not None and not self.viewer.per_person:
            raise AnalyticsError("question", "is about single persons", "That is switched off")

    def check_events(self, scope: Scope) -> None:
        """Refuse single events if the viewer may not see persons.

        Raises:
            AnalyticsError: If the viewer may not see them.
        """
        self._check_scope(scope)
        if not self.viewer.per_person:
            raise AnalyticsError("events", "are of single persons", "That is switched off")

    def is_about_few(self, scope: Scope) -> bool:
        """Whether the conditions select people, so that there must be enough of them."""
        return not self.viewer.sees_people and any(one.field == TEAM for one in scope.conditions)

    def finds_few(
        self, condition: Condition, active: Collection[str], directory: Directory
    ) -> bool:
        """Whether a filter by teams, combined with others, is about too few active people.

        Args:
            condition: The filter.
            active: The people who meet all other filters.
            directory: The known teams.
        """
        teams: dict[str, set[str]] = {}
        for user in active:
            for team in directory.teams_of.get(user.lower(), ()):
                teams.setdefault(team, set()).add(user)
        is_about_all = condition.operator in _ABOUT_ANYBODY
        named = set(teams) if is_about_all else {str(one) for one in condition.values}
        chosen = set[str]().union(*(teams.get(team, set()) for team in named))
        if any(self._is_few(teams.get(team, set())) for team in named):
            return True
        others = [members for team, members in teams.items() if team not in named]
        return any(
            self._is_few(chosen - members) or self._is_few(members - chosen)
            for members in others
            if not self._is_few(members) and members & chosen
        )

    def _is_few(self, people: Collection[str]) -> bool:
        return 0 < len(people) < self.viewer.smallest_group

    def without_limit(self, question: Question) -> Question:
        """The question without its limit, if some groups may have to be withheld.

        With a limit, a small group could be left out before it is seen, and then be found by
        subtracting all others from the total.
        """
        if self._groups_of(question) is None or getattr(question, "limit", None) is None:
            return question
        return replace(cast("Any", question), limit=None)

    def apply(self, question: Question, rows: Sequence[dict[str, Any]]) -> "Masked":
        """The visible rows, up to the question's limit, and the facts about hidden ones."""
        if self.viewer.sees_people:
            return Masked(list(rows))
        kept, few = list(rows), list[dict[str, Any]]()
        if (people := self._groups_of(question)) is not None:
            few = self._withheld(rows, people)
            withheld = {id(row) for row in few}
            kept = [row for row in rows if id(row) not in withheld]
            kept = kept[: getattr(question, "limit", None)]
        if question.person is not None:
            named = question.person
            kept = [{**row, named: self.pseudonym(row[named])} for row in kept]
        names = [str(row[question.group]) for row in few] if question.group else []
        return Masked(kept, len(few), tuple(sorted(names)))

    def _groups_of(self, question: Question) -> str | None:
        """The column with the number of people of a row, if rows are about groups."""
        is_masked = not self.viewer.sees_people and question.is_of_groups
        return question.people if is_masked else None

    def _withheld(self, rows: Sequence[dict[str, Any]], people: str) -> list[dict[str, Any]]:
        """The rows about too few people, and for each interval the smallest other row.

        Since the total is known, a single withheld group could be computed by subtraction. A
        second, large enough group that is withheld too prevents that.
        """
        smallest = self.viewer.smallest_group
        pieces: dict[Any, list[dict[str, Any]]] = {}
        for row in rows:
            if row[people]:
                pieces.setdefault(row.get("date"), []).append(row)
        found: list[dict[str, Any]] = []
        for piece in pieces.values():
            few = [row for row in piece if row[people] < smallest]
            enough = [row for row in piece if row[people] >= smallest]
            found += few
            if few and enough:
                found.append(min(enough, key=itemgetter(people)))
        return found

    def event(self, wire: dict[str, Any]) -> dict[str, Any]:
        """An event as it may be seen."""
        if self.viewer.sees_people:
            return wire
        hidden = {
            "user": self.pseudonym(wire["user"]),
            "sessionId": self.pseudonym(wire["sessionId"]),
        }
        return {**wire, **hidden}

    def pseudonym(self, ref: str | None) -> str | None:
        """A stable name that reveals nothing about the person."""
        if ref is None:
            return None
        digest = hmac.new(self.key, ref.encode(), hashlib.sha256).hexdigest()
        return f"person-{digest[:_PSEUDONYM_LETTERS]}"

    def _check_scope(self, scope: Scope) -> None:
        if self.viewer.sees_people:
            return
        for condition in scope.conditions:
            if condition.field in _PERSONS and condition.operator not in _ABOUT_ANYBODY:
                raise AnalyticsError(condition.field, "identifies a single person", _NOT_FOR_YOU)
