"""The stylesheet of shared components, based on the tokens of Radix Themes."""

from backstage_py.ui.browser_module import stylesheet

PAGE_STYLESHEET = stylesheet(__file__, "page.css")
