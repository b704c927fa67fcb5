"""The reason why the last sign-in of this browser failed."""

import reflex as rx

from backstage_py.analytics import PUBLIC, access
from backstage_py.plugins.auth.service import get_problems


@access(PUBLIC)
class SignInState(rx.State):
    """The reason, from a cookie that the server set; empty if nothing failed."""

    reason: rx.Field[str] = rx.field("")
    detail: rx.Field[str] = rx.field("")
    is_loaded: rx.Field[bool] = rx.field(False)

    @rx.event
    def load(self) -> None:
        """Read the reason."""
        problem = get_problems().read(self.router.headers.raw_headers)
        self.reason = problem[0].value if problem else ""
        self.detail = problem[1] if problem else ""
        self.is_loaded = True
