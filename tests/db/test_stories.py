"""Stories are found by time, publisher, agency, headline, words and number of copies, on both engines alike."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from etl.db.load import store
from etl.db.matching import matching
from etl.db.runs import start_run
from etl.db.stories import Filter, stories
from etl.errors import InputError
from etl.records import Member, Story
from tests.db.made import RULES, SCHEME, day, folded


@pytest.fixture
def news(engine):
    """A story of three articles on the first days of the month, and two of one article each."""
    run = start_run(engine, "ingest", {})
    lead = folded("a", ["The harbour froze overnight."], headline="Harbour froze", published=day(1))
    copy = folded("b", ["The harbour froze over night, ferries wait."], publisher="Other", published=day(4))
    third = folded("c", ["Harbour frozen."], publisher="Ünter", published=day(2))
    wire = folded("d", ["Гавань замёрзла. Ferries sail elsewhere."], headline="Ice 100%", published=day(6))
    wire = replace(wire, article=replace(wire.article, metadata=replace(wire.article.metadata, agency="Nordwire")))
    undated = folded("e", ["Apricots ripen."], headline="Fruit")
    store(engine, run, [lead, copy, third, wire, undated], [], SCHEME, RULES)
    with matching(engine, SCHEME.name) as table:
        a, b, c, d, e = table.pending()
        table.save_stories(
            [
                Story(a, (Member(a, "lead"), Member(b, "copy"), Member(c, "copy"))),
                *(Story(i, (Member(i, "lead"),)) for i in (d, e)),
            ]
        )
    return engine


def found(engine, sort="copies", limit=50, **wanted):
    return [story["headline"] for story in stories(engine, Filter(**wanted), sort, limit)]


def test_the_most_copied_come_first_or_the_newest(news):
    assert found(news) == ["Harbour froze", "Ice 100%", "Fruit"]
    assert found(news, "first") == found(news, "last") == ["Ice 100%", "Harbour froze", "Fruit"]
    assert found(news, limit=1) == ["Harbour froze"]
    assert json.dumps(stories(news, Filter()))


@pytest.mark.parametrize(
    ("wanted", "headlines"),
    [
        ({"least_copies": 2}, ["Harbour froze"]),
        ({"least_copies": 3}, []),
        ({"since": day(5)}, ["Ice 100%"]),
        ({"since": day(4)}, ["Harbour froze", "Ice 100%"]),
        ({"until": day(6)}, ["Harbour froze"]),
        ({"since": day(3), "until": day(4)}, []),
        ({"since": day(3), "until": day(5)}, ["Harbour froze"]),
        ({"publisher": "other"}, ["Harbour froze"]),
        ({"publisher": "Ünter"}, ["Harbour froze"]),
        ({"publisher": "Oth"}, []),
        ({"agency": "NORDWIRE"}, ["Ice 100%"]),
        ({"headline": "HARBOUR"}, ["Harbour froze"]),
        ({"headline": "%"}, ["Ice 100%"]),
        ({"search": "ferries"}, ["Harbour froze", "Ice 100%"]),
        ({"search": "ferries  harbour"}, ["Harbour froze"]),
        ({"search": "гавань"}, ["Ice 100%"]),
        ({"search": 'harbour" OR "apricots'}, []),
        ({"search": "apricots - *"}, ["Fruit"]),
        ({"search": "ferries", "agency": "Nordwire", "since": day(6)}, ["Ice 100%"]),
    ],
)
def test_each_filter_narrows_and_all_must_hold(news, wanted, headlines):
    assert found(news, **wanted) == headlines


def test_a_search_without_a_word_is_a_mistake(news):
    with pytest.raises(InputError, match="no word to search for"):
        found(news, search="!? --")
