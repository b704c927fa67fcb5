"""When a person is recorded; `browser/consent.js` applies the same rules in the browser.

The signals are those of Global Privacy Control (`Sec-GPC: 1`, W3C working draft) and of Tracking
Preference Expression (`DNT: 1`, W3C note of 2019). Both are about sites in general, so a choice
made on this site takes precedence, as both texts say; `docs/privacy.md` gives the full reasons.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

from pydantic import Field

from backstage_py.analytics.config.settings import SettingsModel

Honour = Literal["honour", "ignore"]
_HONOUR = "honour or ignore"


class Choice(StrEnum):
    """A person's choice: `regardless` is "on" despite their browser's signal."""

    ON = "on"
    OFF = "off"
    REGARDLESS = "regardless"


class PrivacySettings(SettingsModel):
    """The section `app.analytics.privacy`."""

    global_privacy_control: Honour = Field(default="honour", description=_HONOUR)
    do_not_track: Honour = Field(default="honour", description=_HONOUR)
    consent: Literal["assumed", "asked"] = Field(default="assumed", description="assumed or asked")

    @property
    def unasked(self) -> Choice:
        """The choice that counts for people who have not chosen."""
        return Choice.OFF if self.consent == "asked" else Choice.ON

    def has_signal(self, headers: Mapping[str, str]) -> bool:
        """Whether a browser sends a do-not-track signal that the owner honours."""
        signals = {"sec-gpc": self.global_privacy_control, "dnt": self.do_not_track}
        return any(
            value.strip() == "1" and signals.get(name.lower()) == "honour"
            for name, value in headers.items()
        )

    def lets(self, choice: Choice | None, *, has_signal: bool) -> bool:
        """Whether a person with this choice and this browser signal is recorded."""
        said = choice or self.unasked
        return said is Choice.REGARDLESS or (said is Choice.ON and not has_signal)

    def for_browser(self) -> dict[str, object]:
        """The settings for `startConsent` of `browser/consent.js`."""
        signals = {
            "globalPrivacyControl": self.global_privacy_control,
            "doNotTrack": self.do_not_track,
        }
        honoured = [name for name, rule in signals.items() if rule == "honour"]
        return {"signals": honoured, "unasked": str(self.unasked)}


def parse_choice(value: object) -> Choice | None:
    """Parse a choice; None for anything else."""
    return Choice(value) if value in set(Choice) else None
