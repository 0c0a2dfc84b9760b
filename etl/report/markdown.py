"""One run as Markdown: an artifact in Prefect's UI, a page in a wiki, plain text in a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from etl.accounts import BatchReport, Number, RunReport

# What Markdown or HTML would read as markup inside a line. A headline or an address is data and must stay text.
# An underscore inside a word is none: names of rules stay readable where nothing renders the report.
_MARKUP = re.compile(r"[\\`*\[\]<>|~&]|(?<!\w)_|_(?!\w)")
_WIDEST = 160  # characters of a headline or an error


def run_report(report: RunReport) -> str:
    """Return the report of one run, sections without content left out. Ends with a line feed."""
    sections = (
        _head(report),
        _failed(report),
        _documents(report.batches),
        _rejected(report.batches),
        _rules(report.batches),
        _stories(report),
        _largest(report),
        _stages(report.batches),
        _slowest(report.batches),
    )
    return "\n\n".join(section for section in sections if section) + "\n"


def balance(counts: BatchReport) -> str:
    """Return the line that must add up: read = loaded + unchanged + rejected."""
    return (
        f"{counts.read:,} read = {counts.loaded:,} loaded + {counts.unchanged:,} unchanged"
        f" + {counts.rejected:,} rejected"
    )


def _head(report: RunReport) -> str:
    started = f"{report.started_at:%Y-%m-%d %H:%M:%S} UTC"
    database = report.database.replace("`", "%60")
    return (
        f"# {_text(report.flow)}: run {report.run_id} {report.status}\n\n"
        f"**{balance(report.batches)}**\n\n"
        f"Started {started}, took {_seconds(report.wall_seconds)}. Database: `{database}`"
    )


def _failed(report: RunReport) -> str:
    if not report.failed_batches:
        return ""
    lines = "\n".join(f"- {_text(failure.detail)}" for failure in report.failed_batches)
    return (
        f"## Batches that could not be finished ({len(report.failed_batches)})\n\n"
        "The other batches are loaded. Their documents are not counted above; nothing is lost, "
        "the next run over the same input takes them up.\n\n" + lines
    )


def _documents(counts: BatchReport) -> str:
    if not counts.read:
        return "No documents were read."
    rows = (("loaded", counts.loaded), ("unchanged", counts.unchanged), ("rejected", counts.rejected))
    shown = [(name, f"{number:,}", _share(number, counts.read)) for name, number in rows]
    return "## Documents\n\n" + _table(
        ("outcome", "documents:", "share:"), [*shown, ("**read**", f"**{counts.read:,}**", "")]
    )


def _rejected(counts: BatchReport) -> str:
    rows = [(*_stage_and_reason(key), f"{number:,}") for key, number in _by_size(counts.reasons)]
    return "## Rejected, and why\n\n" + _table(("stage", "reason", "documents:"), rows) if rows else ""


def _rules(counts: BatchReport) -> str:
    rows = [(_text(rule), f"{number:,}") for rule, number in _by_size(counts.rules)]
    return "## Rules that fired\n\n" + _table(("rule", "blocks removed:"), rows) if rows else ""


def _stories(report: RunReport) -> str:
    lines = [
        f"- {report.articles_matched:,} new or changed articles compared, {report.pairs:,} pairs found",
        f"- {report.articles:,} articles in the database: {report.stories:,} stories, {report.copies:,} copies",
    ]
    if report.known_learned:
        lines.append(f"- {_many(report.known_learned, 'paragraph')} newly known to repeat across a site")
    if report.ignored_files:
        lines.append(f"- {_many(report.ignored_files, 'file')} of other kinds passed over")
    return "## Stories\n\n" + "\n".join(lines)


def _many(count: int, thing: str) -> str:
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def _largest(report: RunReport) -> str:
    rows = [
        (str(story.story_id), _text(story.headline or "(no headline)"), f"{story.articles:,}")
        for story in report.largest
        if story.articles > 1
    ]
    return "### Largest stories\n\n" + _table(("story:", "headline", "articles:"), rows) if rows else ""


def _stages(counts: BatchReport) -> str:
    total = sum(counts.seconds.values())
    rows = [(_text(stage), _seconds(seconds), _share(seconds, total)) for stage, seconds in _by_size(counts.seconds)]
    return "## Where the time went\n\n" + _table(("stage", "time of one core:", "share:"), rows) if rows else ""


def _slowest(counts: BatchReport) -> str:
    rows = [(_seconds(slow.seconds), _text(slow.uri, widest=None)) for slow in counts.slowest]
    return "### Slowest documents\n\n" + _table(("time of one core:", "document"), rows) if rows else ""


def _by_size(counts: Mapping[str, Number]) -> list[tuple[str, Number]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _stage_and_reason(key: str) -> tuple[str, str]:
    stage, slash, reason = key.partition("/")
    return (_text(stage), _text(reason)) if slash else ("", _text(key))


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table; a column whose head ends in a colon is aligned to the right."""
    heads = list(heads)
    rule = ["---:" if head.endswith(":") else "---" for head in heads]
    lines = [[head.rstrip(":") for head in heads], rule, *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def _text(value: str, widest: int | None = _WIDEST) -> str:
    """Return a value as one line of text in which nothing is markup."""
    line = " ".join(value.split())
    if widest and len(line) > widest:
        line = line[: widest - 1] + "…"
    return _MARKUP.sub(r"\\\g<0>", line)


def _seconds(seconds: float) -> str:
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 100:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def _share(part: float, whole: float) -> str:
    return f"{part / whole:.1%}" if whole else ""
