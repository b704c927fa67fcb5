"""The viewer of definitions, as a Reflex component."""

from reflex_base.components.component import Component, field
from reflex_base.vars.base import Var

from backstage_py.ui.browser_module import browser_module


class DefinitionViewer(Component):
    """Loads the text of a definition and renders it, or shows the text if it cannot."""

    library = browser_module(__file__, "definition_viewer.js")
    tag = "DefinitionViewer"
    lib_dependencies: list[str] = field(
        default_factory=lambda: [
            "swagger-ui-dist@5.35.0",
            "@asyncapi/react-component@3.2.1",
            "highlight.js@11.11.1",
        ],
        is_javascript_property=False,
    )

    viewer: Var[str] = field(doc="openapi, asyncapi or raw.")
    src: Var[str] = field(doc="Where the text is.")
    frame: Var[str] = field(doc="The page of the frame that AsyncAPI definitions are drawn in.")
    language: Var[str] = field(doc="What the text is highlighted as.")
    can_try: Var[bool] = field(doc="Whether requests can be sent from OpenAPI definitions.")
    label: Var[str] = field(doc="What a screen reader says.")
