import pytest

from backstage_py.plugins.scaffolder.templates.listing import count_facets, select_templates
from backstage_py.plugins.scaffolder.templates.template import Template, TemplateFilter

TEMPLATES = (
    Template(
        "template:default/web",
        "default",
        "web",
        "Website",
        "A page",
        "website",
        ("react", "recommended"),
        ("group:default/web",),
    ),
    Template("template:default/job", "default", "job", "a job", "By night", "service", ("python",)),
)


@pytest.mark.parametrize(
    ("template_filter", "names"),
    [
        (TemplateFilter(), ["job", "web"]),
        (TemplateFilter(types=("WEBSITE",)), ["web"]),
        (TemplateFilter(types=("website", "service")), ["job", "web"]),
        (TemplateFilter(tags=("react", "recommended")), ["web"]),
        (TemplateFilter(tags=("react", "python")), []),
        (TemplateFilter(owners=("group:default/web",)), ["web"]),
        (TemplateFilter(text="NIGHT job"), ["job"]),
        (TemplateFilter(text="react"), ["web"]),
        (TemplateFilter(refs=frozenset({"template:default/job"})), ["job"]),
        (TemplateFilter(refs=frozenset()), []),
    ],
)
def test_a_filter_lets_through_what_fits_in_the_order_of_titles(
    template_filter: TemplateFilter, names: list[str]
) -> None:
    assert [one.name for one in select_templates(TEMPLATES, template_filter)] == names


def test_facets_count_what_there_is() -> None:
    facets = count_facets(TEMPLATES)

    assert facets.types == (("service", 1), ("website", 1))
    assert facets.tags == (("python", 1), ("react", 1), ("recommended", 1))
    assert facets.owners == (("group:default/web", 1),)
