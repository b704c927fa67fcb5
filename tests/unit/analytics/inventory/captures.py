"""Captures for tests."""

from typing import Any

from backstage_py.analytics.inventory.capture import Capture


def a_capture(action: str | None = "click", subject: str | None = None, **fields: Any) -> Capture:
    """A capture of the page of a plugin `shop`, unless it says otherwise."""
    usual: dict[str, Any] = {
        "source": "capture",
        "plugin_id": "shop",
        "extension": "ShopPage",
        "route_ref": "shop",
        "path": "/shop",
        "component": "Button.on_click",
    }
    return Capture(action=action, subject=subject, **{**usual, **fields})
