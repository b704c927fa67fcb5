from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstage_py.analytics import AnalyticsError, EventStore, open_engine
from backstage_py.insights import Annotation, Annotations, Window
from backstage_py.insights.annotations.annotation import MAX_TAG, MAX_TAGS, MAX_TEXT

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.fixture
def annotations(store: EventStore) -> Annotations:
    return Annotations(store.engine, clock=lambda: NOON)


def test_annotations_are_listed_in_the_order_of_their_times(annotations: Annotations) -> None:
    late = annotations.add(Annotation(at=NOON, text="Release 2.5", tags=("release",)))
    early = annotations.add(Annotation(at=NOON - timedelta(days=2), text="Outage", author="a"))

    assert annotations.list() == [early, late]
    assert annotations.list(Window(NOON - timedelta(days=1), NOON + timedelta(days=1))) == [late]
    assert annotations.list(Window(None, NOON)) == [early]
    assert annotations.list(tag="release") == [late]
    assert annotations.find(late.id) == late


def test_a_version_is_marked_once(annotations: Annotations) -> None:
    made = annotations.note_version("2.4.0", NOON)

    assert annotations.note_version("2.4.0", NOON + timedelta(days=1)) is None
    assert annotations.list() == [made]
    assert made is not None
    assert made.text == "Version 2.4.0"
    assert made.tags == ("version", "2.4.0")


def test_an_annotation_is_removed_once(annotations: Annotations) -> None:
    made = annotations.add(Annotation(at=NOON, text="Oops"))

    assert annotations.remove(made.id)
    assert not annotations.remove(made.id)
    assert annotations.list() == []


def test_annotations_survive_a_restart(annotations: Annotations, store: EventStore) -> None:
    made = annotations.add(Annotation(at=NOON, text="Stays"))

    assert Annotations(store.engine).list() == [made]


def test_annotations_on_postgresql(postgresql_url: str) -> None:
    engine = open_engine({"DATABASE_URL": postgresql_url})
    annotations = Annotations(engine)

    made = annotations.add(Annotation(at=NOON, text="Release", tags=("ä",)))

    assert made in annotations.list()
    engine.dispose()


@pytest.mark.parametrize(
    ("wire", "message"),
    [
        ({"text": "x"}, "at: is missing. Give a time, such as 2026-11-28T12:00:00Z"),
        ({"at": "noon", "text": "x"}, "at: "),
        ({"at": "2026-11-28"}, "text: is missing. Describe what happened, such as Release 2.4"),
        ({"at": "2026-11-28", "text": " "}, "text: is empty"),
        ({"at": "2026-11-28", "text": "x" * (MAX_TEXT + 1)}, "text: has 501 characters"),
        ({"at": "2026-11-28", "text": "x", "tags": "a"}, "tags: is not a list of strings"),
        ({"at": "2026-11-28", "text": "x", "tags": [""]}, "tags: has ''"),
        ({"at": "2026-11-28", "text": "x", "tags": ["a"] * (MAX_TAGS + 1)}, "tags: are 21"),
        ({"at": "2026-11-28", "text": "x", "colour": 1}, "colour: is unknown. Use at, text, tags"),
    ],
)
def test_what_is_wrong_is_named(wire: dict[str, object], message: str) -> None:
    with pytest.raises(AnalyticsError) as caught:
        Annotation.from_wire(wire, None)

    assert str(caught.value).startswith(message)


_TAGS = st.lists(st.text(min_size=1, max_size=MAX_TAG), max_size=MAX_TAGS)


@given(text=st.text(min_size=1, max_size=MAX_TEXT).filter(str.strip), tags=_TAGS)
def test_the_wire_form_reads_back(text: str, tags: list[str]) -> None:
    made = Annotation(at=NOON, text=text, tags=tuple(tags), author="user:default/ada")
    wire = {key: made.to_wire()[key] for key in ("at", "text", "tags")}

    assert Annotation.from_wire(wire, "user:default/ada") == made
