"""One temporary Prefect server for all flow tests, and a few small documents."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.local import prepare_environment

prepare_environment()  # before Prefect is imported, as the command does

from prefect.testing.utilities import prefect_test_harness  # noqa: E402

HARBOUR = (
    "The harbour bridge of Ostmere opened to traffic on Monday after four years of work.\n\n"
    "The mayor, Ilse Brandt, cut the ribbon before some three hundred guests and praised the engineers.\n\n"
    "The old ferry will make its last crossing at the end of the month, the port authority said."
)
ORCHARD = (
    "Growers in the Velden valley expect the smallest apple harvest in twenty years.\n\n"
    "Two nights of frost in April destroyed most of the blossom, the growers' association reported.\n\n"
    "Prices in the shops are likely to rise before the winter, its chairman told members on Friday."
)
LIBRARY = (
    "The city library of Korr will stay open until midnight from September.\n\n"
    "Students had asked for longer hours, and a trial in the spring drew twice as many visitors as expected.\n\n"
    "The council set aside money for six more librarians in its budget on Thursday evening."
)


@pytest.fixture(scope="session")
def prefect_server() -> Iterator[None]:
    with prefect_test_harness(server_startup_timeout=120):
        yield


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """A folder with three articles, a copy of the first, and an empty file."""
    folder = tmp_path / "news"
    folder.mkdir()
    for name, text in {"a": HARBOUR, "b": ORCHARD, "c": LIBRARY, "d": HARBOUR, "empty": ""}.items():
        (folder / f"{name}.txt").write_text(text, "utf-8")
    return folder


@pytest.fixture
def database(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'flow.db'}"
