"""Clusters that run already, of Dask or Ray: each batch is folded there while a thread here waits for it.

The workers need newsfold, the input under the same paths, and the database; of Prefect they know nothing. A task run
stands for each batch all the same, because the thread that waits is the task.
"""

import importlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Literal

from etl.accounts import BatchReport
from etl.batch import AnyJob
from etl.errors import SettingsError, Transient
from etl.isolation import DEATHS, Fold, Limits, isolate, limits_of
from etl.settings import Settings

ClusterName = Literal["dask", "ray"]


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster that somebody else started."""

    slots: int  # batches it can fold at the same time
    fold: Fold  # hands a batch over and waits


def cluster(name: ClusterName, settings: Settings, fold: Fold) -> AbstractContextManager[Cluster]:
    """Attach to a cluster. raises SettingsError: no address, the extra is missing, nobody answers, SQLite."""
    if settings.database_url.startswith("sqlite"):
        raise SettingsError(f"task_runner {name}: the workers of a cluster meet in PostgreSQL, not in a SQLite file")
    address = settings.dask_address if name == "dask" else settings.ray_address
    if address is None:
        raise SettingsError(f"task_runner {name}: set NEWSFOLD_{name.upper()}_ADDRESS to a cluster that runs")
    return (_dask if name == "dask" else _ray)(address, fold, limits_of(settings))


@contextmanager
def _dask(address: str, fold: Fold, limits: Limits) -> Iterator[Cluster]:
    distributed = _library("dask", "distributed")
    try:
        client = distributed.Client(address, timeout="20s", set_as_default=False)
    except (OSError, ValueError) as err:
        raise SettingsError(f"NEWSFOLD_DASK_ADDRESS {address}: no Dask scheduler answers ({err})") from None

    def there(job: AnyJob) -> BatchReport:
        # pure: two futures of equal jobs would be one; a batch that is done again is to be done again
        done: BatchReport = client.submit(fold, job, pure=False, retries=0).result()
        return done

    lost, passing = (distributed.KilledWorker,), (distributed.client.FutureCancelledError, OSError)
    with client:
        yield Cluster(sum(client.nthreads().values()), _again(there, fold, limits, lost, passing))


@contextmanager
def _ray(address: str, fold: Fold, limits: Limits) -> Iterator[Cluster]:
    ray = _library("ray", "ray")
    try:
        ray.init(address, log_to_driver=False, logging_level="ERROR")
    except (ConnectionError, ValueError, RuntimeError) as err:
        raise SettingsError(f"NEWSFOLD_RAY_ADDRESS {address}: no Ray cluster answers ({err})") from None
    remote = ray.remote(max_retries=DEATHS - 1)(fold)

    def there(job: AnyJob) -> BatchReport:
        try:
            done: BatchReport = ray.get(remote.remote(job))
        except ray.exceptions.RayTaskError as err:
            raise err.cause from None
        return done

    lost = (ray.exceptions.WorkerCrashedError, ray.exceptions.OutOfMemoryError)
    try:
        yield Cluster(int(ray.cluster_resources().get("CPU", 1)), _again(there, fold, limits, lost, (OSError,)))
    finally:
        ray.shutdown()


def _again(
    there: Fold,
    fold: Fold,
    limits: Limits,
    lost: tuple[type[BaseException], ...],
    passing: tuple[type[BaseException], ...],
) -> Fold:
    """Make of what happens to a cluster what is done about it: isolate a batch that kills, try again what passes."""

    def do(job: AnyJob) -> BatchReport:
        try:
            return there(job)
        except lost:
            return isolate(fold, job, limits)
        except passing as err:
            raise Transient(f"the cluster lost the batch: {err}") from err

    return do


def _library(extra: str, module: str) -> ModuleType:
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError:
        raise SettingsError(f"task_runner {extra}: needs the extra, install newsfold[{extra}]") from None
