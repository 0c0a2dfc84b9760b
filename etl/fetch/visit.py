"""One request from beginning to end: robots.txt, redirects, tries, and what the answer means."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta

import httpcore
import httpx

from etl.fetch.address import checked, host_of, origin_of
from etl.fetch.answer import Answer, Limits, headers_of, read_body, refuse_by_headers
from etl.fetch.clock import Clock
from etl.fetch.coding import ACCEPTED
from etl.fetch.exchange import Fetched, Redirect, Refusal, Refused, Request
from etl.fetch.gate import Gate, Held, KeptRobots
from etl.fetch.policy import Policy
from etl.fetch.robots import MAX_BYTES, MAX_REDIRECTS, NOT_ASKED, UNREACHABLE_FOR, Rules, is_fresh, rules_of
from etl.fetch.wire import Unresolved

_REASONS = {**dict.fromkeys((404, 410), "not-found"), **dict.fromkeys((401, 402, 403, 407, 451), "forbidden")}
_LONGEST_HOLD = timedelta(days=1)  # of a host that fails again and again, or asks for a month


class Visitor:
    """Reads from hosts in the name of one batch."""

    def __init__(self, pool: httpcore.AsyncConnectionPool, policy: Policy, gate: Gate, clock: Clock) -> None:
        self._pool, self._policy, self._gate, self._clock = pool, policy, gate, clock
        self._rules: dict[str, Rules] = {}  # by origin
        self._failures: dict[str, int] = {}  # in a row, by host

    async def fetch(self, request: Request) -> Fetched | Refused:
        """Return what comes of one request. raises what the gate raises, but for Held."""
        try:
            return await self._fetch(request)
        except Refusal as err:
            return Refused(request.url, err.reason, err.detail, err.retry_at)

    async def _fetch(self, request: Request) -> Fetched:
        headers = _headers(request, self._policy)
        url, redirects = checked(request.url, self._policy.allow_private), list[Redirect]()
        limits = Limits(self._policy.max_wire_bytes, self._policy.max_body_bytes)
        while True:
            robots, delay_s = await self._allowed(url)
            answer = await self._ask(url, headers, limits, max(self._policy.host_interval_s, delay_s))
            if answer.location is None:
                return self._fetched(request, answer, tuple(redirects), robots)
            url = self._next(request.url, answer, redirects, self._policy.max_redirects)

    def _next(self, first: str, answer: Answer, redirects: list[Redirect], most: int) -> httpx.URL:
        """Add a redirect to those behind; return where it leads. raises Refusal "redirects", "bad-url"."""
        try:
            target = checked(str(answer.url.join(answer.location or "")), self._policy.allow_private)
        except (httpx.InvalidURL, ValueError):
            raise Refusal("redirects", f"{answer.url} leads to {(answer.location or '')[:80]!r}") from None
        if len(redirects) == most:
            raise Refusal("redirects", f"over {most} redirects, the last to {target}")
        if str(target) in (first, str(answer.url), *(hop.to for hop in redirects)):
            raise Refusal("redirects", f"a circle of redirects: {target} again")
        redirects.append(Redirect(answer.status, str(target)))
        return target

    def _fetched(self, request: Request, answer: Answer, redirects: tuple[Redirect, ...], robots: str) -> Fetched:
        _refuse_by_status(answer, conditional=bool(request.etag or request.last_modified))
        media_type, charset = answer.media_type()
        same = answer.status == 304 or hashlib.sha256(answer.body).hexdigest() == request.body_sha256
        before = request if answer.status == 304 else Request(request.url)
        return Fetched(
            request.url,
            str(answer.url),
            answer.status,
            answer.body,
            media_type,
            charset,
            answer.kept("etag") or before.etag,
            answer.kept("last-modified") or before.last_modified,
            self._clock.now(),
            redirects,
            robots,
            same,
        )

    async def _ask(self, url: httpx.URL, headers: Mapping[str, str], limits: Limits, interval_s: float) -> Answer:
        """Return the answer of one address, after a few tries where that may help."""
        host = host_of(url)
        for left in range(self._policy.tries - 1, -1, -1):
            try:
                async with self._gate.turn(host, interval_s):
                    answer = await self._exchange(url, headers, limits)
            except Held as err:
                raise Refusal(
                    "try-later", f"{host} is given a rest until {err.until:%Y-%m-%d %H:%M:%S} UTC", err.until
                ) from None
            except Refusal as err:
                if err.reason not in ("unreachable", "broken-response", "too-slow"):
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
        except (httpcore.ProtocolError, httpcore.UnsupportedProtocol) as err:
            raise Refusal("broken-response", f"{url}: {_said(err)}") from None

    async def _send(self, url: httpx.URL, headers: Mapping[str, str], limits: Limits) -> Answer:
        policy = self._policy
        limit = {"connect": policy.connect_s, "read": policy.read_s, "write": policy.read_s, "pool": policy.whole_s}
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        async with self._pool.stream(
            "GET", target, headers=list(headers.items()), extensions={"timeout": limit}
        ) as response:
            found, status = headers_of(response.headers), response.status
            if status >= 300:  # nobody reads the text of an error
                return Answer(url, status, found, b"")
            refuse_by_headers(status, found, limits)
            body = await read_body(response.aiter_stream(), found.get("content-encoding", ""), limits)
            return Answer(url, status, found, body)

    async def _allowed(self, url: httpx.URL) -> tuple[str, float]:
        """Return why an address may be read, and the delay its site wants. raises Refusal "robots" and others."""
        if not self._policy.robots:
            return NOT_ASKED, 0.0
        rules = await self._rules_of(url)
        if not rules.reachable:
            until = rules.kept.fetched_at + UNREACHABLE_FOR
            said = f"{origin_of(url)}/robots.txt cannot be read, so nothing may be read there"
            raise Refusal("robots-unreachable", said, until)
        decision = rules.decision(str(url))
        if decision is None:
            raise Refusal("robots", f"{origin_of(url)}/robots.txt does not allow {url.path}")
        return decision, rules.delay_s

    async def _rules_of(self, url: httpx.URL) -> Rules:
        origin, now = origin_of(url), self._clock.now()
        rules = self._rules.get(origin)
        if rules and is_fresh(rules.kept, now):
            return rules
        kept = await self._gate.robots(origin)
        if kept is None or not is_fresh(kept, now):
            kept = await self._renewed(url, kept)
        self._rules[origin] = rules = rules_of(kept)
        return rules

    async def _renewed(self, url: httpx.URL, before: KeptRobots | None) -> KeptRobots:
        """Return today's robots.txt; where it cannot be had, yesterday's holds (RFC 9309, 2.4)."""
        found = await self._robots(url)
        if not Rules(found, None).reachable and before and Rules(before, None).reachable:
            found = KeptRobots(before.text, before.status, found.fetched_at)
        await self._gate.keep_robots(origin_of(url), found)
        return found

    async def _robots(self, url: httpx.URL) -> KeptRobots:
        """Ask for /robots.txt; a server that fails counts as 503, whatever it said.

        raises  Refusal where the host itself cannot be reached.
        """
        headers = {**_headers(Request(""), self._policy), "accept": "text/plain, */*;q=0.5"}
        limits = Limits(MAX_BYTES, MAX_BYTES, cut=True)
        at, redirects = url.copy_with(raw_path=b"/robots.txt"), list[Redirect]()
        try:
            while True:
                answer = await self._ask(at, headers, limits, self._policy.host_interval_s)
                if answer.location is None:
                    break
                at = self._next(str(url), answer, redirects, MAX_REDIRECTS)
        except Refusal as err:
            if err.reason in ("redirects", "bad-url"):  # as if there were none (RFC 9309, 2.3.1.2)
                return KeptRobots("", 404, self._clock.now())
            if err.reason in ("try-later", "broken-response", "encoding"):
                return KeptRobots("", 503, self._clock.now())
            raise
        text = answer.body.decode("utf-8-sig", "replace") if answer.status < 300 else ""
        return KeptRobots(text, answer.status, self._clock.now())


def _headers(request: Request, policy: Policy) -> dict[str, str]:
    headers = {"user-agent": policy.user_agent, "accept": request.accept, "accept-encoding": ACCEPTED}
    if request.etag:
        headers["if-none-match"] = request.etag
    if request.last_modified:
        headers["if-modified-since"] = request.last_modified
    return headers


def _refuse_by_status(answer: Answer, conditional: bool) -> None:
    """See that an answer is a body, or tells that nothing changed. raises Refusal."""
    status = answer.status
    if 200 <= status < 300 and status not in (204, 205, 206):
        return
    if status == 304 and conditional:
        return
    reason = (
        "not-found" if status in (404, 410) else "forbidden" if status in (401, 402, 403, 407, 451) else "http-status"
    )
    raise Refusal(reason, f"HTTP {status} from {answer.url}")


def _slow(err: Exception, url: httpx.URL, policy: Policy) -> str:
    if isinstance(err, httpcore.ConnectTimeout):
        return f"{host_of(url)}: no connection within {policy.connect_s:g} s"
    if isinstance(err, httpcore.ReadTimeout):
        return f"{url}: silent for {policy.read_s:g} s"
    return f"{url}: not complete after {policy.whole_s:g} s"


def _said(err: Exception) -> str:
    return " ".join(str(err).split())[:200] or type(err).__name__
