"""Filters templates, and counts the values to filter by."""

from collections import Counter
from collections.abc import Iterable

from backstage_py.plugins.scaffolder.templates.template import (
    Template,
    TemplateFacets,
    TemplateFilter,
)


def select_templates(
    templates: Iterable[Template], template_filter: TemplateFilter
) -> tuple[Template, ...]:
    """Return the templates that match a filter, by title."""
    found = (one for one in templates if _is_wanted(one, template_filter))
    return tuple(sorted(found, key=lambda one: (one.title.casefold(), one.entity_ref)))


def count_facets(templates: Iterable[Template]) -> TemplateFacets:
    """Count types, tags and owners, by name."""
    listed = tuple(templates)
    return TemplateFacets(
        types=_count([one.type] for one in listed),
        tags=_count(one.tags for one in listed),
        owners=_count(one.owner_refs for one in listed),
    )


def _is_wanted(template: Template, wanted: TemplateFilter) -> bool:
    return (
        (not wanted.types or template.type.casefold() in _fold(wanted.types))
        and set(wanted.tags) <= set(template.tags)
        and (not wanted.owners or not _fold(wanted.owners).isdisjoint(template.owner_refs))
        and (wanted.refs is None or template.entity_ref in wanted.refs)
        and _contains(template, wanted.text)
    )


def _contains(template: Template, text: str) -> bool:
    words = text.casefold().split()
    parts = (template.name, template.title, template.description, template.type, *template.tags)
    whole = " ".join(parts).casefold()
    return all(word in whole for word in words)


def _fold(values: Iterable[str]) -> set[str]:
    return {value.casefold() for value in values}


def _count(values: Iterable[Iterable[str]]) -> tuple[tuple[str, int], ...]:
    counts = Counter(value for each in values for value in each if value)
    return tuple((value, counts[value]) for value in sorted(counts, key=str.casefold))
