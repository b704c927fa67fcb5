"""Events as a browser posts them."""

from typing import Any

from backstage_py.analytics.event import new_event_id


def wire(**fields: Any) -> dict[str, Any]:
    """An event on the wire."""
    return {"id": new_event_id(), "action": "click", "subject": "Docs", **fields}
