"""How the portal looks: the Radix theme, and the stylesheet on top of its tokens."""

import reflex as rx

STYLESHEETS = [
    "/portal.css",
    "/people.css",
    "/instrumentation.css",
    "/insights.css",
    "/scaffolder.css",
    "/techdocs.css",
]

THEME = rx.theme(accent_color="indigo", gray_color="slate", radius="medium", appearance="inherit")
