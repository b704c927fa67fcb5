from backstage_py.plugins.scaffolder.templates.query import TemplateQuery
from backstage_py.plugins.scaffolder.templates.template import TemplateFilter

EVERYTHING = TemplateQuery(
    text="git & co",
    user_list="starred",
    types=("service",),
    tags=("python", "java"),
    owners=("group:default/platform-team",),
)


def test_the_list_of_everything_has_a_plain_address() -> None:
    assert not TemplateQuery().to_address()


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
