"""The facts about a capture that are known at compile time, and their file."""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Self, TypeAlias

from backstage_py.analytics.errors import AnalyticsError

Kind: TypeAlias = Literal["string", "number", "boolean", "any"]
"""The type of a value; `any` if it is known only at run time."""
Source: TypeAlias = Literal["capture", "link", "button", "mount", "navigation", "handler"]
"""The kind of capture: tracker, link, button, mount, navigation or Python handler."""

INVENTORY_FILE = Path("backend") / "instrumentation.json"
"""The inventory's path in the build folder, beside Reflex's files for the server; not served."""
WEB_FOLDER_VARIABLE = "REFLEX_WEB_WORKDIR"
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Capture:
    """One capture at one place.

    None means known only at run time. `attributes` are kinds by key, `context_keys` what
    enclosing contexts add to the three usual ones. `path` is the pattern of the page's address,
    None for the frame around all pages. `is_open`: there may be attributes that are not named
    here. `is_conditional`: it is captured only under a condition of its handler.
    """

    source: Source
    action: str | None
    subject: str | None
    plugin_id: str | None
    extension: str | None
    route_ref: str | None
    path: str | None
    component: str
    has_value: bool = False
    attributes: Mapping[str, Kind] = field(default_factory=dict)
    context_keys: tuple[str, ...] = ()
    is_open: bool = False
    is_conditional: bool = False

    def to_wire(self) -> dict[str, Any]:
        """The capture as a JSON object; what is only known at run time is null."""
        return {
            "source": self.source,
            "action": self.action,
            "subject": self.subject,
            "pluginId": self.plugin_id,
            "extension": self.extension,
            "routeRef": self.route_ref,
            "path": self.path,
            "component": self.component,
            "hasValue": self.has_value,
            "attributes": dict(self.attributes),
            "contextKeys": list(self.context_keys),
            "isOpen": self.is_open,
            "isConditional": self.is_conditional,
        }

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> Self:
        """The capture of a JSON object that `to_wire` made.

        Raises:
            KeyError: If a field is missing.
        """
        return cls(
            source=wire["source"],
            action=wire["action"],
            subject=wire["subject"],
            plugin_id=wire["pluginId"],
            extension=wire["extension"],
            route_ref=wire["routeRef"],
            path=wire["path"],
            component=wire["component"],
            has_value=wire["hasValue"],
            attributes=wire["attributes"],
            context_keys=tuple(wire["contextKeys"]),
            is_open=wire["isOpen"],
            is_conditional=wire["isConditional"],
        )


def kind_of(value: object) -> Kind:
    """The kind of a plain value."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str):
        return "string"
    return "number" if isinstance(value, int | float) else "any"


def write_inventory(captures: Iterable[Capture]) -> str:
    """The inventory's text, the same for the same captures."""
    lines = sorted({json.dumps(capture.to_wire(), ensure_ascii=False) for capture in captures})
    listed = ",\n".join(lines)
    return f'{{"version": {_VERSION}, "captures": [\n{listed}\n]}}\n'


def inventory_path(environ: Mapping[str, str] = os.environ) -> Path:
    """The path of the inventory in the build of the app in the working directory."""
    return Path(environ.get(WEB_FOLDER_VARIABLE) or ".web") / INVENTORY_FILE


def read_inventory(path: Path | None = None) -> tuple[Capture, ...]:
    """The captures of a compiled app.

    Args:
        path: The file; that of the app in the working directory unless another is named.

    Raises:
        AnalyticsError: If there is no such file, or we did not write it.
    """
    file = path or inventory_path()
    try:
        content = json.loads(file.read_bytes())
        return tuple(Capture.from_wire(wire) for wire in content["captures"])
    except FileNotFoundError:
        hint = "Compile the app first: start it once, or run reflex export"
        raise AnalyticsError(str(file), "is not there", hint) from None
    except (ValueError, KeyError, TypeError) as error:
        hint = "Compile the app again"
        raise AnalyticsError(str(file), f"is not an inventory: {error!r}", hint) from None
