"""What cleaning again changes, as Markdown: counts, rules, sites, and a few articles to look at."""

from __future__ import annotations

from collections.abc import Sequence

from etl.accounts import Changes, Example
from etl.report.words import by_size, many, one_line, table

_SHOWN = 3  # paragraphs of one example, of either kind


def changes_report(changes: Changes) -> str:
    """Return the sections about changes; those without content are left out."""
    sections = (
        _counts(changes),
        _sizes("Columns that change", ("column", "articles:"), changes.fields),
        _sizes("Paragraphs that go, by rule", ("rule", "paragraphs:"), changes.removed),
        _sizes(
            "Paragraphs that come back, by the rule that had removed them", ("rule", "paragraphs:"), changes.restored
        ),
        _sizes("Sites", ("publisher", "articles:"), {site or "(not known)": n for site, n in changes.sites.items()}),
        _examples(changes.examples),
    )
    return "\n\n".join(section for section in sections if section)


def _counts(changes: Changes) -> str:
    rows = [
        ("changed", f"{changes.changed:,}"),
        ("unchanged", f"{changes.unchanged:,}"),
        ("newly rejected", f"{changes.newly_rejected:,}"),
    ]
    lines = ["## Articles cleaned again", "", table(("outcome", "articles:"), rows)]
    if changes.loaded:
        lines += ["", f"{many(changes.loaded, 'rejected document')} became an article."]
    if changes.pruned:
        lines += ["", f"{many(changes.pruned, 'document')} left as it was: the bytes are gone."]
    return "\n".join(lines)


def _sizes(title: str, heads: tuple[str, str], counts: dict[str, int]) -> str:
    rows = [(one_line(name), f"{number:,}") for name, number in by_size(counts)]
    return f"### {title}\n\n{table(heads, rows)}" if rows else ""


def _examples(examples: Sequence[Example]) -> str:
    return "### Examples\n\n" + "\n".join(_example(one) for one in examples) if examples else ""


def _example(one: Example) -> str:
    lines = [f"- {one_line(one.headline or '(no headline)')} ({one_line(one.identity, widest=None)})"]
    for what, texts in (("goes", one.gone), ("comes back", one.back)):
        lines += [f"  - {what}: {one_line(text)}" for text in texts[:_SHOWN]]
        if len(texts) > _SHOWN:
            lines.append(f"  - {what}: {many(len(texts) - _SHOWN, 'paragraph')} more")
    return "\n".join(lines)
