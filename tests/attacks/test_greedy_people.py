"""What one person takes is not missing to the others: S5, S6 and S19."""

import contextlib
import socket
import uuid

import httpx

from tests.attacks.conftest import GREEDY, OWNER, READER, Portal
from tests.attacks.slow_host import SlowHost
from tests.attacks.socket import RawSocket

_PLUGINS = "reflex___state____state.backstage_py___plugins___"
IMPORT = f"{_PLUGINS}catalog_import___state___import_state____catalog_import_state"
READING = f"{_PLUGINS}techdocs___state___reader_state____tech_docs_reader_state.load"
WORDS = "Every train reports where it is"
"""Of the documentation of the position tracker."""
TABS = 14
ATTACKER = "127.0.0.2"
CONNECTIONS = 64
"""As many of the largest bodies as may wait in memory, of all senders."""
MEBIBYTE = 1_048_576
PATIENCE_SECONDS = 60.0


def read_slowly(tab: RawSocket, host: SlowHost, path: str) -> None:
    """Have the portal preview a location of the slow host, without waiting for it."""
    tab.call(f"{IMPORT}.choose_type", {"type_": "url"}, seconds=0)
    target = f"http://{host.name}/slow/{path}.yaml"
    tab.call(f"{IMPORT}.analyze", {"form": {"target": target}}, seconds=0)


def test_slow_hosts_delay_nobody_else(portal: Portal, slow_host: SlowHost) -> None:
    with contextlib.ExitStack() as stack:
        stack.callback(slow_host.end)
        for number in range(TABS):
            tab = stack.enter_context(RawSocket(portal.url, {"x-test-user": GREEDY}))
            read_slowly(tab, slow_host, f"greedy-{number}")
        slow_host.wait_for("/slow/greedy-")
        other = stack.enter_context(RawSocket(portal.url, {"x-test-user": OWNER}))
        read_slowly(other, slow_host, "owner")
        slow_host.wait_for("/slow/owner.yaml")
        with portal.client(READER) as reader:
            answer = reader.get("/api/catalog/entities?limit=1")

        assert answer.status_code == 200
        assert slow_host.most <= 2, "one of each person"


def post(client: httpx.Client) -> int:
    event = {"id": str(uuid.uuid4()), "action": "x", "subject": "y"}
    return client.post("/api/events", json={"events": [event]}).status_code


def leave_hanging(portal: Portal) -> socket.socket:
    """Open a connection of the attacker, which is one byte short of the largest body."""
    head = (
        f"POST /api/events HTTP/1.1\r\nHost: 127.0.0.1:{portal.port}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {MEBIBYTE}\r\n\r\n"
    )
    one = socket.create_connection(
        ("127.0.0.1", portal.port), timeout=30, source_address=(ATTACKER, 0)
    )
    with contextlib.suppress(OSError):  # it is refused on the way
        one.sendall(head.encode() + b" " * (MEBIBYTE - 1))
    return one


def test_slow_bodies_of_one_sender_refuse_nobody_elses_events(portal: Portal) -> None:
    transport = httpx.HTTPTransport(local_address=ATTACKER)
    refused = 0
    with contextlib.ExitStack() as stack:
        attacker = stack.enter_context(httpx.Client(base_url=portal.url, transport=transport))
        client = stack.enter_context(portal.client())
        for _ in range(CONNECTIONS):
            stack.enter_context(leave_hanging(portal))
            refused = post(attacker)
            if refused == 503:
                break
        answer = post(client)

    assert (refused, answer) == (503, 200)


def open_docs(tab: RawSocket, name: str, *, seconds: float = 0, until: str = "") -> str:
    query = {"namespace": "default", "kind": "component", "name": name}
    return tab.call(READING, query=query, seconds=seconds, until=until)


def test_a_slow_page_delays_no_other_documentation(portal: Portal) -> None:
    with contextlib.ExitStack() as stack:
        slow = [
            stack.enter_context(RawSocket(portal.url, {"x-test-user": GREEDY})) for _ in range(2)
        ]
        for tab in slow:
            open_docs(tab, "slow-docs")
        reader = stack.enter_context(RawSocket(portal.url, {"x-test-user": READER}))
        page = open_docs(reader, "position-tracker", seconds=PATIENCE_SECONDS, until=WORDS)
        told = [tab.listen(seconds=0.1) for tab in slow]

    assert WORDS in page
    assert not [one for one in told if "rendering takes longer" in one]
