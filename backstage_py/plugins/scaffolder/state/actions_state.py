"""The reference of the installed actions."""

import reflex as rx

from backstage_py.analytics import SCAFFOLDER_TEMPLATE_STEP_READ, access
from backstage_py.plugins.scaffolder.rows import ActionRow, build_action, matches
from backstage_py.plugins.scaffolder.service import get_scaffolder


@access(SCAFFOLDER_TEMPLATE_STEP_READ)
class ActionsState(rx.State):
    """The actions that match a search text."""

    actions: rx.Field[list[ActionRow]] = rx.field(default_factory=list)
    text: rx.Field[str] = rx.field("")
    total: rx.Field[int] = rx.field(0)
    is_loaded: rx.Field[bool] = rx.field(False)

    @rx.event
    def load(self) -> None:
        """Show them all."""
        self._show("")
        self.is_loaded = True

    @rx.event
    def search(self, text: str) -> None:
        """Show the actions with these words in their id or description."""
        self._show(text)

    def _show(self, text: str) -> None:
        installed = get_scaffolder().list_actions()
        self.text, self.total = text, len(installed)
        self.actions = [build_action(one) for one in installed if matches(one, text)]
