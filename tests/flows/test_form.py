"""The parameters of the flow are the form in Prefect's UI: typed, explained, and closed to passwords."""

from typing import Any, get_args

import pytest
from prefect.exceptions import ParameterTypeError
from prefect.utilities.callables import parameter_schema
from prefect.utilities.schema_tools.validation import is_valid

from etl.sources.kinds import kinds
from flows.ingest import Format, ingest

SCHEMA: dict[str, Any] = parameter_schema(ingest).model_dump()
FIELDS = SCHEMA["properties"]


@pytest.mark.parametrize("name", FIELDS)
def test_every_parameter_is_explained(name: str):
    assert len(FIELDS[name].get("description", "").split()) >= 5


def test_only_the_paths_must_be_given():
    assert SCHEMA["required"] == ["paths"]
    assert ingest.description.startswith("Read documents")


def test_choices_are_choices():
    assert FIELDS["task_runner"]["enum"] == ["threads", "processes", "dask", "ray"]
    assert set(FIELDS["format"]["enum"]) == {"auto", *kinds()} == set(get_args(Format))


def test_types_are_types_and_not_their_names():
    """With `from __future__ import annotations` a served flow could not build its form."""
    assert not [name for name, hint in ingest.fn.__annotations__.items() if isinstance(hint, str)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"paths": []},
        {"paths": ["x"], "batch_size": 0},
        {"paths": ["x"], "jobs": 1000},
        {"paths": ["x"], "format": "pdf"},
        {"paths": ["x"], "task_runner": "spark"},
        {"paths": ["x"], "source": ""},
    ],
    ids=str,
)
def test_wrong_values_are_refused_by_form_and_flow(wrong: dict[str, Any]):
    assert not is_valid(wrong, SCHEMA)
    with pytest.raises(ParameterTypeError):
        ingest.validate_parameters(wrong)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://news:secret@db/news",
        "postgresql+psycopg://news:sec/ret@db:5432/news",
        "postgresql+psycopg://news:sec@ret@db/news",
        "postgresql://news:12345@db/news",
        "postgresql://news:12/345@db/news",
        "postgresql://db/news?password=secret",
        "postgresql://:secret@db/news",
    ],
)
def test_a_password_is_refused_before_it_is_stored(url: str):
    assert not is_valid({"paths": ["x"], "database_url": url}, SCHEMA), "the form would send it"
    with pytest.raises(ParameterTypeError):
        ingest.validate_parameters({"paths": ["x"], "database_url": url})


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///news.db",
        "sqlite:////var/lib/news@home.db",
        "postgresql://news@db/news",
        "postgresql+psycopg://news@db:5432/news",
        "postgresql:///news",
        "postgresql://[::1]:5432/news",
        None,
    ],
)
def test_addresses_without_one_are_taken(url: str | None):
    assert is_valid({"paths": ["x"], "database_url": url}, SCHEMA)
    assert ingest.validate_parameters({"paths": ["x"], "database_url": url})["database_url"] == url
