"""`newsfold serve` is a whole deployment: server, schedules, runs; and when it is told to stop nothing is left."""

from __future__ import annotations

import json
import shutil
import signal
import socket
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from flows.serve import served
from tests.deploy.processes import (
    ROOT,
    SAMPLE,
    alive,
    environment,
    free_port,
    nothing_left,
    pages,
    runs,
    start,
    wait_until,
)

FILE = ROOT / "deploy" / "prefect.yaml"
EVERY_SECONDS = 5
MAY_TAKE_SECONDS = 15


def often(home: Path, site: str) -> Path:
    """A file of two deployments that come due all the time: one is soon done, the other reads the web for minutes."""
    content: dict[str, Any] = yaml.safe_load(FILE.read_text("utf-8"))
    daily = next(one for one in content["deployments"] if one["name"] == "daily")
    (home / "slow.urls").write_text("\n".join(f"{site}/{number}" for number in range(100)), "utf-8")
    schedules = [{"interval": EVERY_SECONDS, "slug": "often"}]
    slow = {**daily, "name": "slow", "schedules": schedules, "parameters": {"paths": ["slow.urls"], "source": "slow"}}
    path = home / "often.yaml"
    path.write_text(yaml.safe_dump({"deployments": [{**daily, "schedules": schedules}, slow]}), "utf-8")
    return path


def serving(home: Path, file: Path | None = None, **variables: str) -> Any:
    env = environment(
        home, NEWSFOLD_HOME=str(home), NEWSFOLD_ALLOW_PRIVATE="true", PREFECT_RUNNER_POLL_FREQUENCY="1", **variables
    )
    command = ["newsfold", "serve", *(["--prefect-file", str(file)] if file else [])]
    return start(command, env, home / "serve.log")


def served_at(home: Path) -> str | None:
    """Return the address that the command prints."""
    lines = (home / "serve.log").read_text("utf-8").splitlines()
    return next((f"{line.split()[-1]}/api" for line in lines if line.startswith("runs start in ")), None)


def test_schedules_fire_articles_arrive_and_a_signal_ends_it_all(tmp_path: Path):
    shutil.copytree(SAMPLE, tmp_path / "inbox", ignore=shutil.ignore_patterns("broken", "*.html"))
    with pages() as site, nothing_left(tmp_path):
        process = serving(tmp_path, often(tmp_path, site))
        api = wait_until(lambda: served_at(tmp_path), 180, tmp_path)
        [done, *_] = wait_until(lambda: runs(api, "daily", "COMPLETED", "FAILED"), 120, tmp_path)
        wait_until(lambda: runs(api, "slow", "RUNNING"), 60, tmp_path)
        wait_until(lambda: runs(api, "slow", "CANCELLED"), 60, tmp_path)  # one that came due on top of it
        assert (done["state_type"], done["auto_scheduled"]) == ("COMPLETED", True)

        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
        assert time.monotonic() - began < MAY_TAKE_SECONDS
        assert alive(tmp_path) == []
    loaded = int(done["state"]["message"].partition(" read = ")[2].split()[0])
    with closing(sqlite3.connect(tmp_path / "newsfold.db")) as db:
        of_the_inbox = "select count(*) from v_articles where uri like '%/inbox/%'"
        assert db.execute(of_the_inbox).fetchone() == (loaded,)
        of_the_web = "select status from v_runs where parameters ->> 'source' = 'slow'"
        assert db.execute(of_the_web).fetchall() == [("cancelled",)]
    assert loaded > 10
    with closing(sqlite3.connect(tmp_path / "prefect" / "prefect.db")) as db:
        assert db.execute("select count(*) from flow_run where state_type = 'RUNNING'").fetchone() == (0,)


def test_after_a_power_cut_the_deployment_runs_again_and_the_dead_run_is_marked(tmp_path: Path):
    with pages() as site, nothing_left(tmp_path):
        serving(tmp_path, often(tmp_path, site))
        api = wait_until(lambda: served_at(tmp_path), 180, tmp_path)
        [dead] = wait_until(lambda: runs(api, "slow", "RUNNING"), 60, tmp_path)
        for process in alive(tmp_path):
            process.kill()
        five_minutes_pass(tmp_path / "prefect" / "concurrency_leases")

        (tmp_path / "serve.log").rename(tmp_path / "before.log")
        serving(tmp_path, tmp_path / "often.yaml")
        api = wait_until(lambda: served_at(tmp_path), 180, tmp_path)
        [crashed] = wait_until(lambda: runs(api, "slow", "CRASHED"), 120, tmp_path)
        [runs_now] = wait_until(lambda: runs(api, "slow", "RUNNING"), 60, tmp_path)
    assert crashed["id"] == dead["id"] != runs_now["id"]
    assert runs_now["name"] in crashed["state"]["message"]


def five_minutes_pass(leases: Path) -> None:
    """Write the leases as they would stand after that: over."""
    over = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
    index = leases / "expirations.json"
    assert json.loads(index.read_text("utf-8"))
    index.write_text(json.dumps(dict.fromkeys(json.loads(index.read_text("utf-8")), over)), "utf-8")
    for path in leases.glob("*-*.json"):
        path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), "expiration": over}), "utf-8")


def test_ctrl_c_while_the_server_starts_ends_it_too(tmp_path: Path):
    with nothing_left(tmp_path):
        process = serving(tmp_path)
        wait_until(lambda: len(alive(tmp_path)) > 1, 60, tmp_path)
        process.send_signal(signal.SIGINT)
        assert process.wait(MAY_TAKE_SECONDS) == 0
        assert alive(tmp_path) == []


def test_a_port_in_use_is_said_and_nothing_is_left(tmp_path: Path):
    with socket.socket() as taken, nothing_left(tmp_path):
        taken.bind(("127.0.0.1", free_port()))
        taken.listen()
        env = environment(tmp_path, NEWSFOLD_HOME=str(tmp_path))
        port = str(taken.getsockname()[1])
        process = start(["newsfold", "serve", "--port", port], env, tmp_path / "serve.log")
        assert process.wait(120) == 1
        said = (tmp_path / "serve.log").read_text("utf-8").strip().splitlines()[-1]
        assert said.startswith("newsfold: ")
        assert port in said
        assert alive(tmp_path) == []


@pytest.mark.parametrize("deployment", served(FILE), ids=lambda one: one.name)
def test_what_is_served_is_what_the_file_says(deployment: Any):
    [given] = [one for one in yaml.safe_load(FILE.read_text("utf-8"))["deployments"] if one["name"] == deployment.name]
    assert deployment.entrypoint == given["entrypoint"]
    assert deployment.parameters == given.get("parameters", {})
    assert deployment.tags == given["tags"]
    assert deployment.concurrency_limit == given["concurrency_limit"]["limit"]
    assert deployment.concurrency_options.collision_strategy == given["concurrency_limit"]["collision_strategy"]
    found = [(one.schedule.cron, one.schedule.timezone, one.slug) for one in deployment.schedules]
    assert found == [(one["cron"], one["timezone"], one["slug"]) for one in given["schedules"]]


def test_a_file_that_is_not_there_is_said(tmp_path: Path):
    process = serving(tmp_path, tmp_path / "none.yaml")
    assert process.wait(60) == 1
    assert "none.yaml: no such file" in (tmp_path / "serve.log").read_text("utf-8")
