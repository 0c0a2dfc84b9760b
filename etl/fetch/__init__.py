"""Reading from the web, politely and safely.

    Request -> fetch_all(requests, policy, gate, clock) -> Fetched | Refused, one each, in the order they end

A request waits for its host's turn, asks robots.txt, and follows redirects; each hop is checked like the first, and
the address that is connected to is checked after the name was resolved.
"""

from etl.fetch.clock import Clock, SystemClock
from etl.fetch.exchange import Fetched, Redirect, Refused, Request
from etl.fetch.fetch import fetch_all
from etl.fetch.gate import Gate, Held, KeptRobots, MemoryGate
from etl.fetch.policy import Policy

__all__ = [
    "Clock",
    "Fetched",
    "Gate",
    "Held",
    "KeptRobots",
    "MemoryGate",
    "Policy",
    "Redirect",
    "Refused",
    "Request",
    "SystemClock",
    "fetch_all",
]
