"""Events as a browser posts them."""

from datetime import datetime
from typing import Any

import orjson

from backstage_py.analytics.event import new_event_id
from backstage_py.analytics.ingest import Batch


def wire(**fields: Any) -> dict[str, Any]:
    """An event on the wire."""
    return {"id": new_event_id(), "action": "click", "subject": "Docs", **fields}


def batch_of(*items: Any, session_id: str | None = None, sent_at: datetime | None = None) -> Batch:
    """A batch of these events."""
    return Batch([orjson.dumps(item) for item in items], session_id, sent_at)
