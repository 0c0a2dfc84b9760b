"""Two articles side by side as one page: no script, nothing fetched, light or dark as the reader's system is."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined

from etl.report.comparison import Comparison

HUES = 8  # colours of passages, in turn


def diff_page(found: Comparison) -> str:
    """Return the page; every text of the articles is escaped."""
    pages = Environment(
        loader=PackageLoader("etl.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return pages.get_template("diff.html").render(found=found, hues=HUES)
