"""What is said while the server is away: one quiet line, and what is shown stays.

Reflex tries again by itself, ever more slowly up to two seconds. Events wait in the browser's
outbox meanwhile, so that nothing is lost.
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
    """Says that the connection is lost, from the second failure on, and offers to try at once."""
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
