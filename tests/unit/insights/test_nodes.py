"""Two nodes on one PostgreSQL: each has a copy of its own, and people have one name on both."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from backstage_py.analytics.store import EventStore
from backstage_py.insights.insights import Insights
from backstage_py.insights.pseudonym_key import read_key
from tests.unit.analytics.recorded import recorded

EVENTS = [recorded(number, subject=f"event {number}") for number in range(3)]


@pytest.fixture
def store(postgresql_url: str) -> Iterator[EventStore]:
    """An event store in a schema of its own."""
    engine = create_engine(postgresql_url)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA IF EXISTS nodes CASCADE"))
        connection.execute(text("CREATE SCHEMA nodes"))
    engine.dispose()
    engine = create_engine(postgresql_url, connect_args={"options": "-csearch_path=nodes"})
    from backstage_py.analytics.store.migrate import migrate

    migrate(engine)
    yield EventStore(engine)
    engine.dispose()


def test_each_node_feeds_a_copy_of_its_own(store: EventStore, tmp_path: Path) -> None:
    nodes = [Insights(store, tmp_path / name) for name in ("one", "two")]
    store.append(EVENTS)

    assert [node.copy.step(at_once=True) for node in nodes] == [True, True]

    assert [node.copy.position() for node in nodes] == [store.last_position()] * 2
    for node in nodes:
        node.copy.close()


def test_people_have_the_same_pseudonyms_on_each_node(store: EventStore, tmp_path: Path) -> None:
    keys = {read_key(store.engine, tmp_path / name) for name in ("one", "two")}

    assert len(keys) == 1
    assert len(keys.pop()) == 32


def test_the_key_of_an_earlier_release_is_kept(store: EventStore, tmp_path: Path) -> None:
    (tmp_path / "pseudonyms.key").write_bytes(b"k" * 32)

    assert read_key(store.engine, tmp_path) == b"k" * 32
    assert read_key(store.engine, tmp_path / "elsewhere") == b"k" * 32
