"""Events as CloudEvents 1.0 in JSON (https://cloudevents.io), for readers of a stream."""

from collections.abc import Mapping
from typing import Any

import orjson

from backstage_py.analytics import RecordedEvent, format_time

SOURCE = "backstage_py"
CONTENT_TYPE = "application/cloudevents+json"


def cloud_event(event: RecordedEvent, data: Mapping[str, Any] | None = None) -> bytes:
    """An event of the type `backstage.ACTION`; its data is the stored event unless given."""
    return orjson.dumps(
        {
            "specversion": "1.0",
            "id": event.id,
            "source": SOURCE,
            "type": f"backstage.{event.action}",
            **({"subject": event.subject} if event.subject else {}),
            "time": format_time(event.timestamp),
            "datacontenttype": "application/json",
            "data": event.to_wire() if data is None else data,
        }
    )
