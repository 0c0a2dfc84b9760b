"""A newsroom on loopback: a real HTTP server that answers as scripted, path by path, and keeps a log.

    with Newsroom() as room:
        room.page("/a.html", "<html>...")          a page with an ETag, answered with 304 where it is unchanged
        room.on("/slow", slow_drip(b"news", 0.1))  any other behaviour: a function of the request
        room.url("/a.html")                        http://127.0.0.1:PORT/a.html
        room.url("/a.html", host="127.0.0.7")      the same server under another name: another host to pace
        room.log                                   what was asked: time, host, path, headers

A behaviour is a function of an `Asked` that returns an `Answer`, or writes to the connection itself and returns None.
"""

from __future__ import annotations

import gzip
import hashlib
import socket
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

import brotli
import zstandard

Headers = Mapping[str, str]


@dataclass
class Entry:
    """One line of the log, written when the request had been read."""

    at: float  # seconds since 1970
    host: str  # as the header Host says, without the port
    path: str
    headers: Headers  # names in lower case
    ended: float = 0.0  # when the answer had been written; 0 until then


@dataclass(frozen=True)
class Asked:
    """One request, as a behaviour sees it."""

    path: str
    headers: Headers  # names in lower case
    times: int  # how often this path was asked for before
    connection: socket.socket


@dataclass(frozen=True)
class Answer:
    """What is written back. Content-Length is added unless `headers` names a length or an encoding of transfer."""

    status: int = 200
    body: bytes = b""
    headers: Headers = field(default_factory=dict)


Behaviour = Callable[[Asked], Answer | None]


class Newsroom:
    """The server. Everything may be changed while it runs."""

    def __init__(self) -> None:
        self.log: list[Entry] = []
        self._behaviours: dict[str, Behaviour] = {}
        self._counts: dict[str, int] = {}
        self._lock = threading.Lock()
        self._server = _Server(("0.0.0.0", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, err: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def port(self) -> int:
        return self._server.server_address[1]

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def on(self, path: str, behaviour: Behaviour) -> None:
        """Answer a path with a behaviour, from now on."""
        self._behaviours[path] = behaviour

    def page(self, path: str, body: str | bytes, headers: Headers | None = None) -> None:
        """Answer a path with a page that has an ETag."""
        self.on(path, tagged(body, headers or {}))

    def robots(self, text: str, status: int = 200) -> None:
        self.on("/robots.txt", always(text, status, {"content-type": "text/plain"}))

    def asked(self, path: str) -> list[Entry]:
        """Return what the log says of one path."""
        return [entry for entry in self.log if entry.path == path]

    def answer(self, path: str, headers: Headers, connection: socket.socket) -> Answer | None:
        with self._lock:
            times = self._counts.get(path, 0)
            self._counts[path] = times + 1
        behaviour = self._behaviours.get(path, always("nothing here", 404))
        return behaviour(Asked(path, headers, times, connection))


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients that leave in the middle are what is tested."""


def _handler(room: Newsroom) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1  # head and body in one write

        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            entry = Entry(time.time(), headers.get("host", "").rpartition(":")[0], self.path, headers)
            room.log.append(entry)
            try:
                answer = room.answer(self.path, headers, self.connection)
                if answer is None:
                    self.close_connection = True
                else:
                    self._write(answer)
            finally:
                entry.ended = time.time()

        def _write(self, answer: Answer) -> None:
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            named = {name.lower() for name in answer.headers}
            if not named & {"content-length", "transfer-encoding"}:
                self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)
            self.wfile.flush()
            if "content-length" in named:
                self.close_connection = True  # a length that may be wrong

        def log_message(self, *_: object) -> None:
            """Keep the log in the newsroom, not on standard error."""

    return Handler


def always(body: str | bytes, status: int = 200, headers: Headers | None = None) -> Behaviour:
    """Answer the same whatever is asked."""
    answer = Answer(status, _bytes(body), {"Content-Type": "text/html; charset=utf-8"} | dict(headers or {}))
    return lambda _: answer


def tagged(body: str | bytes, headers: Headers | None = None) -> Behaviour:
    """Answer with an ETag and a date, and with 304 where the client has that already."""
    data = _bytes(body)
    marks = {"ETag": f'W/"{hashlib.md5(data).hexdigest()}"', "Last-Modified": "Sun, 01 Mar 2026 10:00:00 GMT"}
    whole = always(data, 200, marks | dict(headers or {}))

    def behave(asked: Asked) -> Answer | None:
        if asked.headers.get("if-none-match") == marks["ETag"]:
            return Answer(304, b"", marks)
        return whole(asked)

    return behave


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """Behave in one way the first time, in another the second, and in the last one from then on."""
    return lambda asked: behaviours[min(asked.times, len(behaviours) - 1)](asked)


def redirect(to: str, status: int = 302) -> Behaviour:
    return lambda _: Answer(status, b"", {"Location": to})


def compressed(body: str | bytes, coding: str, headers: Headers | None = None) -> Behaviour:
    """Answer compressed as gzip, br or zstd."""
    return always(_CODINGS[coding](_bytes(body)), 200, {"Content-Encoding": coding} | dict(headers or {}))


def bomb(coding: str, mebibytes: int) -> Behaviour:
    """Answer with a small body that unpacks to a large one."""
    return compressed(b"\0" * (mebibytes << 20), coding)


def cut_off(body: str | bytes, missing: int = 100) -> Behaviour:
    """Announce more bytes than come."""
    data = _bytes(body)
    return always(data, 200, {"Content-Length": str(len(data) + missing)})


def too_short(body: str | bytes, hidden: int = 10) -> Behaviour:
    """Announce fewer bytes than come."""
    data = _bytes(body)
    return always(data, 200, {"Content-Length": str(len(data) - hidden)})


def endless(piece: bytes = b"<p>and so on</p>" * 4096, head: bytes = b"") -> Behaviour:
    """Answer with a body that never ends."""
    start = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n" + head + b"\r\n"
    return raw(_forever(start, piece))


def slow_drip(piece: bytes = b".", every_s: float = 0.05, head: bool = True) -> Behaviour:
    """Answer a piece at a time, for ever; without `head` it is the headers that drip."""
    start = b"HTTP/1.1 200 OK\r\n" + (b"Content-Type: text/html\r\n\r\n" if head else b"X-Slow: ")
    return raw(_forever(start, piece), every_s)


def raw(pieces: Iterable[bytes] | Callable[[], Iterable[bytes]], every_s: float = 0.0) -> Behaviour:
    """Write bytes as they are, and close; until the client leaves."""

    def behave(asked: Asked) -> None:
        with suppress(OSError):
            for piece in pieces() if callable(pieces) else pieces:
                asked.connection.sendall(piece)
                time.sleep(every_s)

    return behave


def silent(seconds: float = 30.0) -> Behaviour:
    """Take the request and say nothing until the client leaves, or the time is over."""

    def behave(asked: Asked) -> None:
        with suppress(OSError):
            asked.connection.settimeout(seconds)
            asked.connection.recv(1)

    return behave


def _forever(start: bytes, piece: bytes) -> Callable[[], Iterable[bytes]]:
    def pieces() -> Iterable[bytes]:
        yield start
        while True:
            yield piece

    return pieces


def _bytes(body: str | bytes) -> bytes:
    return body.encode() if isinstance(body, str) else body


_CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "br": lambda data: brotli.compress(data, quality=5),
    "zstd": zstandard.ZstdCompressor().compress,
}
