"""The alerts and digests of a portal: checked when due, sent once."""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TypeAlias
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from backstage_py.analytics import AnalyticsError, Clock, ConfigurationError, utc_now
from backstage_py.insights.alerts.channels import AppriseChannel, Channel, ChannelError
from backstage_py.insights.alerts.looking import Ask, Look, Looking, with_limit_off
from backstage_py.insights.alerts.message import Message
from backstage_py.insights.alerts.page_rules import PageRule, PageRules
from backstage_py.insights.alerts.rules import (
    IN_APP,
    AlertRule,
    DigestRule,
    column_of,
    parse_span,
)
from backstage_py.insights.alerts.store import AlertState, AlertStore, Owed
from backstage_py.insights.questions.catalogue import find_question
from backstage_py.insights.questions.question import Question
from backstage_py.insights.usual import Calendar
from backstage_py.insights.window import Window

_logger = logging.getLogger(__name__)

POLL_SECONDS = 15.0
_ALERTS, _DIGESTS = "app.analytics.insights.alerts", "app.analytics.insights.digests"
_PAGE = "/insights"

Rule: TypeAlias = AlertRule | DigestRule
WriteDigest: TypeAlias = Callable[[Window], Message]
"""Writes the message of a digest about a period."""


@dataclass(frozen=True, slots=True)
class AlertPlan:
    """The alerts and digests of a portal's owner.

    Args:
        alerts: The rules of alerts.
        digests: The rules of digests.
        calendar: Knows the public holidays.
        zone: The time zone of days.
        base_url: The portal's address, for links in messages.
    """

    alerts: Sequence[AlertRule] = ()
    digests: Sequence[DigestRule] = ()
    calendar: Calendar = field(default_factory=Calendar)
    zone: str = "UTC"
    base_url: str | None = None


@dataclass(frozen=True, slots=True)
class Watched:
    """A rule, with its parsed parts."""

    rule: AlertRule
    question: Question
    column: str


