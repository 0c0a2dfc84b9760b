"""Paragraphs that repeat across one site: learned from what is stored, handed to cleaning as a value."""

from __future__ import annotations

from sqlalchemy import Engine, select, text

from etl.db.connect import reading, writing
from etl.db.schema import known_paragraph, publisher
from etl.records import KnownParagraphs

LEAST_WORDS = 4  # shorter ones are headings and names, which stories share by nature
LEAST_STORIES = 5  # otherwise different stories of one publisher
MOST_PUBLISHERS = 2  # what more of them print is agency copy, however often it is seen

# Articles of one story count once: copies repeat each other. Publishers that are not known count as one.
_LEARN = text(
    f"""
    INSERT INTO known_paragraph (publisher_id, text_hash, stories, run_id)
    WITH repeated AS (
        SELECT a.publisher_id, p.text_hash, count(DISTINCT a.story_id) AS stories
        FROM paragraph p
        JOIN article a ON a.article_id = p.article_id
        WHERE p.word_count >= {LEAST_WORDS} AND a.publisher_id IS NOT NULL AND a.story_id IS NOT NULL
        GROUP BY a.publisher_id, p.text_hash
        HAVING count(DISTINCT a.story_id) >= {LEAST_STORIES}
    ),
    local AS (
        SELECT p.text_hash
        FROM (SELECT DISTINCT text_hash FROM repeated) r
        JOIN paragraph p ON p.text_hash = r.text_hash
        JOIN article a ON a.article_id = p.article_id
        GROUP BY p.text_hash
        HAVING count(DISTINCT coalesce(a.publisher_id, 0)) <= {MOST_PUBLISHERS}
    )
    SELECT r.publisher_id, r.text_hash, r.stories, CAST(:run_id AS bigint)
    FROM repeated r
    JOIN local l ON l.text_hash = r.text_hash
    WHERE true
    ORDER BY r.publisher_id, r.text_hash
    ON CONFLICT DO NOTHING
    """  # noqa: S608 - the numbers above
)


def known_paragraphs(engine: Engine) -> KnownParagraphs:
    """Return what has been learned so far."""
    wanted = select(publisher.c.name, known_paragraph.c.text_hash).join(publisher)
    found: dict[str, set[int]] = {}
    with reading(engine) as conn:
        for name, text_hash in conn.execute(wanted):
            found.setdefault(name, set()).add(text_hash)
    return KnownParagraphs({name: frozenset(hashes) for name, hashes in found.items()})


def learn(engine: Engine, run_id: int) -> int:
    """Add the paragraphs that have turned out to repeat across a site, and return how many are new."""
    with writing(engine) as conn:
        return conn.execute(_LEARN, {"run_id": run_id}).rowcount
