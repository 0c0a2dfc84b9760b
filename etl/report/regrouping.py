"""How stories change when everything is matched again, as Markdown: counts, and a few stories to look at."""

from __future__ import annotations

from collections.abc import Iterable

from etl.accounts import BigStory, Regrouping, StoryChange
from etl.report.words import many, one_line, table

_SHOWN = 4  # stories of one example, before or after


def regrouped(done: Regrouping, articles: int) -> str:
    """Return the line that says what became of the stories."""
    return (
        f"{many(articles, 'article')} compared again: {done.split:,} split, {done.merged:,} merged, "
        f"{done.led_by_another:,} led by another"
    )


def regrouping_report(done: Regrouping) -> str:
    """Return the section about stories that changed."""
    rows = [
        ("split: their articles are in several now", f"{done.split:,}"),
        ("merged: they hold the articles of several", f"{done.merged:,}"),
        ("of the same articles, led by another", f"{done.led_by_another:,}"),
        ("**articles in another story than before**", f"{done.moved:,}"),
    ]
    lines = [
        "## Stories matched again",
        table(("stories", "number:"), rows),
        f"- matcher `{done.matcher}`, scheme `{done.scheme}`",
    ]
    if done.fingerprinted:
        lines[-1] += f"\n- {many(done.fingerprinted, 'fingerprint')} of another scheme made again"
    if done.examples:
        lines += ["### Examples", "\n".join(_example(one) for one in done.examples)]
    return "\n\n".join(lines)


def _example(one: StoryChange) -> str:
    return f"- {one.kind}: {_listed(one.before)} → {_listed(one.after)}"


def _listed(stories: Iterable[BigStory]) -> str:
    told = [f"{one_line(s.headline or '(no headline)')} ({s.story_id}, {many(s.articles, 'article')})" for s in stories]
    return " + ".join(told[:_SHOWN]) + (f" + {len(told) - _SHOWN} more" if len(told) > _SHOWN else "")
