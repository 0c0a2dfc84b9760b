"""What all flows have in common: how they tell of their progress, and the state that they end in."""

from collections.abc import Callable
from functools import partial

from prefect import State, get_run_logger
from prefect.runtime import deployment, flow_run
from prefect.states import Completed, Failed

from etl.accounts import Progress, RunReport
from etl.errors import Transient, UserError
from etl.execution import Watch
from etl.report.markdown import summary
from etl.settings import Settings, read_settings
from etl.stopping import last_word, prompt
from flows.caller import current_caller
from flows.events import emit_alarms
from flows.log import say_errors_in_one_line
from flows.progress import ProgressArtifact
from flows.report import publish
from flows.states import mark_cancelled, mark_dead_runs
from flows.temporary_server import let_it_end_with_this_process

# Prefect stores parameters in clear, so an address with a password (or options that may hold one) is no parameter.
NO_PASSWORD = r"^(sqlite(\+\w+)?:///.*|\w+(\+\w+)?://([^/:@]*@)?[^/@?]*(/[^@?]*)?)$"  # noqa: S105 - a pattern


def ending(run: Callable[[], RunReport]) -> State[RunReport]:
    """Do a run, keep its report, and return the state that says how it went."""
    let_it_end_with_this_process()
    say_errors_in_one_line()
    mark_dead_runs()
    stopped = partial(mark_cancelled, flow_run.id, bool(deployment.id))
    try:
        with prompt(), last_word(stopped):
            report = run()
    except (UserError, Transient) as err:  # the message says it all: a line, no traceback
        return Failed(message=str(err), data=err)
    publish(report)
    emit_alarms(report)
    return _final(report)


def conditions(database_url: str | None, batch_size: int | None, jobs: int | None) -> tuple[Settings, Watch]:
    """Return the settings of a run and who watches it: those of the command that runs it here, or a worker's own.

    raises  SettingsError.
    """
    caller = current_caller()
    if caller:
        return caller.settings, caller.watch
    return read_settings(database_url=database_url, batch_size=batch_size, jobs=jobs), log_progress()


def log_progress() -> Watch:
    """Return a watcher that tells the run's log and page: under a worker nobody looks at a progress bar."""
    logger, artifact = get_run_logger(), ProgressArtifact()

    def watch(progress: Progress) -> None:
        share = min(1.0, progress.done_bytes / progress.total_bytes) if progress.total_bytes else None
        far = f", {share:.0%} of the files" if share is not None else ""  # how much the web holds is not known before
        logger.info("%s: %d documents%s", progress.phase, progress.documents, far)
        if share is not None:
            read = 1.0 if progress.phase != "fold" else share
            artifact.show(read, f"{progress.phase}: {progress.documents:,} documents")

    return watch


def _final(report: RunReport) -> State[RunReport]:
    """Return the state that the run ends in, with one line that says how it went."""
    counts = summary(report)
    if not report.failed_batches:
        return Completed(message=counts, data=report)
    first, more = report.failed_batches[0].detail, len(report.failed_batches) - 1
    message = f"{first}{f' (and {more} more batches)' if more else ''}. Run again to take up the rest: {counts}"
    # A worker's process raises what it is given here, and can raise no report.
    return Failed(message=message, data=UserError(message) if deployment.id else report)
