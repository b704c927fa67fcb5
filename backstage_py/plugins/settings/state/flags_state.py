"""The feature flags of a person."""

import asyncio
import logging

import reflex as rx
from sqlalchemy.exc import SQLAlchemyError

from backstage_py.analytics import SIGNED_IN, access
from backstage_py.plugins.settings.rows import FlagRow, build_flag
from backstage_py.plugins.settings.service import get_feature_flags
from backstage_py.plugins.settings.user_settings import SettingError
from backstage_py.portal.database import answer_of
from backstage_py.portal.session import current_user

_logger = logging.getLogger(__name__)

FILTERED_FROM = 10
"""The number of flags from which a filter is shown, as in Backstage."""


@access(SIGNED_IN)
class FlagsState(rx.State):
    """The flags, and which are on."""

    rows: rx.Field[list[FlagRow]] = rx.field(default_factory=list)
    text: rx.Field[str] = rx.field("")
    is_loaded: rx.Field[bool] = rx.field(False)
    is_broken: rx.Field[bool] = rx.field(False)

    @rx.var
    def shown(self) -> list[FlagRow]:
        """The flags that match the filter."""
        words = self.text.lower().split()
        return [row for row in self.rows if all(word in _text_of(row) for word in words)]

    @rx.var
    def is_filtered(self) -> bool:
        """Whether there are enough flags for a filter."""
        return len(self.rows) >= FILTERED_FROM

    @rx.event
    async def load(self) -> None:
        """Show the current flags."""
        self.text = ""
        await self._show()

    @rx.event
    def filter(self, text: str) -> None:
        """Show the flags with these words."""
        self.text = text

    @rx.event
    async def toggle(self, name: str) -> None:
        """Switch a flag on or off."""
        is_on = any(row.name == name and row.is_on for row in self.rows)
        try:
            await asyncio.to_thread(
                get_feature_flags().set, current_user(self), name, is_on=not is_on
            )
        except SettingError as error:
            _logger.info("A feature flag is not switched: %s", error)
        except SQLAlchemyError as error:
            _logger.warning("A feature flag cannot be stored: %s", error)
            self.is_broken = True
            return
        await self._show()

    async def _show(self) -> None:
        flags = get_feature_flags()
        user = current_user(self)
        on = await asyncio.to_thread(answer_of, lambda: flags.list_on(user))
        self.is_broken = on is None
        self.rows = [build_flag(one, is_on=one.name in (on or ())) for one in flags.declared()]
        self.is_loaded = True


def _text_of(row: FlagRow) -> str:
    return f"{row.name} {row.description} {row.plugin_id}".lower()
