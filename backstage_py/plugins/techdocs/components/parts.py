"""The parts of the reader that live in the browser, as Reflex components.

Each reports links followed in it; the functions capture them as `click`, like any link of the
portal. Source: `TechDocsReaderPageContent` of `@backstage/plugin-techdocs`.
"""

from typing import Any

from reflex.event import EventHandler, passthrough_event_spec
from reflex_base.components.component import Component, field
from reflex_base.vars.base import Var

from backstage_py.analytics import use_analytics
from backstage_py.plugins.techdocs.rows import HeadingRow, NavRow
from backstage_py.ui.browser_module import browser_module


class _LinkPart(Component):
    """A component with links."""

    on_open: EventHandler[passthrough_event_spec(str, str)] = field(
        doc="A link is followed; gives its text and where it leads."
    )


class DocsArticle(_LinkPart):
    """Clean HTML, with working links, code blocks and diagrams."""

    library = browser_module(
        __file__, "docs_article.js", "docs_links.js", "docs_tabs.js", "docs_diagrams.js"
    )
    tag = "DocsArticle"
    lib_dependencies: list[str] = field(
        default_factory=lambda: ["mermaid@11.17.2"], is_javascript_property=False
    )

    html: Var[str] = field(doc="What the sanitizer left.")
    reader_base: Var[str] = field(doc="Where its links take the start page to be.")
    base: Var[str] = field(doc="Where the start page is here.")
    title: Var[str] = field(doc="What a screen reader calls it.")


class DocsNav(_LinkPart):
    """The navigation."""

    library = browser_module(__file__, "docs_nav.js")
    tag = "DocsNav"

    nodes: Var[list[NavRow]] = field(doc="Its entries.")
    label: Var[str] = field(doc="What a screen reader calls it.")


class DocsToc(_LinkPart):
    """The headings of the page."""

    library = browser_module(__file__, "docs_toc.js")
    tag = "DocsToc"

    rows: Var[list[HeadingRow]] = field(doc="The headings.")


class TextSize(Component):
    """The control for the size of the text."""

    library = browser_module(__file__, "text_size.js")
    tag = "TextSize"


class ReportIssue(_LinkPart):
    """Links to a new issue about the page, or about the selected text."""

    library = browser_module(__file__, "report_issue.js")
    tag = "ReportIssue"

    issue_url: Var[str] = field(doc="Leads to a new issue, up to its title.")
    title: Var[str] = field(doc="Of the page.")


def capture_opened(text: Any, to: Any) -> Any:
    """The `click` of a link that is followed in one of these parts."""
    return use_analytics().capture_event("click", text, attributes={"to": to})
