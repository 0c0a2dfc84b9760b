"""Running a flow here and now, as the `newsfold` command does: against the configured API, else a temporary server.

Importing this module costs nothing: Prefect is imported when a flow is run.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

from etl.errors import UserError

if TYPE_CHECKING:
    from prefect import State

    from etl.accounts import RunReport
    from etl.execution import Watch
    from etl.reclean import Scope
    from etl.rematch import Scope as MatchScope
    from etl.settings import Settings
    from etl.sources.ref import File
    from etl.sources.wanted import Wanted
    from flows.runners import RunnerName

# Prefect reads its settings from the environment when it is imported.
SWITCHES = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",  # no telemetry of the server
    "DO_NOT_TRACK": "1",  # nor of the client
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",  # its 20 s are too few on a busy machine
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",  # a server forgets runs that are over,
    "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": "2592000",  # after thirty days
    # In memory, a server that was killed forgets who had the one place of a deployment, and nobody ever gets it again.
    "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
}


def run_ingest(
    locators: Sequence[str | File],
    settings: Settings,
    form: str = "auto",
    watch: Watch = lambda _: None,
    *,
    source: str = "adhoc",
    wanted: Wanted | None = None,
    task_runner: RunnerName = "processes",
    verbose: bool = False,
) -> RunReport:
    """Run the flow `ingest` in this process and return what it did, also where batches failed.

    verbose  let Prefect's own log through; without it, what it would say is in the report or the error.
    raises   UserError as `etl.run.ingest` does, and where no Prefect server can be reached.
    """
    named = {locator if isinstance(locator, str) else locator.uri: locator for locator in locators}
    files = {name: locator for name, locator in named.items() if not isinstance(locator, str)}
    with _called(settings, watch, verbose, files):
        from flows.ingest import ingest

        return _report_of(
            lambda: ingest(
                list(named),
                form,
                source,
                batch_size=settings.batch_size,
                jobs=settings.jobs,
                task_runner=task_runner,
                columns=dict(wanted.columns) if wanted else {},
                since=wanted.since if wanted else None,
                until=wanted.until if wanted else None,
                return_state=True,
            )
        )


def run_reclean(
    settings: Settings,
    scope: Scope,
    watch: Watch = lambda _: None,
    *,
    dry: bool = False,
    task_runner: RunnerName = "processes",
    verbose: bool = False,
) -> RunReport:
    """Run the flow `reclean` in this process and return what it did, also where batches failed.

    raises   UserError as `etl.reclean.reclean` does, and where no Prefect server can be reached.
    """
    with _called(settings, watch, verbose):
        from flows.reclean import reclean

        return _report_of(
            lambda: reclean(
                dry,
                scope.site,
                scope.since and scope.since.date(),
                scope.everything,
                batch_size=settings.batch_size,
                jobs=settings.jobs,
                task_runner=task_runner,
                return_state=True,
            )
        )


def run_rematch(
    settings: Settings, scope: MatchScope, watch: Watch = lambda _: None, *, verbose: bool = False
) -> RunReport:
    """Run the flow `rematch` in this process and return what it did.

    raises   UserError as `etl.rematch.rematch` does, and where no Prefect server can be reached.
    """
    with _called(settings, watch, verbose):
        from flows.rematch import rematch

        return _report_of(
            lambda: rematch(
                False,
                scope.since and scope.since.date(),
                scope.everything,
                batch_size=settings.batch_size,
                jobs=settings.jobs,
                return_state=True,
            )
        )


def run_poll(
    settings: Settings,
    names: Sequence[str] = (),
    watch: Watch = lambda _: None,
    *,
    everything: bool = False,
    task_runner: RunnerName = "processes",
    verbose: bool = False,
) -> RunReport:
    """Run the flow `poll` in this process and return what it did, also where batches failed.

    raises   UserError as `etl.polling.poll.poll` does, and where no Prefect server can be reached.
    """
    with _called(settings, watch, verbose):
        from flows.poll import poll

        return _report_of(
            lambda: poll(
                list(names),
                everything,
                batch_size=settings.batch_size,
                jobs=settings.jobs,
                task_runner=task_runner,
                return_state=True,
            )
        )


@contextmanager
def _called(settings: Settings, watch: Watch, verbose: bool, files: Mapping[str, File] | None = None) -> Iterator[None]:
    """Let the flow that is imported and run inside the block know who called it. Prefect is imported with it."""
    prepare_environment(verbose)
    from flows.caller import Caller, calling  # only now, after the switches

    with calling(Caller(settings, watch, files or {})):
        yield


def _report_of(run: Callable[[], State[State[RunReport]]]) -> RunReport:
    """Run a flow and return the report that its final state carries."""
    try:
        state = run()
    except Exception as err:  # what goes wrong inside the flow is in its state; this is Prefect itself
        raise UserError(
            f"Prefect could not run the flow ({' '.join(str(err).split())}): start the server that "
            "PREFECT_API_URL names, unset it to have a temporary one, or run without Prefect (--direct)"
        ) from err
    result = cast("object", state.result(raise_on_failure=False))
    if isinstance(result, BaseException):
        raise result
    return cast("RunReport", result)


def prepare_environment(verbose: bool = False) -> None:
    """Set Prefect's switches, those that the user has not set. Works before Prefect is imported, not after."""
    for name, value in SWITCHES.items():
        os.environ.setdefault(name, value)
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "INFO" if verbose else "WARNING")
