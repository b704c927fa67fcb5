"""The signed-in user. The server decides who it is, from the headers of the request."""

import reflex as rx

from backstage_py.analytics import get_recorder


def current_user(state: rx.State) -> str:
    """Give the entity ref of the user whose event a handler answers; empty for nobody."""
    return get_recorder().identify(state.router.headers.raw_headers) or ""


class SessionState(rx.State):
    """The signed-in user, as the shell shows them."""

    user: rx.Field[str] = rx.field("")
    is_shared: rx.Field[bool] = rx.field(True)
    is_known: rx.Field[bool] = rx.field(False)

    @rx.var
    def display_name(self) -> str:
        """The name part of the user's entity ref."""
        return self.user.rpartition("/")[2] or "Not signed in"

    @rx.event
    def load(self) -> None:
        """Find out who it is."""
        self.user = current_user(self)
        self.is_shared = not self.user or get_recorder().is_shared(self.user)
        self.is_known = True
