"""The specification of a task, from when the task was accepted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import orjson

from backstage_py.plugins.catalog.api import Entity
from backstage_py.plugins.scaffolder.actions.action import Requester


@dataclass(frozen=True, slots=True)
class TaskSpec:
    """The template, the values, and the requester.

    `secret_names` are the names of the given secrets. `is_recorded` is false where the user does
    not want analytics to know how the task ends.
    """

    template: Entity
    values: Mapping[str, Any]
    requester: Requester
    secret_names: tuple[str, ...] = field(default=())
    is_recorded: bool = True

    def to_json(self) -> str:
        """Write it as JSON."""
        template = self.template
        return orjson.dumps(
            {
                "template": {
                    "apiVersion": template.api_version,
                    "kind": template.kind,
                    "metadata": template.metadata,
                    "spec": template.spec,
                },
                "values": self.values,
                "user": {"ref": self.requester.ref, "entity": self.requester.entity},
                "secrets": self.secret_names,
                "isRecorded": self.is_recorded,
            },
            option=orjson.OPT_NON_STR_KEYS,
        ).decode()

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read the result of `to_json`."""
        wire = orjson.loads(text)
        template, user = wire["template"], wire["user"]
        return cls(
            Entity(
                template["apiVersion"], template["kind"], template["metadata"], template["spec"]
            ),
            wire["values"],
            Requester(user["ref"], user["entity"]),
            tuple(wire["secrets"]),
            wire.get("isRecorded", True),
        )
