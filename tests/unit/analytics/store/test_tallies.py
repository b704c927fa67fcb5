from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine

from backstage_py.analytics import Tallies, Tally, migrate, open_engine
from tests.unit.analytics.recorded import NOON


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    opened = open_engine({"DATABASE_URL": f"sqlite:///{tmp_path / 'events.db'}"})
    migrate(opened)
    return opened


def test_events_that_were_not_taken_are_counted_by_their_time(engine: Engine) -> None:
    ours, of_another_process = Tallies(engine), Tallies(engine)
    for tallies in (ours, of_another_process):
        tallies.count(Tally.REJECTED, 2, NOON)
        tallies.count(Tally.REJECTED, 1, NOON + timedelta(days=1))
        tallies.count(Tally.DROPPED, 5, NOON - timedelta(seconds=1))
        tallies.write()
    ours.count(Tally.REJECTED, 4, NOON + timedelta(minutes=14))
    ours.write()

    on_that_day = ours.between(NOON, NOON + timedelta(hours=12))

    assert on_that_day == {Tally.REJECTED: 8, Tally.DROPPED: 0, Tally.ROBOTS: 0}
    assert ours.between(None, None) == {Tally.REJECTED: 10, Tally.DROPPED: 10, Tally.ROBOTS: 0}


def test_what_the_database_does_not_take_is_written_the_next_time(
    engine: Engine, tmp_path: Path
) -> None:
    tallies = Tallies(create_engine(f"sqlite:///{tmp_path / 'away' / 'events.db'}"))
    tallies.count(Tally.ROBOTS, 3, NOON)
    tallies.write()

    tallies.engine = engine
    tallies.write()
    tallies.write()

    assert tallies.between(None, None)[Tally.ROBOTS] == 3
