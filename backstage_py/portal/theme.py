"""How the portal looks: the Radix theme, and the stylesheet on top of its tokens."""

import reflex as rx

from backstage_py.ui.browser_module import stylesheet

STYLESHEET = stylesheet(__file__, "portal.css")

THEME = rx.theme(accent_color="indigo", gray_color="slate", radius="medium", appearance="inherit")
