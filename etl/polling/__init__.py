"""Sources that are asked again and again: feeds, sitemaps, pages, folders; and only what is new in them.

poll          the conductor: what is due -> lists -> items, pending -> pages, folded and loaded -> done
lists         asks for lists; sitemaps: the parts of a sitemap index
entries       an item as it is remembered, and as a document
visits        a batch of items whose pages are read
unlisted      sources that are read themselves
tally         what the sources of a poll gave
source_files  sources as users write them down: TOML, OPML
"""
