"""A whole history: who visits on which day, and what they do.

The same arguments give the same events: each person, and each of their days, has its own random
generator.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from random import Random
from zoneinfo import ZoneInfo

from backstage_py.analytics import AnalyticsError, RecordedEvent, sample_session
from backstage_py.plugins.insights.sample import places
from backstage_py.plugins.insights.sample.company import Colleague, Company
from backstage_py.plugins.insights.sample.habits import Habit, moment_of_visit
from backstage_py.plugins.insights.sample.journeys import JOURNEYS, Interests
from backstage_py.plugins.insights.sample.visit import Visit

MOST_DAYS = 800
MOST_USERS = 5_000


@dataclass(frozen=True, slots=True)
class Plan:
    """The length of a history and the number of people in it; it ends with `until`.

    Raises:
        AnalyticsError: If there are no days or no people, or too many.
    """

    days: int
    users: int
    seed: int
    until: datetime

    def __post_init__(self) -> None:
        for name, value, most in (
            ("days", self.days, MOST_DAYS),
            ("users", self.users, MOST_USERS),
        ):
            if not 1 <= value <= most:
                raise AnalyticsError(f"--{name}", f"is {value}", f"Use 1 to {most:,}")


def simulate(company: Company, plan: Plan) -> Iterator[RecordedEvent]:
    """The events of a history, day by day, those of a day in the order of their capture."""
    staff = [
        (colleague, Habit.of(Random(f"{plan.seed} {colleague.ref}"), plan.days))
        for colleague in company.hire(plan.users)
    ]
    last = plan.until.astimezone(ZoneInfo(company.zone)).date()
    for day in range(plan.days):
        date_ = last - timedelta(days=plan.days - 1 - day)
        events: list[RecordedEvent] = []
        for colleague, habit in staff:
            random = Random(f"{plan.seed} {colleague.ref} {date_}")
            for turn in range(habit.visits(random, day, date_, plan.days)):
                start = moment_of_visit(random, date_, company.zone)
                session = sample_session(f"{random.getrandbits(64):016x}-{turn}")
                visit = Visit(random, user=colleague.ref, session_id=session, start=start)
                _spend(visit, company, colleague)
                events += visit.events
        events.sort(key=attrgetter("timestamp", "id"))
        yield from (event for event in events if event.timestamp <= plan.until)


def _spend(visit: Visit, company: Company, colleague: Colleague) -> None:
    """Arrive at the start page or by a bookmark, and do a few things."""
    interests = Interests(visit.random, company, colleague.team)
    bookmark = interests.thing() if visit.random.random() < 0.25 else None
    visit.arrive(places.entity_page(bookmark) if bookmark else places.HOME)
    journeys, weights = list(JOURNEYS), list(JOURNEYS.values())
    for journey in visit.random.choices(journeys, weights, k=visit.random.choice((1, 1, 2, 2, 3))):
        journey(visit, interests)
