"""One request from beginning to end: robots.txt, redirects, and what the answer means."""

from __future__ import annotations

import hashlib

import httpcore
import httpx

from etl.fetch.address import checked, origin_of
from etl.fetch.answer import Answer, Limits
from etl.fetch.clock import Clock
from etl.fetch.coding import ACCEPTED
from etl.fetch.courier import Courier
from etl.fetch.exchange import Fetched, Redirect, Refusal, Refused, Request
from etl.fetch.gate import Gate, KeptRobots
from etl.fetch.policy import Policy
from etl.fetch.robots import MAX_BYTES, MAX_REDIRECTS, NOT_ASKED, UNREACHABLE_FOR, Rules, is_fresh, rules_of

_REASONS = {**dict.fromkeys((404, 410), "not-found"), **dict.fromkeys((401, 402, 403, 407, 451), "forbidden")}


class Visitor:
    """Reads from hosts in the name of one batch."""

    def __init__(self, pool: httpcore.AsyncConnectionPool, policy: Policy, gate: Gate, clock: Clock) -> None:
        self._courier = Courier(pool, policy, gate, clock)
        self._policy, self._gate, self._clock = policy, gate, clock
        self._rules: dict[str, Rules] = {}  # by origin

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
            answer = await self._courier.ask(url, headers, limits, max(self._policy.host_interval_s, delay_s))
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
        origin = origin_of(url)
        rules = self._rules.get(origin)
        if rules and is_fresh(rules.kept, self._clock.now()):
            return rules
        self._rules[origin] = rules = rules_of(await self._kept(url, origin))
        return rules

    async def _kept(self, url: httpx.URL, origin: str) -> KeptRobots:
        """Return the robots.txt of an origin: kept by someone today, or asked for by one in the name of all."""
        kept = await self._gate.robots(origin)
        if kept and is_fresh(kept, self._clock.now()):
            return kept
        async with self._gate.turn(f"{origin}/robots.txt", 0.0):
            kept = await self._gate.robots(origin)  # someone may have asked while we waited
            return kept if kept and is_fresh(kept, self._clock.now()) else await self._renewed(url, kept)

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
                answer = await self._courier.ask(at, headers, limits, self._policy.host_interval_s)
                if answer.location is None:
                    break
                at = self._next(str(url), answer, redirects, MAX_REDIRECTS)
        except Refusal as err:
            if err.reason in ("redirects", "bad-url", "media-type"):  # as if there were none (RFC 9309, 2.3.1.2)
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
    reason = _REASONS.get(status, "http-status")
    raise Refusal(reason, f"HTTP {status} from {answer.url}")
