"""One run as Markdown: an artifact in Prefect's UI, a page in a wiki, plain text in a terminal."""

from __future__ import annotations

from etl.accounts import BatchReport, RunReport
from etl.quality import told
from etl.report.changes import changes_report
from etl.report.polled import polled_report
from etl.report.regrouping import regrouped, regrouping_report
from etl.report.words import by_size, many, one_line, table


def run_report(report: RunReport) -> str:
    """Return the report of one run, sections without content left out. Ends with a line feed."""
    sections = (
        _head(report),
        _failed(report),
        polled_report(report.polled) if report.polled else "",
        "" if report.regrouping else _documents(report.batches),
        _rejected(report.batches),
        _passed(report.batches),
        _rules(report.batches),
        _changes(report.batches),
        regrouping_report(report.regrouping) if report.regrouping else "",
        _stories(report),
        _alarm(report),
        _quality(report),
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


def summary(report: RunReport) -> str:
    """Return in one line what a run did."""
    return regrouped(report.regrouping, report.articles_matched) if report.regrouping else balance(report.batches)


def _head(report: RunReport) -> str:
    started = f"{report.started_at:%Y-%m-%d %H:%M:%S} UTC"
    database = report.database.replace("`", "%60")
    run = f"run {report.run_id} {report.status}" if report.run_id else f"{report.status}, nothing was written"
    return (
        f"# {one_line(report.flow)}: {run}\n\n"
        f"**{summary(report)}**\n\n"
        f"Started {started}, took {_seconds(report.wall_seconds)}. Database: `{database}`"
    )


def _failed(report: RunReport) -> str:
    if not report.failed_batches:
        return ""
    lines = "\n".join(f"- {one_line(failure.detail)}" for failure in report.failed_batches)
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
    return "## Documents\n\n" + table(
        ("outcome", "documents:", "share:"), [*shown, ("**read**", f"**{counts.read:,}**", "")]
    )


def _rejected(counts: BatchReport) -> str:
    rows = [(*_stage_and_reason(key), f"{number:,}") for key, number in by_size(counts.reasons)]
    return "## Rejected, and why\n\n" + table(("stage", "reason", "documents:"), rows) if rows else ""


def _passed(counts: BatchReport) -> str:
    rows = [(one_line(what), f"{number:,}") for what, number in by_size(counts.passed)]
    shown = table(("what", "number:"), rows) if rows else ""
    undated = f"{many(counts.undated, 'document')} without a publication date: kept" if counts.undated else ""
    said = "\n\n".join(part for part in (shown, undated) if part)
    return f"## Passed over, not counted as read\n\n{said}" if said else ""


def _rules(counts: BatchReport) -> str:
    rows = [(one_line(rule), f"{number:,}") for rule, number in by_size(counts.rules)]
    return "## Rules that fired\n\n" + table(("rule", "blocks removed:"), rows) if rows else ""


def _changes(counts: BatchReport) -> str:
    return changes_report(counts.changes) if counts.changes else ""


def _stories(report: RunReport) -> str:
    compared = many(report.articles_matched, "article" if report.regrouping else "new or changed article")
    stories = many(report.stories, "story")
    lines = [
        f"- {compared} compared{' again' if report.regrouping else ''}, {many(report.pairs, 'pair')} found",
        f"- {many(report.articles, 'article')} in the database: {stories}, {many(report.copies, 'copy')}",
    ]
    if report.known_learned:
        lines.append(f"- {many(report.known_learned, 'paragraph')} newly known to repeat across a site")
    if report.known_unlearned:
        lines.append(f"- {many(report.known_unlearned, 'paragraph')} no longer known to repeat across a site")
    if report.cleaned_again:
        lines.append(f"- {many(report.cleaned_again, 'article')} cleaned again by what is known of the sites now")
    if report.unsettled:
        lines.append(f"- {many(report.unsettled, 'article')} still to be cleaned again: the next run goes on with it")
    if report.ignored_files:
        lines.append(f"- {many(report.ignored_files, 'file')} of other kinds passed over")
    return "## Stories\n\n" + "\n".join(lines)


def _alarm(report: RunReport) -> str:
    if not report.oversized:
        return ""
    several = "stories have" if report.oversized > 1 else "story has"
    return (
        f"**{report.oversized:,} {several} more than {report.story_size_alarm:,} articles.** One text is seldom "
        "printed so often: look (`newsfold explain`, `newsfold diff`) whether it is one, or a form that joins them."
    )


def _quality(report: RunReport) -> str:
    lines = [f"- {one_line(check.source or '')}: {told(check)}" for check in report.alarms if check.source is not None]
    return "## Not as usual\n\n" + "\n".join(lines) if lines else ""


def _largest(report: RunReport) -> str:
    rows = [
        (str(story.story_id), one_line(story.headline or "(no headline)"), f"{story.articles:,}")
        for story in report.largest
        if story.articles > 1
    ]
    return "### Largest stories\n\n" + table(("story:", "headline", "articles:"), rows) if rows else ""


def _stages(counts: BatchReport) -> str:
    total = sum(counts.seconds.values())
    rows = [(one_line(stage), _seconds(seconds), _share(seconds, total)) for stage, seconds in by_size(counts.seconds)]
    return "## Where the time went\n\n" + table(("stage", "time of one core:", "share:"), rows) if rows else ""


def _slowest(counts: BatchReport) -> str:
    rows = [(_seconds(slow.seconds), one_line(slow.uri, widest=None)) for slow in counts.slowest]
    return "### Slowest documents\n\n" + table(("time of one core:", "document"), rows) if rows else ""


def _stage_and_reason(key: str) -> tuple[str, str]:
    stage, slash, reason = key.partition("/")
    return (one_line(stage), one_line(reason)) if slash else ("", one_line(key))


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
