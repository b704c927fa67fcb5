"""The route of the start page, and the place of its widgets."""

from backstage_py.portal.routes import RouteRef

HOME = RouteRef("home", "/")
HOME_WIDGETS = "HomepageWidgets"
"""The content of the start page that plugins place their widgets in, each a card with `widget`."""
