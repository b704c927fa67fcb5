"""What the pages ask the engine, and what they tell it of the catalog."""

import functools
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from backstage_py.analytics import AnalyticsError, get_runtime, utc_now
from backstage_py.insights import (
    Answer,
    Condition,
    Directory,
    EventPage,
    Insights,
    Question,
    ReachSettings,
    Sample,
    Scope,
    TopUsers,
    Trust,
    Viewer,
    Window,
    get_access,
    get_insights,
    list_members,
)
from backstage_py.plugins.catalog.api import (
    CatalogService,
    Entity,
    EntityFilter,
    EntityRef,
    SearchIndex,
    get_catalog,
)
from backstage_py.plugins.insights.sample import Plan, is_sample_user
from backstage_py.plugins.insights.sample.of_catalog import build_company
from backstage_py.plugins.insights.sample.sample_data import SampleData

ASKED_AT_ONCE = 4
SAMPLE_PLAN = {"days": 90, "users": 300, "seed": 1}
MOST_SAMPLE_USERS = 5_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and which further conditions its events meet."""

    question: Question
    conditions: Sequence[Condition] = ()
    is_compared: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer, that of the time before if it was compared, and what they rest on."""

    answer: Answer
    before: Answer | None
    trust: Trust


class InsightsService:
    """Asks the engine with what the catalog knows; usable from any thread."""

    def __init__(
        self,
        insights: Insights,
        get_catalog: Callable[[], CatalogService],
        reach: ReachSettings | None = None,
    ) -> None:
        self._insights = insights
        self._reach = reach or ReachSettings()
        self._get_catalog = get_catalog
        self._known: dict[int, tuple[SearchIndex, Directory]] = {}

    def ask_all(
        self, asked: Sequence[Asked], scope: Scope, viewer: Viewer
    ) -> list[Answered | Exception]:
        """Answer some questions, side by side; what broke one stands in its place."""
        try:
            directory = self.directory(scope.sample)
        except AnalyticsError as error:
            return [error for _ in asked]
        answer = functools.partial(self._answer, scope=scope, directory=directory, viewer=viewer)
        with ThreadPoolExecutor(ASKED_AT_ONCE, "insights") as pool:
            return list(pool.map(answer, asked))

    def ask(self, question: Question, scope: Scope, viewer: Viewer) -> Answer:
        """Answer one question."""
        directory = self.directory(scope.sample)
        return self._insights.ask(question, scope, directory=directory, viewer=viewer)

    def trust(self, scope: Scope) -> Trust:
        """What the numbers of a scope rest on."""
        return self._insights.trust(scope, directory=self.directory(scope.sample))

    def events(
        self, scope: Scope, viewer: Viewer, *, cursor: int | None = None, limit: int = 50
    ) -> EventPage:
        """The events of a scope, the newest first."""
        directory = self.directory(scope.sample)
        return self._insights.events(
            scope, directory=directory, viewer=viewer, cursor=cursor, limit=limit
        )

    def counts(self) -> dict[str, int]:
        """How many events there are, `sample` and `real` ones."""
        return dict(self._insights.counts())

    def page_of(self, entity_ref: str) -> str:
        """The page of an entity, empty where the catalog has none."""
        entity = self._get_catalog().find_by_ref(entity_ref)
        return EntityRef.parse(entity.entity_ref).page_path if entity else ""

    def title_of(self, entity_ref: str) -> str:
        """The title of an entity, empty where the catalog has none."""
        entity = self._get_catalog().find_by_ref(entity_ref)
        return entity.title if entity else ""

    def directory(self, sample: Sample) -> Directory:
        """The people and the things of the catalog; with sample data, the people of that too."""
        index = self._get_catalog().index
        made_up = 0 if sample is Sample.WITHOUT else self._insights.counts()["sample"]
        known = self._known.get(made_up)
        if known is None or known[0] is not index:
            known = index, self._build_directory(made_up=bool(made_up))
            real = {0: self._known[0]} if 0 in self._known else {}
            self._known = {**real, made_up: known}
        return known[1]

    def fill_with_sample(self, now: datetime | None = None) -> int:
        """Put a sample history in; how many events it has.

        Raises:
            AnalyticsError: If there is one already.
        """
        plan = Plan(**SAMPLE_PLAN, until=now or utc_now())
        return SampleData(get_runtime().store, self._get_catalog).fill(plan)

    def remove_sample(self) -> int:
        """Take the sample history out; how many events it had."""
        count = SampleData(get_runtime().store, self._get_catalog).remove()
        self._insights.copy.reconcile()
        return count

    def _answer(
        self, asked: Asked, scope: Scope, directory: Directory, viewer: Viewer
    ) -> "Answered | Exception":
        ask = functools.partial(self._insights.ask, directory=directory, viewer=viewer)
        try:
            answer = ask(asked.question, scope)
            before = ask(asked.question, scope.previous(utc_now())) if asked.is_compared else None
            trust = self._insights.trust(
                answer.scope.narrowed(*asked.conditions), directory=directory, viewer=viewer
            )
        except Exception as error:  # ruff: ignore[blind-except] one tile never costs the others
            return error
        return Answered(answer, before, trust)

    def _build_directory(self, *, made_up: bool) -> Directory:
        catalog = self._get_catalog()
        users = catalog.list_entities(EntityFilter(kind="User"), limit=None).items
        teams = {user.entity_ref: tuple(user.list_targets("memberOf")) for user in users}
        if made_up:
            company = build_company(catalog)
            for user in self._sample_users():
                team = company.team_of(user)
                teams[user] = (team,) if team else ()
        everything = catalog.list_entities(EntityFilter(), limit=None).items
        owners = {
            entity.entity_ref: next(iter(entity.list_targets("ownedBy")), "")
            for entity in everything
            if entity.ref.kind.lower() not in {"user", "group", "location"}
        }
        pages = {
            entity.entity_ref: form_titles(entity)
            for entity in everything
            if entity.ref.kind.lower() == "template"
        }
        groups = catalog.list_entities(EntityFilter(kind="Group"), limit=None).items
        parents = {
            group.entity_ref: next(iter(group.list_targets("childOf")), "") for group in groups
        }
        left_out = [ref.casefold() for ref in self._reach.leave_out]
        return Directory(
            teams_of=teams,
            owner_of=owners,
            form_pages_of=pages,
            left_out=list_members(left_out, teams, parents),
            known_users=self._reach.known_users,
        )

    def _sample_users(self) -> list[str]:
        scope = Scope(Window(), sample=Sample.ONLY)
        answer = self._insights.ask(TopUsers(limit=MOST_SAMPLE_USERS), scope)
        return [user for row in answer.rows if is_sample_user(user := str(row["user"]))]


def form_titles(template: Entity) -> tuple[str, ...]:
    """The titles of the pages of a template's form, "" where a page has none."""
    parameters = template.spec.get("parameters")
    pages = cast("list[Any]", parameters) if isinstance(parameters, list) else [parameters]
    return tuple(
        str(cast("Mapping[str, Any]", page).get("title") or "") if isinstance(page, Mapping) else ""
        for page in pages
    )


def list_template_titles() -> dict[str, str]:
    """The software templates of the catalog: their titles, by their refs."""
    templates = get_catalog().list_entities(EntityFilter(kind="Template"), limit=None).items
    return {template.entity_ref: template.title for template in templates}


@functools.cache
def get_insights_service() -> InsightsService:
    """The service of this process."""
    return InsightsService(get_insights(), get_catalog, get_access().settings.reach)


def may_see_insights(user: str | None) -> bool:
    """Whether the owner lets somebody see Insights."""
    return get_access().may_see(user)


def viewer_for(user: str | None) -> Viewer:
    """What somebody may see of people."""
    return get_access().viewer(user)


def start_insights() -> None:
    """Begin to copy what is recorded, in the process that serves."""
    get_insights().start()
