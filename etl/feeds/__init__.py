"""The stage before a page: the bytes of a feed or a sitemap to the items it lists.

Pure: it fetches nothing, and what a list says of its items is taken as said. Bytes that are no list at all are a
`Reject` at stage "read"; of a broken one what can be read is read, and the fault stands beside the items.
"""

from etl.feeds.item import Child, FeedItem, Listing
from etl.feeds.listing import read_listing

__all__ = ["Child", "FeedItem", "Listing", "read_listing"]
