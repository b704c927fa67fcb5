import gzip
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest

from backstage_py.plugins.catalog.errors import DescriptorError, MissingFileError
from backstage_py.plugins.catalog.sources.file_text import MAX_FILE_BYTES
from backstage_py.plugins.catalog.sources.public_address import resolve_host
from backstage_py.plugins.catalog.sources.reading_settings import ReadingSettings
from backstage_py.plugins.catalog.sources.source_tree import SourceTree
from backstage_py.plugins.catalog.sources.url_fetch import open_transport
from backstage_py.plugins.catalog.sources.url_tree import UrlTree
from tests.loops import run

PUBLIC = "93.184.215.14"
METADATA = "169.254.169.254"


@dataclass
class Page:
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    drip: float = 0
    """Seconds between the bytes of the body."""


class Site(ThreadingHTTPServer):
    """A web server on this machine that remembers what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pages: dict[str, Page] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    def url(self, path: str) -> str:
        return f"http://{self.host}{path}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Readers that hang up early are part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Site)
        self.server.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
        page = self.server.pages.get(self.path, Page(status=404))
        unchanged = "ETag" in page.headers and (
            self.headers.get("If-None-Match") == page.headers["ETag"]
        )
        self.send_response_only(304 if unchanged else page.status)
        for name, value in page.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if unchanged:
            return
        if not page.drip:
            self.wfile.write(page.body)
            return
        with suppress(OSError):
            for byte in page.body:
                time.sleep(page.drip)
                self.wfile.write(bytes([byte]))

    def log_message(self, format: str, *args: object) -> None:  # ruff: ignore[builtin-argument-shadowing]
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield from _serve(site)


def _serve(site: Site) -> Iterator[Site]:
    thread = Thread(target=site.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield site
    site.shutdown()
    thread.join()


@pytest.fixture
def tree(site: Site) -> SourceTree:
    """Reads the site, which is internal, because its owner allows it."""
    return UrlTree(allow(site.host))


def allow(*hosts: str) -> ReadingSettings:
    return ReadingSettings.from_config({"allow": [{"host": host} for host in hosts]})


class Web:
    """The public internet, as far as the tests know it: who has which addresses, who answers what.

    A host that is asked twice for its addresses may give others the second time.
    """

    def __init__(self) -> None:
        self.addresses: dict[str, list[Sequence[str]]] = {}
        self.pages: dict[str, httpx.Response] = {}
        self.sent: list[httpx.Request] = []
        self.dead: set[str] = set()

    def resolve(self, host: str, port: int) -> Sequence[str]:
        if host not in self.addresses:
            return resolve_host(host, port) if host[0].isdigit() or ":" in host else []
        answers = self.addresses[host]
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def open_transport(self) -> httpx.AsyncBaseTransport:
        return httpx.MockTransport(self._answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request)
        if request.url.host in self.dead:
            raise httpx.ConnectError("dead")
        address = str(request.url.copy_with(netloc=request.headers["Host"].encode()))
        return self.pages.get(address, httpx.Response(404))

    def tree(self, settings: ReadingSettings | None = None) -> UrlTree:
        return UrlTree(
            settings or ReadingSettings(),
            resolve=self.resolve,
            open_transport=self.open_transport,
        )


@pytest.fixture
def web() -> Web:
    web = Web()
    web.addresses["example.com"] = [[PUBLIC]]
    web.pages["https://example.com/a.yaml"] = httpx.Response(200, text="a")
    return web


def redirect(location: str) -> httpx.Response:
    return httpx.Response(302, headers={"Location": location})


# Targets


@pytest.mark.parametrize(
    ("beside", "target", "address"),
    [
        (None, "HTTPS://Example.com:443/a/../b.yaml#x", "https://example.com/b.yaml"),
        ("https://example.com/a/b.yaml", "./c.yaml", "https://example.com/a/c.yaml"),
        ("https://example.com/a/b.yaml?ref=x", "../c.yaml?y", "https://example.com/c.yaml?y"),
        ("https://example.com/a.yaml", "../../c.yaml", "https://example.com/c.yaml"),
        ("https://example.com/a.yaml", "//other.org/c", "https://other.org/c"),
        ("https://example.com/a.yaml", "http://other.org/c", "http://other.org/c"),
        (
            "https://github.com/o/r/blob/main/deep/catalog-info.yaml",
            "../all.yaml",
            "https://github.com/o/r/blob/main/all.yaml",
        ),
        ("https://example.com/a.yaml", "b.yaml?glob=*", "https://example.com/b.yaml?glob=*"),
    ],
)
def test_targets_resolve_as_on_a_web_page(beside: str | None, target: str, address: str) -> None:
    tree = UrlTree(ReadingSettings())

    assert tree.find(target, beside=beside) == [address]
    assert tree.label(address) == address
    if beside:
        assert tree.resolve(target, beside=beside) == address


@pytest.mark.parametrize(
    ("beside", "target", "rule"),
    [
        (None, "catalog/all.yaml", "must begin with https:// or http://"),
        (None, "https://example.com/*.yaml", "must not be a glob"),
        ("https://example.com/a.yaml", "catalog/**/x.yaml", "must not be a glob"),
        ("https://example.com/a.yaml", "catalog/[ab].yaml", "must not be a glob"),
        ("https://example.com/a.yaml", "/etc/passwd", "not a local path"),
        ("https://example.com/a.yaml", "file:///etc/passwd", "must begin with https://"),
        ("https://example.com/a.yaml", "C:\\secret.txt", "must begin with https://"),
        ("https://example.com/a.yaml", "b\nc", "control characters"),
        ("https://example.com/a.yaml", "//[::1", "valid URL"),
    ],
)
def test_a_target_that_is_not_an_address_is_refused(
    beside: str | None, target: str, rule: str
) -> None:
    with pytest.raises(DescriptorError, match=rule):
        UrlTree(ReadingSettings()).find(target, beside=beside)


@pytest.mark.parametrize(
    ("beside", "target"),
    [
        (None, "https://me:s3cret@example.com/a.yaml"),
        (None, "https://me:s3/cret@example.com:x/a.yaml"),
        ("https://example.com/a.yaml", "//me:s3cret@example.com/a.yaml"),
        ("https://example.com/a.yaml", "//me:s3cret@[example.com/a.yaml"),
    ],
)
def test_credentials_are_refused_and_not_shown(beside: str | None, target: str) -> None:
    with pytest.raises(DescriptorError) as caught:
        UrlTree(ReadingSettings()).find(target, beside=beside)

    assert "s3" not in str(caught.value)
    assert "cret" not in str(caught.value)


# Reading


def test_a_file_of_an_allowed_internal_host_is_read(site: Site, tree: SourceTree) -> None:
    site.pages["/a.yaml?x=1"] = Page("\ufeffkind: Ä".encode())

    assert tree.read(site.url("/a.yaml?x=1")) == "kind: Ä"
    [(_, headers)] = site.asked
    assert headers["host"] == site.host


def test_a_file_is_read_from_within_an_event_loop_too(site: Site, tree: SourceTree) -> None:
    site.pages["/a.yaml"] = Page(b"a")

    async def read() -> str:  # ruff: ignore[unused-async]
        return tree.read(site.url("/a.yaml"))

    assert run(read()) == "a"


def test_the_same_host_is_internal_without_the_setting(site: Site) -> None:
    site.pages["/a.yaml"] = Page(b"a")

    with pytest.raises(DescriptorError, match=r"127.0.0.1 is not on .* backend.reading.allow"):
        UrlTree(ReadingSettings()).read(site.url("/a.yaml"))
    assert not site.asked


@pytest.mark.parametrize("status", [404, 410])
def test_a_file_that_is_not_there_is_missing(site: Site, tree: SourceTree, status: int) -> None:
    site.pages["/a.yaml"] = Page(status=status)

    with pytest.raises(MissingFileError, match=r"does not exist .*a\.yaml"):
        tree.read(site.url("/a.yaml"))


@pytest.mark.parametrize(
    ("status", "said"),
    [(401, "401 Unauthorized"), (500, "500 Internal"), (204, "204"), (304, "304"), (799, "799")],
)
def test_another_status_is_named(site: Site, tree: SourceTree, status: int, said: str) -> None:
    site.pages["/a.yaml"] = Page(status=status)

    with pytest.raises(DescriptorError, match=f"the host answers {said}"):
        tree.read(site.url("/a.yaml"))


def test_a_host_that_does_not_listen_does_not_answer() -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{reserved.getsockname()[1]}"

        with pytest.raises(DescriptorError, match="the host does not answer"):
            UrlTree(allow(host)).read(f"http://{host}/a.yaml")


@pytest.mark.parametrize(
    ("page", "rule"),
    [
        (Page(b"a\0b"), "must be text"),
        (Page(b"x" * (MAX_FILE_BYTES + 1)), "must not be larger than"),
        (
            Page(gzip.compress(b"x" * (MAX_FILE_BYTES + 1)), headers={"Content-Encoding": "gzip"}),
            "must not be larger than",
        ),
        (Page(b"no gzip", headers={"Content-Encoding": "gzip"}), "does not unpack"),
        (Page(b"?", headers={"Content-Encoding": "br"}), "another way than gzip"),
        (Page(b"?", headers={"Content-Encoding": "gzip, gzip"}), "another way than gzip"),
        (Page(b"short", headers={"Content-Length": "50"}), "the host does not answer"),
    ],
    ids=["binary", "huge", "bomb", "torn gzip", "brotli", "twice packed", "cut off"],
)
def test_a_file_must_be_text_of_a_sane_size(
    site: Site, tree: SourceTree, page: Page, rule: str
) -> None:
    site.pages["/a.yaml"] = page

    with pytest.raises(DescriptorError, match=rule):
        tree.read(site.url("/a.yaml"))


def test_a_file_of_the_largest_size_is_read_packed_or_not(site: Site, tree: SourceTree) -> None:
    text = b"x" * MAX_FILE_BYTES
    site.pages["/plain"] = Page(text)
    site.pages["/packed"] = Page(gzip.compress(text), headers={"Content-Encoding": "gzip"})

    assert tree.read(site.url("/plain")) == tree.read(site.url("/packed")) == text.decode()


def test_an_endless_file_is_not_read_to_its_end(site: Site) -> None:
    site.pages["/a.yaml"] = Page(b"x" * 200, drip=0.05)
    tree = UrlTree(allow(site.host), seconds=0.3)

    started = time.monotonic()
    with pytest.raises(DescriptorError, match=r"does not answer in full within 0\.3 seconds"):
        tree.read(site.url("/a.yaml"))
    assert time.monotonic() - started < 2


def test_a_host_that_never_ends_its_headers_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def drip() -> None:
            connection, _ = listener.accept()
            with connection, suppress(OSError):
                connection.sendall(b"HTTP/1.1 200 OK\r\n")
                while True:
                    connection.sendall(b"X: y\r\n")
                    time.sleep(0.05)

        Thread(target=drip, daemon=True).start()
        host = f"127.0.0.1:{listener.getsockname()[1]}"

        with pytest.raises(DescriptorError, match="does not answer in full"):
            UrlTree(allow(host), seconds=0.3).read(f"http://{host}/a.yaml")


def test_a_name_server_that_says_nothing_is_given_up() -> None:
    def wait(host: str, port: int) -> list[str]:
        time.sleep(1)
        return [PUBLIC]

    started = time.monotonic()
    with pytest.raises(DescriptorError, match="does not answer in full"):
        UrlTree(ReadingSettings(), resolve=wait, seconds=0.2).read("https://example.com/")
    assert time.monotonic() - started < 0.9


# Asking again


@pytest.mark.parametrize(
    ("validator", "value", "condition"),
    [
        ("ETag", '"v1"', "if-none-match"),
        ("Last-Modified", "Tue, 24 Nov 2026 00:00:00 GMT", "if-modified-since"),
    ],
)
def test_a_tree_asks_whether_a_file_has_changed(
    site: Site, tree: SourceTree, validator: str, value: str, condition: str
) -> None:
    site.pages["/a.yaml"] = Page(b"a", headers={validator: value})
    tree.read(site.url("/a.yaml"))
    site.pages["/a.yaml"].status = 304

    assert tree.read(site.url("/a.yaml")) == "a"
    assert [headers.get(condition) for _, headers in site.asked] == [None, value]


def test_a_changed_file_is_read_again(site: Site, tree: SourceTree) -> None:
    site.pages["/a.yaml"] = Page(b"a", headers={"ETag": '"1"'})
    tree.read(site.url("/a.yaml"))
    site.pages["/a.yaml"] = Page(b"b", headers={"ETag": '"2"'})

    assert tree.read(site.url("/a.yaml")) == "b"
    assert tree.read(site.url("/a.yaml")) == "b"


def test_a_file_that_went_away_is_forgotten(site: Site, tree: SourceTree) -> None:
    page = site.pages["/a.yaml"] = Page(b"a", headers={"ETag": '"1"'})
    tree.read(site.url("/a.yaml"))
    del site.pages["/a.yaml"]
    with pytest.raises(MissingFileError):
        tree.read(site.url("/a.yaml"))
    site.pages["/a.yaml"] = page

    assert tree.read(site.url("/a.yaml")) == "a"
    assert "if-none-match" not in site.asked[-1][1]


def test_only_the_address_that_gave_the_text_is_asked_for_changes(
    site: Site, tree: SourceTree
) -> None:
    site.pages["/old"] = Page(status=302, headers={"Location": "/a"})
    site.pages["/a"] = Page(b"a", headers={"ETag": '"1"'})
    tree.read(site.url("/old"))

    assert tree.read(site.url("/old")) == "a"
    conditions = [(path, headers.get("if-none-match")) for path, headers in site.asked]
    assert conditions == [("/old", None), ("/a", None), ("/old", None), ("/a", '"1"')]


# The guard


def test_the_connection_goes_to_the_address_that_was_checked(web: Web) -> None:
    web.addresses["example.com"] = [[PUBLIC], ["127.0.0.1"]]

    assert web.tree().read("https://example.com/a.yaml") == "a"
    [request] = web.sent
    assert request.url.host == PUBLIC
    assert request.headers["Host"] == "example.com"
    assert request.extensions["sni_hostname"] == "example.com"


def test_a_host_that_moves_inside_between_two_reads_is_refused(web: Web) -> None:
    web.addresses["example.com"] = [[PUBLIC], ["127.0.0.1"]]
    tree = web.tree()
    tree.read("https://example.com/a.yaml")

    with pytest.raises(DescriptorError, match=r"example\.com is not on the public internet"):
        tree.read("https://example.com/a.yaml")


@pytest.mark.parametrize(
    "addresses", [[PUBLIC, "10.0.0.1"], ["::1", PUBLIC], [PUBLIC, "::ffff:127.0.0.1"]]
)
def test_one_internal_address_among_public_ones_is_enough(web: Web, addresses: list[str]) -> None:
    web.addresses["example.com"] = [addresses]

    with pytest.raises(DescriptorError, match="is not on the public internet"):
        web.tree().read("https://example.com/a.yaml")
    assert not web.sent


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "2130706433",
        "0x7f000001",
        "127.1",
        "0",
        METADATA,
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::a9fe:a9fe]",
        "[2002:7f00:1::]",
    ],
)
def test_internal_addresses_are_refused_however_they_are_written(web: Web, host: str) -> None:
    with pytest.raises(DescriptorError, match="is not on the public internet"):
        web.tree().read(f"http://{host}/latest/meta-data/")
    assert not web.sent


def test_the_second_address_is_tried_if_the_first_does_not_connect(web: Web) -> None:
    web.addresses["example.com"] = [["2606:4700::1", PUBLIC]]
    web.dead = {"2606:4700::1"}

    assert web.tree().read("https://example.com/a.yaml") == "a"
    assert [request.url.host for request in web.sent] == ["2606:4700::1", PUBLIC]


@pytest.mark.parametrize("addresses", [[], ["unresolvable"]])
def test_an_unknown_host_is_named(addresses: list[str]) -> None:
    def resolve(host: str, port: int) -> list[str]:
        if addresses:
            raise socket.gaierror("Name or service not known")
        return []

    with pytest.raises(DescriptorError, match=r"the host nowhere\.test is not known"):
        UrlTree(ReadingSettings(), resolve=resolve).read("https://nowhere.test/")


@pytest.mark.parametrize(
    "location",
    [
        f"https://{METADATA}/latest/meta-data/",
        f"//{METADATA}/latest/meta-data/",
        "https://inside.example.com/",
        "https://0xa9fea9fe/",
    ],
)
def test_no_redirect_leads_inside(web: Web, location: str) -> None:
    web.addresses["inside.example.com"] = [["10.0.0.1"]]
    web.addresses["0xa9fea9fe"] = [resolve_host("0xa9fea9fe", 443)]
    web.pages["https://example.com/b"] = redirect(location)

    with pytest.raises(DescriptorError, match=r"is not on the public internet.*example\.com/b"):
        web.tree().read("https://example.com/b")
    assert len(web.sent) == 1


def test_an_allowed_host_may_not_lead_to_one_that_is_not(site: Site, tree: SourceTree) -> None:
    site.pages["/a"] = Page(
        status=301, headers={"Location": f"http://localhost:{site.server_port}/b"}
    )
    site.pages["/b"] = Page(b"b")

    with pytest.raises(DescriptorError, match="localhost is not on the public internet"):
        tree.read(site.url("/a"))


@pytest.mark.parametrize(
    ("location", "rule"),
    [
        ("http://example.com/a.yaml", "from https to http"),
        ("file:///etc/passwd", "must begin with https://"),
        ("https://me:s3cret@example.com/a.yaml", "user name or a password"),
        ("https://[::1", "must be a valid URL|Invalid"),
        ("", "redirects more than 5 times"),
    ],
)
def test_a_redirect_must_lead_to_a_usable_address(web: Web, location: str, rule: str) -> None:
    web.pages["https://example.com/b"] = redirect(location)

    with pytest.raises(DescriptorError, match=rule) as caught:
        web.tree().read("https://example.com/b")
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed(site: Site, tree: SourceTree, status: int) -> None:
    site.pages["/a"] = Page(status=status, headers={"Location": "deep/b"})
    site.pages["/deep/b"] = Page(b"b")

    assert tree.read(site.url("/a")) == "b"


@pytest.mark.parametrize("count", [5, 6])
def test_five_redirects_are_enough(web: Web, count: int) -> None:
    for number in range(count):
        following = f"https://example.com/{number + 1}"
        web.pages[f"https://example.com/{number}"] = redirect(following)
    web.pages[f"https://example.com/{count}"] = httpx.Response(200, text="end")

    if count == 5:
        assert web.tree().read("https://example.com/0") == "end"
    else:
        with pytest.raises(DescriptorError, match="more than 5 times"):
            web.tree().read("https://example.com/0")


def test_a_file_that_github_shows_is_read_raw(web: Web) -> None:
    web.addresses["raw.githubusercontent.com"] = [[PUBLIC]]
    raw = "https://raw.githubusercontent.com/o/r/main/a.yaml"
    web.pages[raw] = httpx.Response(200, text="raw")

    assert web.tree().read("https://github.com/o/r/blob/main/a.yaml") == "raw"


def test_only_allowed_paths_of_an_internal_host_are_read(web: Web) -> None:
    web.addresses["h.internal"] = [["10.0.0.1"]]
    web.pages["http://h.internal/catalog/a"] = httpx.Response(200, text="a")
    entry = {"host": "h.internal", "paths": ["/catalog/"]}
    tree = web.tree(ReadingSettings.from_config({"allow": [entry]}))

    assert tree.read("http://h.internal/catalog/a") == "a"
    with pytest.raises(DescriptorError, match="is not on the public internet"):
        tree.read("http://h.internal/catalog/..%2fsecret")


# TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for catalog.example, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    name = ["-subj", "/CN=catalog.example", "-addext", "subjectAltName=DNS:catalog.example"]
    files = ["-out", str(certificate), "-keyout", str(key)]
    subprocess.run(["openssl", *made, *name, *files], check=True, capture_output=True)
    return certificate, key


@pytest.fixture
def safe_site(certificate: tuple[Path, Path]) -> Iterator[Site]:
    with Site() as site:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        site.socket = context.wrap_socket(site.socket, server_side=True)
        site.pages["/a"] = Page(b"a")
        yield from _serve(site)


Read = Callable[[str, Callable[[], httpx.AsyncBaseTransport]], str]


@pytest.fixture
def read_safely(safe_site: Site) -> Read:
    """Read /a of the site under the name of a host."""

    def read(host: str, transport: Callable[[], httpx.AsyncBaseTransport]) -> str:
        place = f"{host}:{safe_site.server_port}"
        tree = UrlTree(
            allow(place), resolve=lambda host, port: ["127.0.0.1"], open_transport=transport
        )
        return tree.read(f"https://{place}/a")

    return read


@pytest.fixture
def trusting(certificate: tuple[Path, Path]) -> Callable[[], httpx.AsyncBaseTransport]:
    context = ssl.create_default_context(cafile=str(certificate[0]))
    return lambda: httpx.AsyncHTTPTransport(verify=context)


def test_the_certificate_is_checked_by_the_name_of_the_host(
    read_safely: Read, trusting: Callable[[], httpx.AsyncBaseTransport]
) -> None:
    assert read_safely("catalog.example", trusting) == "a"
    with pytest.raises(DescriptorError, match="no certificate that the portal trusts"):
        read_safely("other.example", trusting)


def test_an_untrusted_certificate_is_refused(read_safely: Read) -> None:
    with pytest.raises(DescriptorError, match="no certificate that the portal trusts"):
        read_safely("catalog.example", open_transport)
