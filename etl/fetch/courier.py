"""One question to one address, in its host's turn, and again where that may help."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta

import httpcore
import httpx

from etl.fetch.address import host_of
from etl.fetch.answer import Answer, Limits, headers_of, read_body, refuse_by_headers
from etl.fetch.clock import Clock
from etl.fetch.exchange import Refusal
from etl.fetch.gate import Gate, Held
from etl.fetch.policy import Policy
from etl.fetch.wire import Unresolved

_LONGEST_HOLD = timedelta(days=1)  # of a host that fails again and again, or asks for a month
_MAY_PASS = ("unreachable", "broken-response", "too-slow")


class Courier:
    """Carries requests out and answers back for one batch."""

    def __init__(self, pool: httpcore.AsyncConnectionPool, policy: Policy, gate: Gate, clock: Clock) -> None:
        self._pool, self._policy, self._gate, self._clock = pool, policy, gate, clock
        self._failures: dict[str, int] = {}  # in a row, by host

    async def ask(self, url: httpx.URL, headers: Mapping[str, str], limits: Limits, interval_s: float) -> Answer:
        """Return the answer of one address, after a few tries where that may help; redirects are not followed.

        raises  Refusal, and what the gate raises, but for Held.
        """
        host = host_of(url)
        for left in range(self._policy.tries - 1, -1, -1):
            try:
                async with self._gate.turn(host, interval_s):
                    answer = await self._exchange(url, headers, limits)
            except Held as err:
                said = f"{host} is given a rest until {err.until:%Y-%m-%d %H:%M:%S} UTC"
                raise Refusal("held", said, err.until) from None
            except Refusal as err:
                if err.reason not in _MAY_PASS:
                    raise
                until = await self._failed(host, None)
                if not left or err.reason == "too-slow" or self._too_far(until):
                    raise Refusal(err.reason, err.detail, until) from None
                continue
            if not answer.passing:
                self._failures.pop(host, None)
                return answer
            until = await self._failed(host, answer.retry_after(self._clock.now()))
            if not left or self._too_far(until):
                raise Refusal("try-later", f"HTTP {answer.status} from {url}", until)
        raise AssertionError("the last try returns or raises")

    async def _failed(self, host: str, asked_for: datetime | None) -> datetime:
        """Give a host a rest that grows with its failures, or the one it asked for; return when it ends."""
        failures = self._failures[host] = self._failures.get(host, 0) + 1
        now = self._clock.now()
        wait = min(timedelta(seconds=self._policy.first_wait_s * 2 ** min(failures - 1, 20)), _LONGEST_HOLD)
        until = min(max(asked_for, now), now + _LONGEST_HOLD) if asked_for else now + wait
        await self._gate.hold(host, until)
        return until

    def _too_far(self, until: datetime) -> bool:
        return until - self._clock.now() > timedelta(seconds=self._policy.longest_wait_s)

    async def _exchange(self, url: httpx.URL, headers: Mapping[str, str], limits: Limits) -> Answer:
        """Send one request and read its answer. raises Refusal."""
        try:
            async with asyncio.timeout(self._policy.whole_s):
                return await self._send(url, headers, limits)
        except (TimeoutError, httpcore.TimeoutException) as err:
            raise Refusal("too-slow", _slow(err, url, self._policy)) from None
        except Unresolved as err:
            raise Refusal("no-host", str(err)) from None
        except (httpcore.ConnectError, httpcore.ReadError, httpcore.WriteError) as err:
            raise Refusal("unreachable", f"{host_of(url)}: {_said(err)}") from None
        except httpcore.ProtocolError as err:
            raise Refusal("broken-response", f"{url}: {_said(err)}") from None
        except Refusal:
            raise
        except Exception as err:  # a fault of ours with one address must not cost the others
            raise Refusal("fault", f"{url}: {type(err).__name__} {_said(err)}") from err

    async def _send(self, url: httpx.URL, headers: Mapping[str, str], limits: Limits) -> Answer:
        policy = self._policy
        limit = {"connect": policy.connect_s, "read": policy.read_s, "write": policy.read_s, "pool": policy.whole_s}
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        options = {"timeout": limit}
        async with self._pool.stream("GET", target, headers=_sent(headers), extensions=options) as response:
            found, status = headers_of(response.headers), response.status
            if status >= 300:  # nobody reads the text of an error
                return Answer(url, status, found, b"")
            refuse_by_headers(status, found, limits)
            body = await read_body(response.aiter_stream(), found.get("content-encoding", ""), limits)
            return Answer(url, status, found, body)


def _sent(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    """Return headers as bytes, those of an earlier answer as they came."""
    return [(name.encode("ascii"), value.encode("latin-1", "replace")) for name, value in headers.items()]


def _slow(err: Exception, url: httpx.URL, policy: Policy) -> str:
    if isinstance(err, httpcore.ConnectTimeout):
        return f"{host_of(url)}: no connection within {policy.connect_s:g} s"
    if isinstance(err, httpcore.ReadTimeout):
        return f"{url}: silent for {policy.read_s:g} s"
    return f"{url}: not complete after {policy.whole_s:g} s"


def _said(err: Exception) -> str:
    return " ".join(str(err).split())[:200] or type(err).__name__