class Alerts:
    """Checks rules and sends messages; usable from any thread and in several processes.

    Beside the rules of the plan it checks those that people make on the page, if the app has
    notifications.

    Args:
        engine: The database of the state.
        plan: The alerts and digests.
        ask: Answers questions for a viewer who may not see people or small groups.
        write_digest: Writes a digest.
        in_app: The channel of notifications in the portal, if the app has one.
        clock: The current time.

    Raises:
        ConfigurationError: If a rule is wrong; it names the key, the value and the fix.
    """

    def __init__(
        self,
        engine: Engine,
        plan: AlertPlan,
        *,
        ask: Ask,
        write_digest: WriteDigest,
        in_app: Channel | None = None,
        clock: Clock = utc_now,
    ) -> None:
        self._store = AlertStore(engine)
        self._ask = ask
        self._write_digest = write_digest
        self._plan = plan
        self._clock = clock
        _require_unique_names([*plan.alerts, *plan.digests])
        self._watched = [watch(rule, f"{_ALERTS}[{n}]") for n, rule in enumerate(plan.alerts)]
        self._digests = [_checked(rule, f"{_DIGESTS}[{n}]") for n, rule in enumerate(plan.digests)]
        self._channels: dict[str, Channel] = {}
        for section, rules in ((_ALERTS, plan.alerts), (_DIGESTS, plan.digests)):
            for number, rule in enumerate(rules):
                self._open_channels(f"{section}[{number}].channels", rule, in_app)
        self._page_rules = PageRules(engine)
        self._has_page_rules = in_app is not None
        if in_app is not None:
            self._channels[IN_APP] = in_app
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def rules(self) -> list[Rule]:
        """All rules: the alerts of the configuration, digests, then those of the page."""
        configured = [*(one.rule for one in self._watched), *self._digests]
        return [*configured, *(one.rule for one in self.list_page_rules())]

    def list_page_rules(self) -> list[PageRule]:
        """The rules that people made on the page, apart from names that the configuration has."""
        if not self._has_page_rules:
            return []
        taken = {one.rule.name for one in self._watched} | {one.name for one in self._digests}
        return [one for one in self._page_rules.list_all() if one.rule.name not in taken]

    def add_rule(self, rule: AlertRule, author: str) -> None:
        """Look at a rule from now on; `author` is who made it.

        Raises:
            AnalyticsError: If the rule is wrong, its name is in use, or there are too many.
        """
        if not self._has_page_rules:
            raise AnalyticsError("rule", "cannot be told", "This app has no notifications")
        watch(rule, "rule")
        if any(rule.name == one.name for one in self.rules):
            raise AnalyticsError("name", f"{rule.name!r} is in use", "Choose another name")
        self._page_rules.add(rule, author, self._clock())

    def remove_rule(self, name: str) -> bool:
        """Stop looking at a rule of the page; whether it was there."""
        return self._page_rules.remove(name)

    def states(self) -> list[AlertState]:
        """The state of each rule that was checked."""
        return self._store.states()

    def messages(self, limit: int = 50) -> list[Owed]:
        """The newest messages with their states."""
        return self._store.messages(limit)

    def step(self) -> None:
        """Check all due rules and send all owed messages."""
        for watched in self._list_watched():
            self._look(watched)
        for digest in self._digests:
            self._digest(digest)
        self.deliver()

    def deliver(self) -> int:
        """Send the messages that are due; returns how many were accepted."""
        taken = 0
        repeatable = [key for key, channel in self._channels.items() if channel.is_repeatable]
        while (owed := self._store.take_message(self._clock(), repeatable)) is not None:
            taken += self._hand_over(owed)
        return taken

    def send_test(self, name: str) -> list[str]:
        """Send a test message to each channel of a rule; returns the problems.

        Raises:
            AnalyticsError: If there is no such rule.
        """
        rule = self._find(name)
        message = Message("test", f"Test: {name}", "This is a test of the alert's channels.", _PAGE)
        problems: list[str] = []
        for channel in rule.channels:
            key = channel_key(channel)
            try:
                self._channels[key].send(f"test-{name}", message, rule.to)
            except ChannelError as error:
                problems.append(f"{channel.partition(':')[0]}: {error}")
        return problems

    def look_now(self, name: str) -> Look | None:
        """The current finding of an alert, without sending it.

        Raises:
            AnalyticsError: If there is no such alert, or its question cannot be answered.
        """
        watched = next((one for one in self._list_watched() if one.rule.name == name), None)
        if watched is None:
            raise AnalyticsError("name", f"{name[:60]!r} is unknown", "Use the name of an alert")
        return self._looking(watched).look(self._clock())

    def start(self) -> None:
        """Start checking and sending in a thread."""
        if self._thread is None and (self._has_page_rules or self.rules):
            self._thread = threading.Thread(target=self._run, name="insights-alerts", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Stop; owed messages are sent after the next start."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(5)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.step()
                self._store.forget([rule.name for rule in self.rules], self._clock())
            except SQLAlchemyError as error:
                _logger.warning("Alerts wait for the database: %s", error)
            except Exception:
                _logger.exception("Alerts are checked again later")
            self._stopping.wait(POLL_SECONDS)

    def _look(self, watched: Watched) -> None:
        rule, now = watched.rule, self._clock()
        if not self._store.claim(rule.name, rule.fingerprint, now, now):
            return
        next_due = now + parse_span(rule.every)
        try:
            look = self._looking(watched).look(now)
        except AnalyticsError as error:
            self._store.note_problem(rule.name, str(error), now, next_due)
            return
        if look is None:
            problem = "The number is withheld, or there is not enough history"
            self._store.note_problem(rule.name, problem, now, next_due)
            return
        firing = Message("firing", rule.name, f"{look.text}.", _PAGE)
        resolved = Message("resolved", f"Resolved: {rule.name}", f"{look.text}.", _PAGE)
        messages = {
            told: [(channel_key(one), message) for one in rule.channels]
            for told, message in ((True, firing), (False, resolved))
        }
        self._store.settle(
            rule.name,
            now,
            is_firing=look.is_firing,
            value=look.value,
            next_due=next_due,
            messages=messages,
        )

    def _list_watched(self) -> list[Watched]:
        """What is looked at now; a rule of the page that has become wrong waits."""
        found = [*self._watched]
        for one in self.list_page_rules():
            try:
                found.append(watch(one.rule, "rule"))
            except ConfigurationError as error:
                _logger.warning(
                    "The alert %s of the page is not looked at: %s", one.rule.name, error
                )
        return found

    def _looking(self, watched: Watched) -> Looking:
        return Looking(
            watched.rule,
            watched.question,
            watched.column,
            self._ask,
            self._plan.calendar,
            self._plan.zone,
        )

    def _digest(self, rule: DigestRule) -> None:
        now = self._clock()
        next_due = next_time(rule, now)
        if not self._store.claim(rule.name, rule.fingerprint, now, next_due):
            return
        try:
            yesterday = now - timedelta(days=1)
            window = Window.last_days(rule.days, now=yesterday, zone=rule.zone)
            message = self._write_digest(window)
        except AnalyticsError as error:
            self._store.note_problem(rule.name, str(error), now, next_due)
            return
        named = replace(message, title=f"{rule.name}: {message.title}")
        channels = [(channel_key(one), named) for one in rule.channels]
        self._store.owe(rule.name, channels, now, next_due)

    def _hand_over(self, owed: Owed) -> bool:
        receivers = next((rule.to for rule in self.rules if rule.name == owed.alert), ())
        try:
            self._channel(owed.channel).send(owed.id, owed.message, receivers)
        except ChannelError as error:
            self._store.note_refused(owed, str(error), self._clock())
            return False
        except Exception as error:
            _logger.exception("The alert %s was not handed over", owed.alert)
            self._store.note_refused(owed, type(error).__name__, self._clock())
            return False
        self._store.note_sent(owed.id)
        return True

    def _channel(self, key: str) -> Channel:
        if key not in self._channels:
            raise ChannelError("The channel is no longer configured")
        return self._channels[key]

    def _open_channels(self, where: str, rule: Rule, in_app: Channel | None) -> None:
        base_url = self._plan.base_url
        for channel in rule.channels:
            if channel == IN_APP and in_app is None:
                hint = "Use Apprise URLs: this app has no notifications"
                raise ConfigurationError(where, "has inApp", hint)
            try:
                opened = AppriseChannel(channel, base_url=base_url) if channel != IN_APP else in_app
            except ChannelError as error:
                hint = "Use a URL of https://github.com/caronc/apprise/wiki, or inApp"
                raise ConfigurationError(where, f"is wrong: {error}", hint) from None
            assert opened is not None
            self._channels[channel_key(channel)] = opened

    def _find(self, name: str) -> Rule:
        found = next((rule for rule in self.rules if rule.name == name), None)
        if found is None:
            raise AnalyticsError("name", f"{name[:60]!r} is unknown", "Use the name of a rule")
        return found


def channel_key(channel: str) -> str:
    """The name of a channel in the database: URLs contain secrets, so they are not stored."""
    return channel if channel == IN_APP else sha256(channel.encode()).hexdigest()


def next_time(rule: DigestRule, now: datetime) -> datetime:
    """The next time that a digest is due.

    Raises:
        ValueError: If the schedule or the zone is wrong.
    """
    local = now.astimezone(ZoneInfo(rule.zone))
    return next(CronSim(rule.schedule, local)).astimezone(UTC)


def watch(rule: AlertRule, where: str) -> Watched:
    """A rule with its question and its column.

    Raises:
        ConfigurationError: If one of them is wrong; `where` is the key of the rule.
    """
    try:
        named = find_question(rule.question)
        question = with_limit_off(named.build(rule.parameters))
        return Watched(rule, question, column_of(rule, named.name, named.columns))
    except AnalyticsError as error:
        raise ConfigurationError(f"{where}.{error.where}", error.problem, error.hint) from None
    except ValueError as error:
        raise ConfigurationError(f"{where}.column", "cannot be used", str(error)) from None


def _checked(rule: DigestRule, where: str) -> DigestRule:
    try:
        next_time(rule, datetime.now(UTC))
    except (CronSimError, StopIteration):
        hint = "Use cron's five fields, as 0 8 * * 1"
        raise ConfigurationError(f"{where}.schedule", f"is {rule.schedule!r}", hint) from None
    except (KeyError, ValueError, OSError):
        hint = "Use an IANA time zone, such as Europe/Oslo"
        raise ConfigurationError(f"{where}.zone", f"is {rule.zone!r}", hint) from None
    return rule


def _require_unique_names(rules: Sequence[Rule]) -> None:
    names = [rule.name for rule in rules]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ConfigurationError(_ALERTS, f"name {twice!r} twice", "Give each its own name")
