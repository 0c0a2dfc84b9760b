"""deploy/prefect.yaml says what Prefect can do: every key is known, every entrypoint a flow, every parameter one it takes."""

import os
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from prefect import Flow
from prefect.cli.deploy._models import (
    ConcurrencyLimitSpec,
    DeploymentConfig,
    PrefectYamlModel,
    RawScheduleConfig,
    WorkPoolConfig,
)
from prefect.client.schemas.objects import ConcurrencyLimitStrategy
from prefect.flows import load_flow_from_entrypoint
from prefect.utilities.callables import parameter_schema
from prefect.utilities.schema_tools import validate
from pydantic import BaseModel

FILE = Path(__file__).parents[2] / "deploy" / "prefect.yaml"
CONTENT: dict[str, Any] = yaml.safe_load(FILE.read_text("utf-8"))
DEPLOYMENTS = {deployment["name"]: deployment for deployment in CONTENT["deployments"]}
each_deployment = pytest.mark.parametrize("name", DEPLOYMENTS)


def keys(model: type[BaseModel]) -> set[str]:
    """Return the keys that Prefect reads; it passes over any other in silence."""
    return {field.alias or name for name, field in model.model_fields.items()}


def flow_of(name: str) -> Flow[..., Any]:
    return load_flow_from_entrypoint(DEPLOYMENTS[name]["entrypoint"], use_placeholder_flow=False)


def test_prefect_reads_every_key_of_the_file():
    PrefectYamlModel.model_validate(CONTENT)
    assert set(CONTENT) - {"definitions"} <= keys(PrefectYamlModel)
    for deployment in DEPLOYMENTS.values():
        assert set(deployment) <= keys(DeploymentConfig)
        assert set(deployment["work_pool"]) <= keys(WorkPoolConfig)
        assert set(deployment["concurrency_limit"]) <= keys(ConcurrencyLimitSpec)
        for schedule in deployment["schedules"]:
            RawScheduleConfig.model_validate(schedule)


@each_deployment
def test_entrypoint_is_a_flow(name: str):
    assert isinstance(flow_of(name), Flow)


@each_deployment
def test_parameters_are_ones_the_flow_takes(name: str):
    flow, given = flow_of(name), DEPLOYMENTS[name].get("parameters", {})
    schema = parameter_schema(flow).model_dump()
    required = schema.get("required", []) if DEPLOYMENTS[name]["schedules"] else []
    validate(given, {**schema, "required": required, "additionalProperties": False}, raise_on_error=True)


@each_deployment
def test_deployment_says_what_it_is_for(name: str):
    deployment = DEPLOYMENTS[name]
    assert "newsfold" in deployment["tags"]
    assert len(deployment["description"].split()) > 8


@each_deployment
def test_a_run_on_top_of_another_is_cancelled_and_not_queued(name: str):
    limit = DEPLOYMENTS[name]["concurrency_limit"]
    assert limit["limit"] == 1
    assert ConcurrencyLimitStrategy(limit["collision_strategy"]) is ConcurrencyLimitStrategy.CANCEL_NEW


def test_the_sweep_is_daily_and_the_other_waits_to_be_asked():
    assert [s["cron"] for s in DEPLOYMENTS["daily"]["schedules"]] == ["30 5 * * *"]
    assert [s["timezone"] for s in DEPLOYMENTS["daily"]["schedules"]] == ["UTC"]
    assert DEPLOYMENTS["adhoc"]["schedules"] == []


@pytest.mark.parametrize(
    ("variables", "folder"),
    [
        ({"NEWSFOLD_HOME": "/srv/news fold", "HOME": "/home/news"}, "/srv/news fold"),
        ({"HOME": "/home/news"}, "/home/news/newsfold"),
        ({"NEWSFOLD_HOME": "", "HOME": "/home/news"}, "/home/news/newsfold"),
    ],
)
def test_runs_start_in_the_folder_named_else_in_newsfold_at_home(variables: dict[str, str], folder: str):
    """That Prefect runs these steps is seen by tests/flows/test_schedule.py."""
    (find,), (enter,) = (step.values() for step in CONTENT["pull"])
    env = {"PATH": os.environ["PATH"], **variables}
    done = subprocess.run(shlex.split(find["script"]), env=env, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == folder
    assert enter["directory"] == f"{{{{ {find['id']}.stdout }}}}"
