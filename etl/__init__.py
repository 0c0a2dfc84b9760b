"""newsfold: scraped news in, one clean row per story in SQL out."""
