from backstage_py.plugins.scaffolder.templates.query import TemplateQuery
from backstage_py.plugins.scaffolder.templates.template import TemplateFilter

EVERYTHING = TemplateQuery(
    text="git & co",
    is_starred=True,
    types=("service",),
    tags=("python", "java"),
    owners=("group:default/platform-team",),
)


def test_an_address_says_what_is_shown() -> None:
    assert TemplateQuery.from_address("?" + EVERYTHING.to_address()) == EVERYTHING


def test_the_list_of_everything_has_a_plain_address() -> None:
    assert not TemplateQuery().to_address()


def test_what_an_address_says_wrongly_is_left_out() -> None:
    query = TemplateQuery.from_address("?filters[user]=everybody&filters[type]=a&filters[type]=a&x")

    assert query == TemplateQuery(types=("a",))


def test_stars_limit_the_list_only_if_they_are_asked_for() -> None:
    starred = {"template:default/service"}

    assert TemplateQuery().to_filter(starred) == TemplateFilter()
    assert EVERYTHING.to_filter(starred) == TemplateFilter(
        types=("service",),
        tags=("python", "java"),
        owners=("group:default/platform-team",),
        text="git & co",
        refs=frozenset(starred),
    )
