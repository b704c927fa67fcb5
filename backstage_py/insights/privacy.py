"""Hides people from viewers: pseudonyms, no small groups, perhaps no persons at all."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from backstage_py.analytics import AnalyticsError
from backstage_py.insights.questions.question import Question
from backstage_py.insights.scope import Condition, Operator, Scope
from backstage_py.insights.viewer import Viewer

_PSEUDONYM_LETTERS = 10
_PERSONS = {"user", "session"}
_FEW = {*_PERSONS, "team"}
_ABOUT_ANYBODY = {Operator.IS_SET, Operator.IS_NOT_SET}
_NOT_FOR_YOU = "Ask somebody who may see people"


@dataclass(frozen=True, slots=True)
class Masked:
    """Rows as they may be seen; `hidden` more may not, `withheld` are the names of their teams."""

    rows: list[dict[str, Any]]
    hidden: int = 0
    withheld: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mask:
    """A viewer's view; pseudonyms are the same as long as the key is."""

    viewer: Viewer
    key: bytes

    def check(self, question: Question, scope: Scope) -> None:
        """Refuse what would single somebody out.

        Raises:
            AnalyticsError: If the viewer may not ask that.
        """
        self._check_scope(scope)
        if question.needs_people and not self.viewer.sees_people:
            raise AnalyticsError("question", "is about a single person", _NOT_FOR_YOU)
        if question.person is not None and not self.viewer.per_person:
            raise AnalyticsError("question", "is about single persons", "That is switched off")

    def check_events(self, scope: Scope) -> None:
        """Refuse single events where nothing may be seen of persons.

        Raises:
            AnalyticsError: If the viewer may not see them.
        """
        self._check_scope(scope)
        if not self.viewer.per_person:
            raise AnalyticsError("events", "are of single persons", "That is switched off")

    def is_about_few(self, scope: Scope) -> bool:
        """Whether the conditions select people, who then have to be enough."""
        return bool(self.about_few(scope))

    def about_few(self, scope: Scope) -> list[Condition]:
        """The conditions that pick out people, for a viewer who may not see them."""
        return (
            []
            if self.viewer.sees_people
            else [
                condition
                for condition in scope.conditions
                if condition.field in _FEW and condition.operator not in _ABOUT_ANYBODY
            ]
        )

    def apply(self, question: Question, rows: Sequence[dict[str, Any]]) -> "Masked":
        """The rows that may be seen, and what is said about the others."""
        if self.viewer.sees_people:
            return Masked(list(rows))
        kept, withheld = list(rows), list[str]()
        if question.is_of_groups and question.people is not None:
            smallest = self.viewer.smallest_group
            few = [row for row in rows if 0 < row[question.people] < smallest]
            kept = [row for row in rows if not 0 < row[question.people] < smallest]
            withheld = [str(row[question.group]) for row in few] if question.group else []
        if question.person is not None:
            named = question.person
            kept = [{**row, named: self.pseudonym(row[named])} for row in kept]
        return Masked(kept, len(rows) - len(kept), tuple(sorted(withheld)))

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
        """A name that tells nothing but who is the same."""
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
