"""What open tabs cost the process that serves them: idle, and when something happens.

The tabs are raw websockets that do what the pages' own JavaScript does. CPU time is the worker's
own, from the system.
"""

import contextlib
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from backstage_py.analytics import Signals
from backstage_py.storage import open_engine
from tests.attacks.conftest import CONFIG, READER, Portal
from tests.attacks.socket import RawSocket
from tests.conftest import PROJECT

TABS = int(os.environ.get("TABS", "200"))
SECONDS = 10.0
"""Less than after which the server closes a tab that doesn't answer its pings."""
_CONNECT = "reflex___state____state.hydrate_and_load"
_LOOK = "bell_state.look"


def measure() -> Iterator[dict[str, Any]]:
    """CPU of idle tabs, and of one notification to everybody."""
    folder = Path(tempfile.mkdtemp(prefix="tabs-"))
    portal = Portal(folder)
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        _build(folder)
        portal.start()
        stack.callback(portal.stop)
        alone = _cpu_share(portal)
        tabs = [stack.enter_context(_open(portal)) for _ in range(TABS)]
        idle_share = _cpu_share(portal)
        idle = {"cpu_of_a_core": round(idle_share, 4), "without_tabs": round(alone, 4)}
        yield {"figure": "tabs.idle", "tabs": TABS, **idle}
        yield {"figure": "tabs.push", "tabs": TABS, **_push(portal, tabs)}


def _build(folder: Path) -> None:
    shutil.copytree(PROJECT / "demo", folder / "demo")
    shutil.copytree(PROJECT / "tests/attacks/hostile", folder / "hostile")
    shutil.copy(PROJECT / "rxconfig.py", folder)
    (folder / "app-config.yaml").write_text(CONFIG)


def _open(portal: Portal) -> RawSocket:
    tab = RawSocket(portal.url, {"x-test-user": READER})
    told = tab.call(_CONNECT, until=_LOOK)
    tab.call(_find(told), until="delta", seconds=2.0)
    return tab


def _find(told: str) -> str:
    end = told.index(_LOOK) + len(_LOOK)
    return told[told.rindex('"', 0, end) + 1 : end]


def _cpu_share(portal: Portal) -> float:
    begun, cpu = time.monotonic(), portal.cpu_seconds()
    time.sleep(SECONDS)
    return (portal.cpu_seconds() - cpu) / (time.monotonic() - begun)


def _push(portal: Portal, tabs: list[RawSocket]) -> dict[str, Any]:
    """The CPU until every tab was told and has looked, and how long the last one waited."""
    took: list[float] = []
    begun, cpu = time.monotonic(), portal.cpu_seconds()

    def wait(tab: RawSocket) -> None:
        told = tab.listen(seconds=60.0, until=_LOOK)
        took.append(time.monotonic() - begun)
        tab.call(_find(told), seconds=0.5)

    threads = [threading.Thread(target=wait, args=(tab,)) for tab in tabs]
    for thread in threads:
        thread.start()
    engine = open_engine({"DATABASE_URL": f"sqlite:///{portal.folder / 'portal.db'}"})
    signals = Signals(engine)
    signals.send("notifications")
    signals.close()
    for thread in threads:
        thread.join()
    return {
        "median_seconds": round(sorted(took)[len(took) // 2], 3),
        "last_seconds": round(max(took), 3),
        "cpu_ms_per_tab": round((portal.cpu_seconds() - cpu) * 1000 / len(tabs), 2),
    }
