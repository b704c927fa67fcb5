"""How shared parts of pages look: the stylesheet on top of the tokens of Radix Themes."""

from backstage_py.ui.browser_module import stylesheet

PAGE_STYLESHEET = stylesheet(__file__, "page.css")
