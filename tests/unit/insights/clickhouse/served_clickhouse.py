"""ClickHouse's HTTP interface over chDB, a ClickHouse in a process.

As much of it as the portal uses: statements in the body, the address or a form, settings in the
address, parameters, tables that a statement brings along. Says the port on its first line.
"""

import re
import sys
import threading
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from chdb.session import Session

PASSWORD = "s3cret"
_OWN = {"query", "wait_end_of_query"}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    session: Session
    turn = threading.Lock()
    folder: Path

    def do_POST(self) -> None:
        given = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers["X-ClickHouse-Key"] != PASSWORD:
            self._answer(403, b"Code: 516. DB::Exception: It is wrong. (AUTHENTICATION_FAILED)")
            return
        try:
            with self.turn:
                answer = self._run(given, body)
            self._answer(200, answer)
        except Exception as error:  # ruff: ignore[blind-except] as the server does
            self._answer(500, str(error).encode())

    def log_message(self, format: str, *args: Any) -> None:  # ruff: ignore[builtin-argument-shadowing]
        pass

    def _run(self, given: dict[str, str], body: bytes) -> bytes:
        sent = self._sent_tables(given, body)
        query = given.get("query") or body.decode()
        if inserted := re.fullmatch(r"(INSERT INTO .*) FORMAT (\w+)", query):
            source = self._file("inserted", inserted[2], body)
            query = f"{inserted[1]} SELECT * FROM {source}"
        for name, content in sent.items():
            source = self._file(name, given.pop(f"{name}_format"), content)
            structure = given.pop(f"{name}_structure")
            self.session.query(f"CREATE TEMPORARY TABLE {name} ({structure})")
            self.session.query(f"INSERT INTO {name} SELECT * FROM {source}")
        try:
            return self._ask(query, given)
        finally:
            for name in sent:
                self.session.query(f"DROP TEMPORARY TABLE {name}")

    def _ask(self, query: str, given: dict[str, str]) -> bytes:
        format_ = given.pop("default_format", "TSV")
        parameters = {key[6:]: one for key, one in given.items() if key.startswith("param_")}
        names = [key for key in given.keys() - _OWN if not key.startswith("param_")]
        settings = [f"{name} = {given[name]}" for name in names]
        if query.startswith(("SELECT", "WITH", "INSERT")):
            query += f" SETTINGS {', '.join(settings)}"
        answer = self.session.query(query, format_, params=parameters)
        return answer.bytes()

    def _sent_tables(self, given: dict[str, str], body: bytes) -> dict[str, bytes]:
        """The files of a form; its fields are as if they stood in the address."""
        kind = self.headers["Content-Type"] or ""
        if not kind.startswith("multipart/form-data"):
            return {}
        head = f"Content-Type: {kind}\r\n\r\n".encode()
        tables: dict[str, bytes] = {}
        for part in BytesParser(policy=HTTP).parsebytes(head + body).iter_parts():
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            if name := part.get_filename():
                tables[name] = content
            else:
                name = str(part.get_param("name", header="content-disposition"))
                given[name] = content.decode()
        return tables

    def _file(self, name: str, format: str, content: bytes) -> str:  # ruff: ignore[builtin-argument-shadowing]
        file = self.folder / name
        file.write_bytes(content)
        return f"file('{file}', '{format}')"

    def _answer(self, status: int, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def main(folder: str) -> None:
    Handler.folder = Path(folder)
    Handler.session = Session(str(Handler.folder / "data"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
