"""The messages of alerts and digests."""

import json
from dataclasses import asdict, dataclass
from typing import Literal, Self, TypeAlias

Kind: TypeAlias = Literal["firing", "resolved", "digest", "test"]


@dataclass(frozen=True, slots=True)
class Message:
    """A message to people; plain text, shown as text.

    `link` is a path of the portal, or empty.
    """

    kind: Kind
    title: str
    body: str
    link: str = ""

    def to_json(self) -> str:
        """The message as JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read the result of `to_json`."""
        return cls(**json.loads(text))
