"""How the dashboard looks: the stylesheets on top of the tokens of Radix Themes."""

from backstage_py.ui.browser_module import stylesheet

INSIGHTS_STYLESHEET = stylesheet(__file__, "insights.css")
INSTRUMENTATION_STYLESHEET = stylesheet(__file__, "instrumentation/instrumentation.css")
