"""How the dashboard looks: the stylesheet on top of the tokens of Radix Themes."""

from backstage_py.ui.browser_module import stylesheet

STYLESHEET = stylesheet(__file__, "insights.css")
