"""deploy/compose.yaml, step by step on real processes: it comes up, runs, is cancelled, and tells nobody a password."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from tests.deploy.compose import DEPLOY, Stack
from tests.deploy.processes import SAMPLE, alive, ask, nothing_left, pages, wait_until

MAY_TAKE_SECONDS = 15
RESTORE = (DEPLOY / "README.md").read_text("utf-8").split("into an empty database")[1].split("## ")[0]
OVERLAPPING = (("ingest/adhoc", {"paths": ["inbox"]}), ("poll/poll", {}))
SETTINGS = {"NEWSFOLD_ALLOW_PRIVATE": "true", "PREFECT_WORKER_QUERY_SECONDS": "2"}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    made = Stack(tmp_path_factory.mktemp("stack"), SETTINGS)
    with nothing_left(made.home), made.up():
        paused = made.run("deploy", "prefect", "--no-prompt", "deployment", "schedule", "pause", "--all")
        assert paused.returncode == 0, paused.stderr  # a poll on the quarter-hour would have the place of one asked for
        yield made


def query(stack: Stack, role: str, statement: str, database: str = "news") -> list[Any]:
    engine = create_engine(stack.address(role, database))
    with engine.connect() as conn:
        rows = conn.execute(text(statement)).all()
    engine.dispose()
    return [tuple(row) for row in rows]


def started(stack: Stack, deployment: str, **parameters: object) -> str:
    """Ask for a run as the runbook does, and return its id."""
    given = [f"--param={name}={json.dumps(value)}" for name, value in parameters.items()]
    done = stack.run("deploy", "prefect", "deployment", "run", deployment, *given)
    assert done.returncode == 0, done.stderr
    [run] = ask(
        stack.api,
        "/flow_runs/filter",
        {"sort": "EXPECTED_START_TIME_DESC", "limit": 1, "flow_runs": {"name": {"any_": [named(done.stdout)]}}},
    )
    return str(run["id"])


def named(printed: str) -> str:
    """Return the name of the run that `prefect deployment run` tells."""
    return printed.split("Created flow run '")[1].split("'")[0]


def ended(stack: Stack, run_id: str, seconds: float = 120) -> dict[str, Any]:
    def seen() -> dict[str, Any] | None:
        state = ask(stack.api, f"/flow_runs/{run_id}")["state"]
        return state if state["type"] in {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"} else None

    return dict(wait_until(seen, seconds, stack.home))


def test_the_file_is_one_that_compose_can_read():
    command = [Path(sys.executable).with_name("check-jsonschema"), "--builtin-schema", "vendor.compose-spec"]
    done = subprocess.run([*command, DEPLOY / "compose.yaml"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_services_come_up_in_order(stack: Stack):
    at = {name: number for number, name in enumerate(stack.order)}
    assert at["db"] < at["databases"] < min(at["server"], at["migrate"])
    assert at["server"] < at["deploy"]
    assert at["worker"] == len(at) - 1
    for name in ("server", "worker"):
        wait_until(lambda name=name: stack.healthy(name), 60, stack.home)
    assert query(stack, "newsfold_loader", "select distinct tableowner from pg_tables where tablename = 'article'") == [
        ("newsfold_owner",)
    ]
    assert query(stack, "prefect", "select count(*) from deployment", "prefect") == [(5,)]


def test_a_run_of_a_deployment_loads_articles_that_the_reader_sees(stack: Stack):
    shutil.copytree(SAMPLE, stack.home / "inbox", ignore=shutil.ignore_patterns("broken"))
    before = {process.pid for process in alive(stack.home)}
    wrong, right = started(stack, "ingest/adhoc", paths=["nowhere"]), started(stack, "ingest/daily")
    state = ended(stack, wrong)
    assert (state["type"], state["message"]) == ("FAILED", "no such file or folder: nowhere")
    state = ended(stack, right)
    assert state["type"] == "COMPLETED", state["message"]
    [(articles, stories)] = query(stack, "newsfold_reader", "select count(*), count(distinct story_id) from v_articles")
    assert articles > stories > 20

    wait_until(lambda: {process.pid for process in alive(stack.home)} <= before, 60, stack.home)
    log = (stack.home / "worker.log").read_text("utf-8")
    assert "no such file or folder: nowhere" in log
    assert "Traceback" not in log, "the line says it all"


def test_a_run_keeps_out_its_like_alone_and_stops_soon_when_it_is_cancelled_and_the_next_goes_on(stack: Stack):
    """The run is in the midst of a list of pages, which it reads politely."""
    with pages() as site:
        (stack.home / "slow.urls").write_text("\n".join(f"{site}/{number}" for number in range(100)), "utf-8")
        before = {process.pid for process in alive(stack.home)}
        run_id = started(stack, "ingest/adhoc", paths=["slow.urls"], source="slow", jobs=2)
        wait_until(
            lambda: len(query(stack, "newsfold_reader", "select 1 from v_runs where status = 'running'")),
            60,
            stack.home,
        )
        time.sleep(3)  # it is reading

        second, other = (started(stack, name, **given) for name, given in OVERLAPPING)
        assert ended(stack, second)["type"] == "CANCELLED", "CANCEL_NEW, as prefect.yaml says"
        assert ended(stack, other)["type"] == "COMPLETED", "another deployment is not held up"
        assert ask(stack.api, f"/flow_runs/{run_id}")["state"]["type"] == "RUNNING"

        assert stack.run("deploy", "prefect", "flow-run", "cancel", run_id).returncode == 0
        assert ended(stack, run_id)["type"] == "CANCELLED"
        wait_until(lambda: {process.pid for process in alive(stack.home)} <= before, MAY_TAKE_SECONDS, stack.home)
    states = ask(stack.api, f"/flow_run_states/?flow_run_id={run_id}")
    at = {state["type"]: datetime.fromisoformat(state["timestamp"]) for state in states}
    assert at["CANCELLED"] - at["CANCELLING"] < timedelta(seconds=MAY_TAKE_SECONDS)

    told = query(stack, "newsfold_reader", "select status from v_runs where parameters ->> 'source' = 'slow'")
    assert told == [("cancelled",)]
    check = stack.run("migrate", "newsfold", "db", "check")
    assert check.returncode == 0, check.stdout
    state = ended(stack, started(stack, "ingest/adhoc", paths=["inbox"], source="inbox"))
    assert state["type"] == "COMPLETED"
    assert " 0 loaded + " in state["message"], "what was loaded is not loaded again"


def test_no_password_is_told_anywhere(stack: Stack):
    """Not printed, not logged, not kept: by runs that go well, and by commands that cannot connect."""
    feed = ended(stack, started(stack, "poll/poll"))
    assert feed["type"] == "COMPLETED", feed["message"]
    wrong = f"hush{'0' * 24}"
    address = stack.address("newsfold_loader")
    refused = address.replace(stack.passwords["LOADER_PASSWORD"], wrong)
    as_option = refused.replace(f":{wrong}@", "@") + f"?password={wrong}"
    for url, code, *command in (
        (address, 0, "ingest", "inbox"),
        (address, 0, "sources", "poll"),
        (refused, 1, "ingest", "inbox"),
        (refused, 1, "sources", "poll", "--direct"),
        (refused, 0, "settings"),
        (as_option, 1, "ingest", "inbox", "--direct"),
        (as_option, 1, "db", "upgrade"),
    ):
        done = stack.run("worker", "newsfold", *command, variables={"NEWSFOLD_DATABASE_URL": url})
        assert done.returncode == code, done.stderr
    kept = "".join(dumped(stack, role, name) for role, name in (("newsfold_owner", "news"), ("prefect", "prefect")))
    told = "".join(log.read_text("utf-8") for log in stack.home.glob("*.log"))
    assert "newsfold_loader:***@" in kept
    assert "newsfold: postgresql" in told
    assert [name for name, word in {**stack.passwords, "wrong": wrong}.items() if word in kept + told] == []


def test_a_dump_is_restored_as_the_runbook_says(stack: Stack):
    lines = re.findall(r"^(?:pg_|NEWSFOLD_).*", RESTORE, re.MULTILINE)
    dump, restore, [_database, *check] = (shlex.split(line) for line in lines)
    assert stack.run("databases", "createdb", "restored").returncode == 0
    roles = stack.run("databases", "psql", "--quiet", "--dbname", "restored", "--file", str(DEPLOY / "roles.sql"))
    assert roles.returncode == 0, roles.stderr
    for command in (dump, restore):
        done = stack.run("db", *command, variables={"PGPASSWORD": stack.passwords["OWNER_PASSWORD"]})
        assert done.returncode == 0, done.stderr
    address = stack.address("newsfold_owner", "restored")
    assert stack.run("migrate", *check, variables={"NEWSFOLD_DATABASE_URL": address}).returncode == 0
    count = "select count(*), sum(length(body)) from v_articles"
    assert query(stack, "newsfold_reader", count, "restored") == query(stack, "newsfold_reader", count) != [(0, None)]


def dumped(stack: Stack, role: str, database: str) -> str:
    address = stack.address(role, database).replace("+psycopg", "")
    done = stack.run(
        "db",
        "pg_dump",
        "--dbname",
        database,
        variables={"PGUSER": role, "PGPASSWORD": address.split(":")[2].split("@")[0], "PGHOST": "127.0.0.1"},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
