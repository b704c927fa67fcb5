"""Whether the sender of a request is recorded, and what they chose."""

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from backstage_py.analytics.consent.choices import Choices
from backstage_py.analytics.consent.rules import Choice, PrivacySettings, parse_choice
from backstage_py.analytics.identity.identity import IdentityApi, is_shared

_logger = logging.getLogger(__name__)

CHOICE_COOKIE = "backstage_py_choice"
COOKIE_SECONDS = 365 * 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Standing:
    """A person's choice, and whether they are recorded.

    `is_kept`: whether the server stores the choice for every browser; a guest, shared by
    many people, has it in this browser only.
    """

    is_recorded: bool
    choice: Choice | None
    has_signal: bool
    is_kept: bool


class Consent:
    """Applies people's choices and the owner's rules."""

    def __init__(self, settings: PrivacySettings, identity: IdentityApi, choices: Choices) -> None:
        self.settings = settings
        self._identity = identity
        self._choices = choices

    def is_given(self, headers: Mapping[str, str]) -> bool:
        """Whether a request's own cookie and signals allow recording its sender.

        An account's choice in other browsers is looked up later (`list_declined`), when the events
        are written to the database.
        """
        return self.lets(headers, parse_choice(find_cookie(headers)))

    def lets(self, headers: Mapping[str, str], choice: Choice | None) -> bool:
        """Whether a sender with this choice and these headers is recorded."""
        return self.settings.lets(choice, has_signal=self.settings.has_signal(headers))

    def list_declined(self, users: Collection[str]) -> frozenset[str]:
        """Those of these users who have an account and chose not to be recorded.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: If the database does not answer.
        """
        return self._choices.list_declined([user for user in users if self._has_account(user)])

    def find(self, headers: Mapping[str, str]) -> Standing:
        """The choice of the sender of these headers, and whether they are recorded.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: If the database does not answer.
        """
        user = self._account(headers)
        kept = self._choices.find(user) if user else None
        choice = kept or _unless_another_said_yes(find_cookie(headers), is_account=user is not None)
        signal = self.settings.has_signal(headers)
        is_recorded = self.settings.lets(choice, has_signal=signal)
        return Standing(is_recorded, choice, signal, is_kept=user is not None)

    def is_recorded(self, headers: Mapping[str, str]) -> bool:
        """Whether the sender of these headers is recorded; False if that is unknown."""
        try:
            return self.find(headers).is_recorded
        except SQLAlchemyError as error:
            _logger.warning("A person's choice cannot be read: %s", error)
            return False

    def choose(self, headers: Mapping[str, str], choice: Choice) -> Choice:
        """Store a choice and return it as stored.

        "On" from a browser that sends a do-not-track signal is stored as "regardless".

        Raises:
            sqlalchemy.exc.SQLAlchemyError: If the database does not answer.
        """
        if choice is Choice.ON and self.settings.has_signal(headers):
            choice = Choice.REGARDLESS
        if user := self._account(headers):
            self._choices.keep(user, choice)
        return choice

    def missing_cookie(self, headers: Mapping[str, str]) -> str | None:
        """The `Set-Cookie` with the choice that a browser's user made in another one.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: If the database does not answer.
        """
        if self._account(headers) is None:
            return None
        choice = self.find(headers).choice
        told = find_cookie(headers)
        if choice is None:
            return None if told is None else set_cookie("")
        return None if told == choice else set_cookie(choice)

    def _account(self, headers: Mapping[str, str]) -> str | None:
        user = self._identity.identify(headers)
        return user if user and self._has_account(user) else None

    def _has_account(self, user: str) -> bool:
        return not is_shared(self._identity, user)


def find_cookie(headers: Mapping[str, str]) -> str | None:
    """The choice in a request's cookie."""
    texts = [value for name, value in headers.items() if name.lower() == "cookie"]
    pairs = [pair.strip().partition("=") for text in texts for pair in text.split(";")]
    return next((value for name, _, value in pairs if name == CHOICE_COOKIE), None)


def set_cookie(value: str) -> str:
    """The `Set-Cookie` of a choice, which the page may read; an empty choice deletes it."""
    seconds = COOKIE_SECONDS if value else 0
    return f"{CHOICE_COOKIE}={value}; Path=/; Max-Age={seconds}; SameSite=Lax"


def _unless_another_said_yes(told: str | None, *, is_account: bool) -> Choice | None:
    """A cookie may be the previous user's: their no is respected, their yes is not."""
    choice = parse_choice(told)
    return None if is_account and choice is not Choice.OFF else choice
