"""Search results and their order, in the engine of each database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from backstage_py.analytics import open_engine
from backstage_py.plugins.search import ranking
from backstage_py.plugins.search.api import SearchDocument, SearchQuery
from backstage_py.plugins.search.query import UnknownFilterError
from backstage_py.plugins.search.service import SearchService
from backstage_py.plugins.search.store import SearchStore
from tests.unit.plugins.search.conftest import Documents, Fill, document


def titles(search: SearchService, term: str, **options: object) -> list[str]:
    found = search.query(SearchQuery(term=term, **options))  # pyright: ignore[reportArgumentType]
    return [result.document.title for result in found.results]


def test_names_come_before_texts_and_the_whole_name_first(fill: Fill) -> None:
    search = fill(
        document("Manual", "payments payments payments payments"),
        document("Payments Gateway", "a gateway"),
        document("Payment", "singular"),
        document("Payments"),
    )

    assert titles(search, "payments") == ["Payments", "Payments Gateway", "Manual"]
    assert titles(search, "payment")[:2] == ["Payment", "Payments"]


def test_the_name_counts_like_the_title(fill: Fill) -> None:
    search = fill(document("Ledger", "of booking-api"), document("The Ledger", name="booking-api"))

    assert titles(search, "booking-api") == ["The Ledger", "Ledger"]


@pytest.mark.parametrize("term", ["book", "BOOKING", "bookign", "boking", "böoking", " booking! "])
def test_beginnings_case_accents_and_small_errors_are_forgiven(fill: Fill, term: str) -> None:
    search = fill(document("Booking"), document("Shop"))

    assert titles(search, term) == ["Booking"]


@pytest.mark.parametrize("term", ["ba", "bxxkxng", "zzz", "!!!", '" OR *', "zz' | !yy", "NEAR("])
def test_distant_words_find_nothing_and_no_term_is_an_error(fill: Fill, term: str) -> None:
    assert titles(fill(document("Booking")), term) == []


def test_all_words_are_wanted_unless_nothing_has_them(fill: Fill) -> None:
    search = fill(document("Booking", "of seats"), document("Shop", "of seats"))

    assert titles(search, "booking seats") == ["Booking"]
    assert titles(search, "booking elephant") == ["Booking"]
    assert titles(search, "elephant giraffe") == []


def test_filters_are_required_and_take_any_of_their_values(fill: Fill) -> None:
    search = fill(
        document("A", kind="Component", lifecycle="production"),
        document("B", kind="API", lifecycle="production"),
        document("C", kind="API", lifecycle="experimental"),
        document("D", kind="System"),
    )

    assert titles(search, "", filters={"kind": ("api", "SYSTEM")}) == ["B", "C", "D"]
    assert titles(search, "", filters={"kind": ("api",), "lifecycle": ("production",)}) == ["B"]
    assert titles(search, "", types=("techdocs",)) == []
    with pytest.raises(UnknownFilterError, match="there is no filter 'color': use one of type"):
        titles(search, "", filters={"color": ("red",)})


def test_a_filter_is_not_a_word(fill: Fill) -> None:
    assert titles(fill(document("A", kind="Component")), "component") == []


def test_pages_keep_the_order_and_the_ranks(fill: Fill, monkeypatch: pytest.MonkeyPatch) -> None:
    search = fill(
        *(document(f"Service {number}", "booking") for number in range(7)),
        *(document(f"Booking {number}") for number in range(7)),
        document("Booking"),
    )

    for at_most in (5_000, 3):
        monkeypatch.setattr(ranking, "RANKED_AT_MOST", at_most)
        whole = search.query(SearchQuery("booking", limit=100))
        pages = [search.query(SearchQuery("booking", limit=4, offset=n)) for n in (0, 4, 8, 12)]

        assert [page.total for page in pages] == [15] * 4
        assert [one for page in pages for one in page.results] == list(whole.results)
        assert [result.rank for result in whole.results] == list(range(1, 16))
        assert whole.results[0].document.title == "Booking"
        assert {one.document.title[:7] for one in whole.results[:8]} == {"Booking"}
    assert search.query(SearchQuery("booking", offset=99)).results == ()


def test_only_what_changed_is_written(engine: Engine) -> None:
    store, collator = SearchStore(engine), Documents(document("A"), document("B", "old"))
    search = SearchService(store)
    search.register(collator)
    search.refresh()
    search.refresh()
    assert collator.asked == 1

    written: list[str] = []
    write = store.write

    def note(type_: str, documents: list[SearchDocument], *, removed: object = ()) -> None:
        written.extend(one.key for one in documents)
        write(type_, documents, removed=removed)  # pyright: ignore[reportArgumentType]

    store.write = note  # pyright: ignore[reportAttributeAccessIssue]
    collator.documents = (document("B", "new"), document("C"))
    search.refresh()

    assert written == ["B", "C"]
    assert sorted(titles(search, "")) == ["B", "C"]
    assert titles(search, "old") == []
    assert titles(search, "new") == ["B"]


def test_a_collator_that_breaks_costs_no_other(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(Documents):
        def version(self) -> object:
            raise OSError("gone")

    search = SearchService(SearchStore(engine))
    search.register(Broken(type_="techdocs"))
    search.register(Documents(document("A")))
    search.refresh()

    assert titles(search, "") == ["A"]
    assert "The index of techdocs is not brought up to date" in caplog.text


def test_the_first_search_waits_for_the_first_index(engine: Engine) -> None:
    search = SearchService(SearchStore(engine))
    search.register(Documents(document("A")))

    assert titles(search, "a") == ["A"]


def test_another_process_finds_what_was_indexed(fill: Fill, engine: Engine) -> None:
    fill(document("Booking"))

    assert titles(SearchService(SearchStore(engine)), "bookign") == ["Booking"]


def test_words_that_no_database_takes_are_found_by_their_rest(fill: Fill) -> None:
    search = fill(document("A\0B", "lone \ud800 surrogate", owner="\ud800"))

    assert len(titles(search, "surrogate")) == 1


@pytest.fixture(scope="module")
def any_search() -> SearchService:
    search = SearchService(SearchStore(open_engine({"DATABASE_URL": "sqlite://"})))
    search.register(Documents(document("Booking Service", "of *seats*"), document("İstanbul ½")))
    return search


@given(st.text(max_size=300))
def test_any_term_is_answered(any_search: SearchService, term: str) -> None:
    found = any_search.query(SearchQuery(term=term))

    assert found.total == len(found.results)


@given(st.text(min_size=1).filter(str.strip))
def test_a_document_is_found_by_any_title_that_has_a_word(title: str) -> None:
    engine = open_engine({"DATABASE_URL": "sqlite://"})
    search = SearchService(SearchStore(engine))
    search.register(Documents(document(title[:90], key="one")))
    query = SearchQuery(term=title[:90])

    assert search.query(query).total == bool(query.words)
    engine.dispose()


def test_a_term_counts_up_to_its_limit(fill: Fill) -> None:
    search = fill(document("Booking"))

    assert titles(search, "booking " + "x" * 100_000) == ["Booking"]
    with search._store.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM search_document")).scalar_one() == 1
