"""The usage of the entity that the address names."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import reflex as rx
from sqlalchemy.exc import SQLAlchemyError

from backstage_py.analytics import SIGNED_IN, AnalyticsError, access, utc_now
from backstage_py.insights.ui.host import visitor_of
from backstage_py.insights.ui.service import get_insights_service
from backstage_py.plugins.catalog.api import visible_catalog
from backstage_py.plugins.insights.usage import Usage, read_usage

_DOCUMENTED_BY = "backstage.io/techdocs-ref"


@access(SIGNED_IN)
class UsageState(rx.State):
    """How an entity is used; nothing for people who may not see Insights."""

    usage: rx.Field[Usage] = rx.field(default_factory=Usage)
    has_usage: rx.Field[bool] = rx.field(False)

    @rx.event(background=True)
    async def load(self) -> AsyncGenerator[Any]:
        """Read it for the entity of the page."""
        async with self:
            self.has_usage = False
            viewer = visitor_of(self).viewer
            query = self.router_data.get("query", {})
            kind, namespace, name = (
                str(query.get(key, "")) for key in ("kind", "namespace", "name")
            )
            entity = visible_catalog(self).find_entity(kind, namespace, name)
        yield
        if viewer is None or entity is None:
            return
        try:
            usage = await asyncio.to_thread(
                read_usage,
                entity.entity_ref,
                get_insights_service(),
                viewer,
                utc_now(),
                has_docs=_DOCUMENTED_BY in entity.annotations,
                is_template=entity.kind == "Template",
            )
        except (AnalyticsError, SQLAlchemyError):
            usage = None
        async with self:
            current = self.router_data.get("query", {})
            is_here = str(current.get("name", "")) == name
            self.usage, self.has_usage = usage or Usage(), usage is not None and is_here
        yield
