"""Connections: the name is resolved here, each address is checked, and only a checked address is connected to.

So a name that is resolved twice to two different places, or a redirect, leads nowhere else: there is no second look-up.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from ssl import SSLContext

import httpcore

from etl.fetch.address import refuse_private
from etl.fetch.exchange import Refusal
from etl.fetch.policy import Policy

Resolve = Callable[[str, int], Awaitable[list[str]]]  # host, port -> addresses, the best first

_IDLE_S = 5.0  # how long a connection is kept for the next request
_LOOK_UPS_AT_ONCE = 32
_SOCKET_OPTION = httpcore.SOCKET_OPTION


class Unresolved(httpcore.ConnectError):
    """The name leads nowhere: asking again in a moment does not help."""


async def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host, as this machine resolves them. raises OSError."""
    look_up = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    found = await asyncio.get_running_loop().run_in_executor(_look_ups(), look_up)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def open_pool(policy: Policy, resolve: Resolve) -> httpcore.AsyncConnectionPool:
    """Return connections that go to checked addresses only, without proxies and cookies."""
    return httpcore.AsyncConnectionPool(
        ssl_context=_tls(),
        max_connections=2 * policy.hosts_at_once,
        max_keepalive_connections=policy.hosts_at_once,
        keepalive_expiry=_IDLE_S,
        network_backend=Guarded(policy.allow_private, resolve),
    )


class Guarded(httpcore.AsyncNetworkBackend):
    """Connects to addresses that may be read from, and to nothing else."""

    def __init__(self, allow_private: bool, resolve: Resolve) -> None:
        self._allow_private = allow_private
        self._resolve = resolve
        self._backend = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[_SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first address of the host that answers.

        raises  Refusal "private-address" where any address of the host is one: a mixed answer is an attack.
        """
        try:
            async with asyncio.timeout(timeout):
                addresses = await self._resolve(host, port)
        except (OSError, UnicodeError) as err:
            raise Unresolved(f"no such host: {host}") from err
        for address in addresses:
            refuse_private(address, self._allow_private)
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in addresses:
            try:
                return await self._backend.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as err:
                failure = err
        raise failure

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[_SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        raise Refusal("private-address", f"{path}: sockets of this machine are not read from")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@cache
def _look_ups() -> ThreadPoolExecutor:
    """Return threads of their own: a name server that is silent must not hold up other work."""
    return ThreadPoolExecutor(_LOOK_UPS_AT_ONCE, "look-up")


@cache
def _tls() -> SSLContext:
    """Return the context of all connections: making one takes longer than a request."""
    return httpcore.default_ssl_context()
