"""The editor of templates, as a Reflex component."""

from reflex.event import EventHandler, passthrough_event_spec
from reflex_base.components.component import Component, field
from reflex_base.vars.base import Var

from backstage_py.plugins.scaffolder.components.template_wizard import FORM_LIBRARIES, FORM_MODULES
from backstage_py.plugins.scaffolder.rows import EditorProblemRow, ProblemRow, WizardRow
from backstage_py.ui.browser_module import browser_module


class TemplateEditor(Component):
    """Shows the text beside its form; both stay in the browser. Its children are below."""

    library = browser_module(
        __file__,
        "template_editor.js",
        "code_editor.js",
        "editor.js",
        "editor_text.js",
        "local_files.js",
        "template_wizard.js",
        "yaml_completion.js",
        "yaml_outline.js",
        *FORM_MODULES,
    )
    tag = "TemplateEditor"
    lib_dependencies: list[str] = field(
        default_factory=lambda: [
            *FORM_LIBRARIES,
            "codemirror@6.0.2",
            "@codemirror/autocomplete@6.20.4",
            "@codemirror/lang-yaml@6.1.3",
            "@codemirror/language@6.13.1",
            "@codemirror/lint@6.9.8",
            "@codemirror/state@6.7.6",
            "@codemirror/view@6.43.15",
            "@lezer/highlight@1.2.5",
        ],
        is_javascript_property=False,
    )

    example: Var[str] = field(doc="The template to begin with.")

    user: Var[str] = field(doc="Who writes it, as an entity ref; empty until it is known.")

    owner_refs: Var[list[str]] = field(doc="Whose things are theirs: their own, their teams'.")

    template: Var[WizardRow] = field(doc="The form of what was checked last and could be read.")

    problems: Var[list[EditorProblemRow]] = field(doc="The mistakes in what was checked last.")

    checked: Var[int] = field(doc="The number of the last check.")

    is_stale: Var[bool] = field(doc="Whether the text has become unreadable since the form.")

    form_problems: Var[list[ProblemRow]] = field(doc="What a dry run does not take of the values.")

    ticket: Var[str] = field(doc="The id of the answer that the form's problems came with.")

    message: Var[str] = field(doc="Why a dry run was refused.")

    is_busy: Var[bool] = field(doc="Whether a dry run is under way.")

    tried: Var[str] = field(doc="The id of the dry run that is shown below; empty for none.")

    on_check: EventHandler[passthrough_event_spec(str, list, int)] = field(
        doc="The text has changed; gives it, the files it names, and the number of the check."
    )

    on_open: EventHandler[passthrough_event_spec()] = field(doc="Another template is open.")

    on_dry_run: EventHandler[passthrough_event_spec(str, list, dict, dict)] = field(
        doc="It is to be tried; gives the text, the files, the values and the secrets."
    )
