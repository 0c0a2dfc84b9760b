"""Two articles side by side as one page: no script, nothing fetched, light or dark as the reader's system is."""

from __future__ import annotations

from etl.report.comparison import Comparison
from etl.report.templating import templates

HUES = 8  # colours of passages, in turn


def diff_page(found: Comparison) -> str:
    """Return the page; every text of the articles is escaped."""
    return templates().get_template("diff.html").render(found=found, hues=HUES)
