"""Changes are pushed to the tabs that show them, from any process, and to no others."""

import time
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from backstage_py.analytics import ANYTHING, Signals
from backstage_py.plugins.notifications.api import Payload
from backstage_py.plugins.notifications.notifications import Notifications
from backstage_py.plugins.notifications.store import NotificationStore
from backstage_py.plugins.settings.api import get_user_settings
from backstage_py.storage import open_engine
from tests.attacks.conftest import NOBODY, OWNER, READER, Portal
from tests.attacks.socket import RawSocket

STATE = "reflex___state____state"
CONNECT = f"{STATE}.hydrate_and_load"
BELL = "bell_state.look"
UNREAD = '"unread_rx_state_": 1'

pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture
def engine(portal: Portal) -> Iterator[Engine]:
    """The portal's database, opened by another process."""
    engine = open_engine({"DATABASE_URL": f"sqlite:///{portal.folder / 'portal.db'}"})
    yield engine
    engine.dispose()


@pytest.fixture
def other_process(engine: Engine) -> Iterator[Notifications]:
    signals = Signals(engine)
    yield Notifications(
        NotificationStore(engine),
        catalog=lambda: pytest.fail("nobody asks the catalog"),
        settings=get_user_settings,
        on_change=lambda user: signals.send("notifications", user or ANYTHING),
    )
    signals.close()


def open_tab(portal: Portal, user: str) -> RawSocket:
    """A tab that has connected, and looked as it was told to."""
    tab = RawSocket(portal.url, {"x-test-user": user})
    told = tab.call(CONNECT, until=BELL)
    assert BELL in told
    tab.call(find_bell(told))
    return tab


def find_bell(told: str) -> str:
    """The full name of the event that the server asks the tab to send."""
    end = told.index(BELL) + len(BELL)
    return told[told.rindex('"', 0, end) + 1 : end]


def test_a_notification_reaches_its_users_tabs_within_a_second(
    portal: Portal, other_process: Notifications
) -> None:
    with open_tab(portal, OWNER) as owner, open_tab(portal, READER) as reader:
        begun = time.monotonic()
        other_process._store.add(
            [other_process._build("test", Payload("Your service is ready"), OWNER)]
        )
        other_process._on_change(OWNER)
        told = owner.listen(seconds=5.0, until=BELL)
        took = time.monotonic() - begun
        answer = owner.call(find_bell(told), until="unread")

        assert took < 1.0
        assert "unread" in answer
        assert BELL not in reader.listen(seconds=0.5)


def test_an_anonymous_tab_gets_nothing(portal: Portal, other_process: Notifications) -> None:
    with RawSocket(portal.url) as anonymous, open_tab(portal, NOBODY):
        anonymous.call(CONNECT, until=BELL)
        other_process._on_change(None)

        assert BELL not in anonymous.listen(seconds=0.7)
