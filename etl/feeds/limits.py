"""How much of one list is read. What is over a limit is left out and said, never read in silence."""

from __future__ import annotations

FEED_BYTES = 8 << 20  # the largest full-text feeds seen are below 3 MiB
SITEMAP_BYTES = 50 << 20  # sitemaps.org: 50 MB uncompressed, 50,000 addresses
FEED_ITEMS = 5_000
SITEMAP_ITEMS = 50_000
CONTENT_CHARS = 1 << 20  # of one entry
LINE_CHARS = 1_000  # of a headline, a name, a keyword; longer ones are none
ADDRESS_CHARS = 2_048  # sitemaps.org
STANDFIRST_CHARS = 2_000  # a longer description is the text itself
NAMES = 32  # authors or keywords of one entry
DEPTH = 128  # elements inside one another
