"""What the pages ask the engine, with what the app knows of people and things."""

import functools
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime

from backstage_py.analytics import AnalyticsError, Every, get_runtime, utc_now
from backstage_py.insights import (
    Annotation,
    Annotations,
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
    get_annotations,
    get_insights,
    list_members,
)
from backstage_py.insights.annotations.versions import VersionMarks
from backstage_py.insights.ui.host import Host, SampleHistory, get_host
from backstage_py.insights.ui.sample_people import is_sample_user

ASKED_AT_ONCE = 4
MOST_SAMPLE_USERS = 5_000
MARKED_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and which further conditions its events meet."""

    question: Question
    conditions: Sequence[Condition] = ()
    is_compared: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer, that of the previous period if compared, and the events they are based on."""

    answer: Answer
    before: Answer | None
    trust: Trust


class InsightsService:
    """Asks the engine with what its host knows; usable from any thread."""

    def __init__(
        self,
        insights: Insights,
        host: Host,
        reach: ReachSettings | None = None,
        get_annotations: Callable[[], Annotations] | None = None,
    ) -> None:
        self._insights = insights
        self._get_annotations = get_annotations
        self._host = host
        self._reach = reach or ReachSettings()
        self._known: dict[int, tuple[object, Directory]] = {}

    def ask_all(
        self, asked: Sequence[Asked], scope: Scope, viewer: Viewer
    ) -> list[Answered | Exception]:
        """Answer several questions at once; a failed one is replaced by its error."""
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
        """The events that a scope's numbers are based on."""
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
        """The page of an entity, empty where there is none."""
        return self._host.page_of(entity_ref)

    def title_of(self, entity_ref: str) -> str:
        """The title of an entity, empty where it is unknown."""
        return self._host.title_of(entity_ref)

    def plugin_title(self, plugin_id: str) -> str:
        """The title of a plugin, empty where it has none."""
        return self._host.plugin_title(plugin_id)

    def page_title(self, path: str) -> str:
        """What the page at a path is called, empty where that is unknown."""
        return self._host.page_title(path)

    def annotations(self, window: Window) -> list[Annotation]:
        """What happened in a time, the oldest first."""
        return self._get_annotations().list(window) if self._get_annotations else []

    def list_templates(self) -> dict[str, str]:
        """The titles of the software templates, by their refs."""
        return self._host.list_templates()

    def directory(self, sample: Sample) -> Directory:
        """The people and the things of the app; with sample data, the people of that too."""
        edition = self._host.edition()
        made_up = 0 if sample is Sample.WITHOUT else self._insights.counts()["sample"]
        known = self._known.get(made_up)
        if known is None or known[0] is not edition:
            users = self._sample_users() if made_up else []
            known = edition, self._build_directory(users)
            real = {0: self._known[0]} if 0 in self._known else {}
            self._known = {**real, made_up: known}
        return known[1]

    def fill_with_sample(self, now: datetime | None = None) -> int:
        """Put a sample history in; how many events it has.

        Raises:
            AnalyticsError: If there is one already, or the app has none to put in.
        """
        return self._sample.fill(now or utc_now())

    def remove_sample(self) -> int:
        """Take the sample history out; how many events it had.

        Raises:
            AnalyticsError: If the app has none.
        """
        count = self._sample.remove()
        self._insights.copy.reconcile()
        return count

    @property
    def _sample(self) -> SampleHistory:
        if self._host.sample is None:
            raise AnalyticsError("sample data", "is not there", "Only the portal makes some up")
        return self._host.sample

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

    def _build_directory(self, sample_users: Sequence[str]) -> Directory:
        """The host's, with whom the owner leaves out of reach."""
        directory = self._host.build_directory(sample_users)
        left_out = [ref.casefold() for ref in self._reach.leave_out]
        return replace(
            directory,
            left_out=list_members(left_out, directory.teams_of, directory.parent_of),
            known_users=self._reach.known_users,
        )

    def _sample_users(self) -> list[str]:
        scope = Scope(Window(), sample=Sample.ONLY)
        answer = self._insights.ask(TopUsers(limit=MOST_SAMPLE_USERS), scope)
        return [user for row in answer.rows if is_sample_user(user := str(row["user"]))]


@functools.cache
def get_insights_service() -> InsightsService:
    """The service of this process."""
    reach = get_access().settings.reach
    return InsightsService(get_insights(), get_host(), reach, get_annotations)


def start_insights() -> None:
    """Begin to copy what is recorded and to mark versions, in the process that serves."""
    get_insights().start()
    _marking_versions().start()


@functools.cache
def _marking_versions() -> Every:
    marks = VersionMarks(get_runtime().store, get_annotations())
    trouble = "New versions are marked later"
    return Every(MARKED_SECONDS, marks.step, "insights-versions", trouble=trouble)
