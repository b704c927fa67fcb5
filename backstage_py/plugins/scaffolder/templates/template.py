"""Software templates as the portal shows and runs them: `scaffolder.backstage.io/v1beta3`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

API_VERSION = "scaffolder.backstage.io/v1beta3"


@dataclass(frozen=True, slots=True)
class FormPage:
    """One page of a form.

    `schema` is the JSON Schema as it was written, with its `ui:...` keys inline and without parts
    that feature flags hide.
    """

    title: str
    description: str
    schema: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ButtonLabels:
    """The labels of the form's buttons: `spec.presentation.buttonLabels`."""

    back: str = "Back"
    review: str = "Review"
    create: str = "Create"


@dataclass(frozen=True, slots=True)
class TemplateStep:
    """A step as it was written; `if_` and `each` may be expressions.

    Without a condition it is true, without `each` it is None.
    """

    id: str
    name: str
    action: str
    input: Mapping[str, Any] = field(default_factory=dict[str, Any])
    if_: Any = True
    each: Any = None


@dataclass(frozen=True, slots=True)
class TemplateLink:
    """A link beside the description, from `metadata.links`."""

    url: str
    title: str
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """A template of the catalog.

    `description` is Markdown. `owner_refs` are canonical entity refs. `minutes_saved` is None if
    the annotation is missing or invalid. `problem` says why it cannot be run; empty if it can.
    """

    entity_ref: str
    namespace: str
    name: str
    title: str
    description: str
    type: str
    tags: tuple[str, ...] = ()
    owner_refs: tuple[str, ...] = ()
    links: tuple[TemplateLink, ...] = ()
    pages: tuple[FormPage, ...] = ()
    button_labels: ButtonLabels = ButtonLabels()
    steps: tuple[TemplateStep, ...] = ()
    output: Mapping[str, Any] = field(default_factory=dict[str, Any])
    minutes_saved: float | None = None
    can_start_over: bool = False
    problem: str = ""


@dataclass(frozen=True, slots=True)
class TemplateFilter:
    """A filter for templates; an empty field matches everything.

    All `tags` are required, and any of `types` and `owners`. `text` is searched in name, title,
    description, type and tags. `refs` limits the list to these references, such as the starred
    ones.
    """

    types: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    text: str = ""
    refs: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class TemplateFacets:
    """The values to filter templates by, each with the number of templates; owners are refs."""

    types: tuple[tuple[str, int], ...] = ()
    tags: tuple[tuple[str, int], ...] = ()
    owners: tuple[tuple[str, int], ...] = ()
