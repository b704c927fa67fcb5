"""The wizard of a template, as a Reflex component."""

from typing import Any

from reflex.event import EventHandler, passthrough_event_spec
from reflex_base.components.component import Component, field
from reflex_base.vars.base import Var

from backstage_py.plugins.scaffolder.rows import FormPageRow, LabelRow, ProblemRow
from backstage_py.ui.browser_module import browser_module

FORM_MODULES = (
    "catalog_search.js",
    "combobox.js",
    "field_extensions.js",
    "form_errors.js",
    "form_icon.js",
    "form_templates.js",
    "form_values.js",
    "repo_url.js",
    "schema_form.js",
    "wizard.js",
)
"""The modules of a form, for `browser_module`."""
FORM_LIBRARIES = (
    "@rjsf/core@6.11.1",
    "@rjsf/utils@6.11.1",
    "@rjsf/validator-ajv8@6.11.1",
    "ajv-errors@3.0.0",
)
"""The npm packages that they import."""


class TemplateWizard(Component):
    """Shows the pages of a form, then a review; values stay in the browser until then."""

    library = browser_module(__file__, "template_wizard.js", *FORM_MODULES)
    tag = "TemplateWizard"
    lib_dependencies: list[str] = field(
        default_factory=lambda: list(FORM_LIBRARIES), is_javascript_property=False
    )

    visit: Var[str] = field(doc="The id of the visit; another one begins with an empty form.")

    pages: Var[list[FormPageRow]] = field(doc="The pages of the form.")

    labels: Var[LabelRow] = field(doc="What the buttons say.")

    initial: Var[dict[str, Any]] = field(doc="What is filled in from the start.")

    user: Var[str] = field(doc="Who fills it in, as an entity ref.")

    owner_refs: Var[list[str]] = field(doc="Whose things are theirs: their own, their teams'.")

    problems: Var[list[ProblemRow]] = field(doc="What the server does not take of the values.")

    ticket: Var[str] = field(doc="The id of the answer that the problems came with.")

    is_busy: Var[bool] = field(doc="Whether the server is at work with the values.")

    can_create: Var[bool] = field(doc="Whether there is a button that runs it.")

    can_dry_run: Var[bool] = field(doc="Whether there is a button for it.")

    on_next: EventHandler[passthrough_event_spec(int)] = field(
        doc="A page is filled in; gives how many are."
    )

    on_create: EventHandler[passthrough_event_spec(dict, dict)] = field(
        doc="It is to be created; gives the values and the secrets."
    )

    on_dry_run: EventHandler[passthrough_event_spec(dict, dict)] = field(
        doc="It is to be tried; gives the values and the secrets."
    )

    on_link: EventHandler[passthrough_event_spec(str, str)] = field(
        doc="A link in a description is opened; gives its text and where it leads."
    )
