"""The banner shown while the connection is lost; the page's content stays.

Reflex reconnects by itself, with pauses that grow up to two seconds. Meanwhile events wait in the
browser's outbox, so that nothing is lost.
"""

import reflex as rx
from reflex.vars import FunctionVar, Var, VarData
from reflex_base.components.component import Component
from reflex_base.utils.imports import ImportVar
from reflex_base.vars.function import ArgsFunctionOperation
from reflex_components_core.core.banner import has_too_many_connection_errors

from backstage_py.ui.browser_module import browser_module

_MODULE = browser_module(__file__, "connection.js")


def connection_banner() -> Component:
    """Shows from the second failure on that the connection is lost, with a button to retry."""
    # The region is there before there is something to say, so that screen readers hear it. Reflex
    # puts the page into what an app wrap gives, and a page inside the region would be read aloud.
    shown = rx.cond(has_too_many_connection_errors, offline_notice())
    return rx.fragment(rx.el.div(shown, role="status"))


def offline_notice() -> Component:
    """The notice itself, above the page."""
    imports = {_MODULE: [ImportVar(tag="tryAgain", install=False)]}
    try_again = Var(_js_expr="tryAgain", _var_data=VarData(imports=imports)).to(FunctionVar)
    return rx.el.div(
        rx.icon("unplug", size=16, aria_hidden=True),
        rx.el.span("Connection lost. Trying again ..."),
        rx.el.button(
            "Retry now",
            type="button",
            class_name="bp-button bp-small",
            on_click=ArgsFunctionOperation.create((), try_again.call()),
        ),
        class_name="bp-offline",
    )
