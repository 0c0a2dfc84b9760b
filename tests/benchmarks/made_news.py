"""Pages of made-up newspapers, as many as one likes: a template a site around articles of made-up words.

What stands around an article is about as much as on a real page: menus, boxes of other stories, share buttons, a
comment form, scripts. One article in five is an edited copy of another site's, as agency copy is.
"""

from __future__ import annotations

import json
import random
from collections import deque
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.benchmarks.growth import Writer

SITES = 60
START = datetime(2026, 1, 1, tzinfo=UTC)
SCRIPT = (
    "(function(w,d){w.queue=w.queue||[];w.queue.push({place:'top',size:[300,250],at:Date.now()});})(window,document);"
)


def write_pages(folder: Path, count: int, seed: int = 1) -> None:
    """Write so many pages, each a file, in a folder for each site."""
    writer, recent = Writer(seed), deque[tuple[str, list[str]]](maxlen=300)
    sites = [Site(writer, number) for number in range(SITES)]
    for number in range(count):
        if recent and writer.rng.random() < 0.2:
            headline, paragraphs = writer.rng.choice(recent)
            paragraphs = writer.edited(paragraphs)
        else:
            headline = writer.sentence(9).rstrip(".")
            paragraphs = [writer.sentence(writer.rng.randint(25, 60)) for _ in range(writer.rng.randint(6, 14))]
            recent.append((headline, paragraphs))
        site = writer.rng.choice(sites)
        path = folder / site.host / f"{number}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(site.page(number, headline, paragraphs), "utf-8")


class Site:
    """What all pages of one newspaper share."""

    def __init__(self, writer: Writer, number: int) -> None:
        self.writer, self.number, self.host = writer, number, f"paper{number}.example"
        self.name = f"The {writer.sentence(2).rstrip('.').title()}"
        self.menu = self.links([writer.sentence(2).rstrip(".") for _ in range(60)], "nav-item")
        self.footer = self.links([writer.sentence(3).rstrip(".") for _ in range(40)], "footer-link")
        self.inside = [f"<p>{writer.sentence(16)}</p>" for _ in range(2)]
        self.scripts = f"<script>{SCRIPT * 20}</script>"

    def links(self, texts: list[str], name: str) -> str:
        rows = "".join(
            f'<li class="{name}"><a class="{name}__link" href="/{n}">{text}</a></li>' for n, text in enumerate(texts)
        )
        return f'<ul class="{name}s">{rows}</ul>'

    def page(self, number: int, headline: str, paragraphs: list[str]) -> str:
        at = (START + timedelta(minutes=number)).isoformat()
        story = [f"<p>{text}</p>" for text in paragraphs]
        story.insert(2, f'<aside class="related"><h3>Read also</h3>{self.teasers(3)}</aside>')
        story[5:5] = self.inside
        told = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": headline, "datePublished": at}
        return (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{headline} | {self.name}</title>'
            f'<meta property="og:site_name" content="{self.name}"><meta property="og:title" content="{headline}">'
            f'<link rel="canonical" href="https://{self.host}/{number}">'
            f'<script type="application/ld+json">{json.dumps(told)}</script>{self.scripts}</head><body>'
            f"<header><nav>{self.menu}</nav></header><main><article><h1>{headline}</h1>"
            f'<div class="share"><a href="#">Share</a><a href="#">Print</a></div>{"".join(story)}</article>'
            f'<section class="more">{self.teasers(24)}</section>'
            f'<form class="comment-form"><label>Leave a comment</label><textarea></textarea></form></main>'
            f"{self.scripts}<footer>{self.footer}<p>Copyright {self.name}. All rights reserved.</p></footer></body></html>"
        )

    def teasers(self, count: int) -> str:
        rng: random.Random = self.writer.rng
        return "".join(
            f'<div class="teaser"><img src="/{rng.randrange(10**6)}.jpg" alt=""><a href="/{rng.randrange(10**6)}">'
            f"<h4>{self.writer.sentence(8)}</h4></a><p>{self.writer.sentence(14)}</p></div>"
            for _ in range(count)
        )
