"""Which parts of an address are recorded: `app.analytics.addresses`.

Rules for the parameters of query and fragment. The browser applies the same ones before anything is
stored or sent (`browser/addresses.js`); here they apply to every other sender too.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, TypeAlias
from urllib.parse import unquote

from pydantic import Field

from backstage_py.analytics.config.settings import RequiredText, SettingsModel
from backstage_py.analytics.event import Scalar

Rule: TypeAlias = Literal["keep", "mask", "drop"]
MASK = "***"
SECRETS = (
    r".*(token|secret|password|passwd|passphrase|signature|credential)s?"
    r"|code|(auth|authorization|device|invite|reset|user|verification|one[_-]?time)[_-]?code"
    r"|code[_-]?verifier|(.*[_-])?(api|access|private|client|account|auth|session|sas)[_-]?key|key"
    r"|pwd|sig|auth|authorization|jwt|otp|ticket|assertion|saml(request|response)|nonce"
    r"|(.*[_-])?(session[_-]?id|sessid|sid)"
)
"""Names of parameters that look like those of a secret: masked unless the owner keeps them."""

_ADDRESS = re.compile(r"([/?#]|[a-z][a-z0-9+.-]*:).*[=#]", re.IGNORECASE | re.DOTALL)
_PART = re.compile(r"(?=[?#&;])")


class AddressSettings(SettingsModel):
    """The section: names of parameters, in which `*` matches anything."""

    keep: tuple[RequiredText, ...] = Field(default=(), description="a list of names of parameters")
    mask: tuple[RequiredText, ...] = Field(default=(), description="a list of names of parameters")
    drop: tuple[RequiredText, ...] = Field(default=(), description="a list of names of parameters")
    others: Rule = Field(default="keep", description="keep, mask or drop")
    fragments: Literal["keep", "drop"] = Field(default="keep", description="keep or drop")


@dataclass(frozen=True)
class Addresses:
    """Cleans addresses by the owner's rules."""

    settings: AddressSettings

    @cached_property
    def rules(self) -> tuple[tuple[str, Rule], ...]:
        """Patterns of names, each with its rule; the first match counts."""
        own: tuple[tuple[tuple[str, ...], Rule], ...] = (
            (self.settings.keep, "keep"),
            (self.settings.drop, "drop"),
            (self.settings.mask, "mask"),
        )
        named: tuple[tuple[str, Rule], ...] = tuple(
            ("|".join(map(_pattern, names)), rule) for names, rule in own if names
        )
        others: tuple[tuple[str, Rule], ...] = (
            () if self.settings.others == "keep" else ((".*", self.settings.others),)
        )
        return *named, (SECRETS, "mask"), *others

    def for_browser(self) -> dict[str, Any]:
        """The settings for `startAddresses` of `browser/addresses.js`."""
        return {"parameters": list(self.rules), "fragment": self.settings.fragments}

    def cleaned(self, text: str) -> str:
        """An address as it may be recorded; a text that is not one is left alone."""
        if ("=" not in text and "#" not in text) or not _ADDRESS.match(text):
            return text
        path, *parts = _PART.split(f"/{text}")
        kept = path[1:]
        owed = ""  # the mark of a part that was dropped is that of the next one
        for part in parts:
            mark, (name, equals, value) = part[0], part[1:].partition("=")
            if mark in "?#":
                owed = mark
            if mark == "#" and self.settings.fragments == "drop":
                break
            rule = self._rule(name) if value else "keep"
            if rule == "drop":
                continue
            kept += (owed or mark) + name + equals + (MASK if rule == "mask" else value)
            owed = ""
        return kept

    def clean(self, attributes: dict[str, Scalar] | None) -> None:
        """Clean the target of a link, in its attributes."""
        if attributes and isinstance(to := attributes.get("to"), str):
            attributes["to"] = self.cleaned(to)

    def _rule(self, name: str) -> Rule:
        plain = unquote(name)
        for pattern, rule in self._compiled:
            if pattern.fullmatch(plain):
                return rule
        return "keep"

    @cached_property
    def _compiled(self) -> tuple[tuple[re.Pattern[str], Rule], ...]:
        return tuple((re.compile(pattern, re.IGNORECASE), rule) for pattern, rule in self.rules)


DEFAULT_ADDRESSES = Addresses(AddressSettings())
"""The default rules: parameters that look like secrets are masked."""


def _pattern(name: str) -> str:
    """A name in which `*` matches anything, as a pattern that JavaScript reads the same way."""
    return ".*".join(re.sub(r"[^\w-]", r"\\\g<0>", part) for part in name.split("*"))
