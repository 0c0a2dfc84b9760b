"""How newsfold behaves on the network: one frozen value, handed along with each batch."""

from __future__ import annotations

from dataclasses import dataclass

PRODUCT = "newsfold"  # the name by which robots.txt may speak to it


@dataclass(frozen=True, slots=True)
class Policy:
    """Manners and limits. The defaults are those of a guest."""

    user_agent: str = PRODUCT  # with a version and a contact where settings make it
    host_interval_s: float = 5.0  # from the end of one request to a host until the next begins
    robots: bool = True  # ask robots.txt first, and obey it
    allow_private: bool = False  # addresses of one's own network, any port
    connect_s: float = 10.0
    read_s: float = 20.0  # between two pieces of an answer
    whole_s: float = 60.0  # one request, from connecting to the last byte
    max_wire_bytes: int = 16 << 20  # as they come
    max_body_bytes: int = 32 << 20  # after decompression
    max_redirects: int = 8
    tries: int = 3  # of what may pass: 429, 5xx, a lost connection
    first_wait_s: float = 5.0  # before the second try, doubled at each further one
    longest_wait_s: float = 120.0  # waited for within a run; what takes longer is refused until then
    hosts_at_once: int = 32
