"""The place of the start page, and of the widgets on it."""

from backstage_py.portal.routes import RouteRef

HOME = RouteRef("home", "/")
HOME_WIDGETS = "HomepageWidgets"
"""The content of the start page that plugins place their widgets in, each a card with `widget`."""
