"""The views: what the database offers to people and programs. Names and columns are a contract.

Each is written once for both engines; the few words in which they differ stand in `_DIALECTS`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Boolean, Connection, TableClause, column, inspect, table, text
from sqlalchemy.types import TypeEngine

from etl.db.types import Json, UtcDateTime


@dataclass(frozen=True, slots=True)
class View:
    """One view."""

    name: str
    comment: str  # one row per what
    columns: Mapping[str, str]  # name -> what it holds, in the order of the view
    select: str  # {join}, {seconds_since_fetch} and the like come from _DIALECTS


READER = "newsfold_reader"  # the role of deploy/roles.sql that may read the views and nothing else
# Grants of a view go with it when it is made anew. An owner holds its rights without a grant.
_READERS = """
SELECT DISTINCT r.rolname
FROM pg_class c
CROSS JOIN LATERAL aclexplode(c.relacl) g
JOIN pg_roles r ON r.oid = g.grantee
WHERE c.relname = ANY (:views) AND c.relnamespace = current_schema()::regnamespace
  AND g.privilege_type = 'SELECT' AND g.grantee <> c.relowner
UNION
SELECT rolname FROM pg_roles WHERE rolname = :role
ORDER BY 1
"""

_DIALECTS: dict[str, dict[str, Any]] = {
    "sqlite": {
        "join": "group_concat",
        "binary": "BINARY",
        "silent": "CAST(strftime('%s', 'now') - strftime('%s', coalesce(s.last_new_at, d.newest_at)) AS INTEGER)",
        "each": "json_each",
        "items": [f"json_extract(e.value, '$[{place}]')" for place in range(3)],
    },
    "postgresql": {
        "join": "string_agg",
        "binary": '"C"',
        "silent": "CAST(extract(epoch FROM now() - coalesce(s.last_new_at, d.newest_at)) AS bigint)",
        "each": "jsonb_array_elements",
        "items": ["(e.value ->> 0)::integer", "(e.value ->> 1)::integer", "(e.value ->> 2)::double precision"],
    },
}

# What a row of article says of its place in the world, in several views.
_ARTICLE = "Number of the article"

VIEWS = (
    View(
        "v_articles",
        "One row per article, with its current text",
        {
            "article_id": _ARTICLE,
            "external_id": "Id of the JSONL record it came from",
            "uri": "Where exactly its current text was read",
            "url": "Address it was fetched from",
            "publisher": "Who published it",
            "headline": "Headline; null when it has none",
            "standfirst": "Standfirst, the lines between headline and body",
            "body": "Text, paragraphs separated by a blank line",
            "authors": "Authors in the order of the byline, joined by '; '",
            "published_at": "When it was published, UTC; null when unknown",
            "published_raw": "published_at as it was found",
            "published_precision": "How exact it is: day, minute, second",
            "modified_at": "When it was changed last, by its own account, UTC",
            "language": "ISO 639-1, lower case",
            "section": "Section of the paper",
            "agency": "News agency that is credited",
            "word_count": "Words of the body",
            "story_id": "Story it belongs to; null until matched",
            "role": "Its part in the story: lead, copy, abridged, expanded",
            "copies": "Other articles in its story",
            "first_seen_at": "When its earliest document was fetched, UTC",
            "versions": "Earlier texts of it, see v_versions",
            "published_zone": "Zone of published_at: stated, or unknown (the clock is kept as it stood)",
            "published_origin": "Where published_at was found: given, json-ld, meta, time, url, text",
            "modified_raw": "modified_at as it was found",
            "modified_precision": "How exact modified_at is: day, minute, second",
            "modified_zone": "Zone of modified_at: stated or unknown",
            "dateline": "Place and date in front of the text",
            "canonical_url": "Address it claims for itself",
            "identity": "What makes it one article: GUID, canonical URL, normalised URL or uri",
            "fetched_at": "When its current text was fetched, UTC",
            "text_hash": "Hash of the body in normal form, 64 bit",
            "rule_version": "Version of the rules its text was cleaned with",
            "keywords": "Keywords it gives itself, a JSON list",
            "is_accessible_for_free": "Whether anybody may read it; null when it does not say",
            "origins": "Where each field was found, as JSON: given, json-ld, og, meta, link, html, time, url, title, "
            "h1, byline, text or detected",
            "declared_language": "Language it declares, where its text is plainly in another",
            "repaired": "Whether broken letters (mojibake) in it were mended",
            "charset": "Charset its current text was read with",
        },
        """
        SELECT a.article_id, a.external_id, d.uri, a.url, p.name AS publisher, a.headline, a.standfirst, a.body,
            (
                SELECT {join}(b.name, '; ')
                FROM (
                    SELECT w.name FROM article_author aa JOIN author w ON w.author_id = aa.author_id
                    WHERE aa.article_id = a.article_id ORDER BY aa.position
                ) b
            ) AS authors,
            a.published_at, a.published_raw, a.published_precision, a.modified_at, a.language, a.section, a.agency,
            a.word_count, a.story_id, a.role,
            (SELECT count(*) FROM article o WHERE o.story_id = a.story_id AND o.article_id <> a.article_id) AS copies,
            a.first_seen_at,
            (SELECT count(*) FROM article_version v WHERE v.article_id = a.article_id) AS versions,
            a.published_zone, a.published_origin, a.modified_raw, a.modified_precision, a.modified_zone, a.dateline,
            a.canonical_url, a.identity, a.fetched_at, a.text_hash, a.rule_version, a.keywords,
            a.is_accessible_for_free, a.origins, a.declared_language, a.repaired, d.charset
        FROM article a
        JOIN document d ON d.document_id = a.document_id
        LEFT JOIN publisher p ON p.publisher_id = a.publisher_id
        """,
    ),
    View(
        "v_stories",
        "One row per story: a lead article and its copies",
        {
            "story_id": "Number of the story, which is that of its lead article",
            "lead_article_id": "Article that leads it: published first, else longest",
            "headline": "Headline of the lead",
            "first_published_at": "Earliest publication among its articles, UTC",
            "last_published_at": "Latest publication among its articles, UTC",
            "copies": "Articles in it besides the lead",
            "publishers": "Different publishers among its articles",
            "lead_publisher": "Publisher of the lead",
            "lead_url": "Address of the lead",
        },
        """
        SELECT s.story_id, s.story_id AS lead_article_id, lead.headline,
            min(a.published_at) AS first_published_at, max(a.published_at) AS last_published_at,
            count(*) - 1 AS copies, count(DISTINCT a.publisher_id) AS publishers,
            p.name AS lead_publisher, lead.url AS lead_url
        FROM story s
        JOIN article lead ON lead.article_id = s.story_id
        JOIN article a ON a.story_id = s.story_id
        LEFT JOIN publisher p ON p.publisher_id = lead.publisher_id
        GROUP BY s.story_id, lead.headline, p.name, lead.url
        """,
    ),
    View(
        "v_copies",
        "One row per article that is not the lead of its story",
        {
            "story_id": "Number of the story",
            "article_id": "The copy",
            "lead_article_id": "The lead",
            "relation": "What it is to the lead: exact, near, abridged, expanded",
            "jaccard": "Similarity to the lead, estimated from the signatures, 0 to 1; null: joined by another copy",
            "containment": "Share of the smaller text's shingles found in the larger, 0 to 1",
            "coverage": "Share of the smaller text's words inside shared passages, 0 to 1",
            "shared_paragraphs": "Paragraphs it has in common with the lead",
        },
        """
        SELECT a.story_id, a.article_id, a.story_id AS lead_article_id,
            CASE WHEN d.relation = 'exact' THEN 'exact' WHEN a.role = 'copy' THEN 'near' ELSE a.role END AS relation,
            d.jaccard, d.containment, d.coverage, d.shared_paragraphs
        FROM article a
        LEFT JOIN duplicate_pair d
            ON d.left_article_id = CASE WHEN a.article_id < a.story_id THEN a.article_id ELSE a.story_id END
            AND d.right_article_id = CASE WHEN a.article_id < a.story_id THEN a.story_id ELSE a.article_id END
        WHERE a.article_id <> a.story_id
        """,
    ),
    View(
        "v_duplicate_pairs",
        "One row per pair of articles that were compared on their text and share some of it",
        {
            "left_article_id": "The article with the smaller number",
            "right_article_id": "The other",
            "relation": "exact, near, contained or shares_passage (which joins no story)",
            "jaccard": "Similarity estimated from the signatures, 0 to 1",
            "containment": "Share of the smaller text's shingles found in the larger, 0 to 1",
            "coverage": "Share of the smaller text's words inside shared passages, 0 to 1",
            "shared_paragraphs": "Paragraphs they have in common",
            "passages": "Shared passages: [left start, left end, right start, right end] in characters of the bodies",
            "scheme": "Scheme of the fingerprints",
            "matcher": "Rules and numbers it was verified by, see the table matcher; null when not known",
        },
        """
        SELECT d.left_article_id, d.right_article_id, d.relation, d.jaccard, d.containment, d.coverage,
            d.shared_paragraphs, d.passages, s.name AS scheme, m.name AS matcher
        FROM duplicate_pair d
        JOIN scheme s ON s.scheme_id = d.scheme_id
        LEFT JOIN matcher m ON m.matcher_id = d.matcher_id
        """,
    ),
    View(
        "v_paragraph_pairs",
        "One row per paragraph that has a counterpart in the other article of a pair",
        {
            "left_article_id": "The article with the smaller number",
            "right_article_id": "The other",
            "left_position": "Place of the paragraph in the left body, from 0",
            "right_position": "Place of its counterpart in the right body, from 0",
            "kind": "equal in normal form, or near: edited, cut, or a part of the other",
            "similarity": "Share of the words of both that stand in shared runs, 0 to 1; 1: equal",
            "left_text": "The paragraph",
            "right_text": "Its counterpart",
            "relation": "What the two articles are to each other: exact, near, contained, shares_passage",
        },
        """
        SELECT d.left_article_id, d.right_article_id, l.position AS left_position, r.position AS right_position,
            CASE WHEN {items[2]} = 1 THEN 'equal' ELSE 'near' END AS kind, {items[2]} AS similarity,
            substr(a.body, l.char_start + 1, l.char_end - l.char_start) AS left_text,
            substr(b.body, r.char_start + 1, r.char_end - r.char_start) AS right_text,
            d.relation
        FROM duplicate_pair d
        CROSS JOIN {each}(d.paragraphs) e
        JOIN paragraph l ON l.article_id = d.left_article_id AND l.position = {items[0]}
        JOIN paragraph r ON r.article_id = d.right_article_id AND r.position = {items[1]}
        JOIN article a ON a.article_id = d.left_article_id
        JOIN article b ON b.article_id = d.right_article_id
        """,
    ),
    View(
        "v_duplicate_paragraphs",
        "One row per paragraph of four words or more that was found more than once",
        {
            "text": "The paragraph, in one of its spellings",
            "word_count": "Words of it; null when it stands in no text, because all of it was removed",
            "times": "How often it was found, in texts and among what was removed as a repeat or as known",
            "articles": "Articles it stands in",
            "publishers": "Different publishers among them",
            "kind": "boilerplate: of one site; shared: by several articles; repeat_in_article: twice in one",
            "text_hash": "Hash of its normal form, 64 bit",
        },
        """
        SELECT min(o.text COLLATE {binary}) AS text, max(o.word_count) AS word_count,
            CASE WHEN count(*) < 2 THEN 2 ELSE count(*) END AS times,
            count(DISTINCT o.article_id) AS articles, count(DISTINCT o.publisher_id) AS publishers,
            CASE
                WHEN EXISTS (SELECT 1 FROM known_paragraph k WHERE k.text_hash = o.text_hash) THEN 'boilerplate'
                WHEN count(DISTINCT o.article_id) > 1 THEN 'shared'
                ELSE 'repeat_in_article'
            END AS kind,
            o.text_hash
        FROM (
            SELECT p.text_hash, p.article_id, a.publisher_id, p.word_count, 0 AS repeats,
                substr(a.body, p.char_start + 1, p.char_end - p.char_start) AS text
            FROM paragraph p
            JOIN article a ON a.article_id = p.article_id
            WHERE p.word_count >= 4
            UNION ALL
            SELECT r.text_hash, r.article_id, a.publisher_id, NULL,
                CASE WHEN r.rule = 'repeat' THEN 1 ELSE 0 END, r.text
            FROM removed_block r
            JOIN article a ON a.article_id = r.article_id
            WHERE r.rule IN ('repeat', 'known') AND r.text_hash IS NOT NULL
        ) o
        GROUP BY o.text_hash
        HAVING count(DISTINCT o.article_id) > 1 OR sum(o.repeats) > 0
        """,
    ),
    View(
        "v_removed",
        "One row per block of text that is not in the body of its article",
        {
            "article_id": _ARTICLE,
            "url": "Address of the article",
            "publisher": "Who published it",
            "position": "Place among all blocks of the document, from 0",
            "text": "What was removed",
            "rule": "Rule that removed it",
            "detail": "What the rule saw",
            "rule_version": "Version of the rules",
        },
        """
        SELECT r.article_id, a.url, p.name AS publisher, r.position, r.text, r.rule, r.detail, r.rule_version
        FROM removed_block r
        JOIN article a ON a.article_id = r.article_id
        LEFT JOIN publisher p ON p.publisher_id = a.publisher_id
        """,
    ),
    View(
        "v_versions",
        "One row per earlier text of an article",
        {
            "article_id": _ARTICLE,
            "version": "1 for the oldest",
            "headline": "Headline of this text",
            "body": "This text",
            "replaced_at": "When the next text was changed by its own account, else fetched, UTC",
            "words_added": "Words the next text has and this has not",
            "words_removed": "Words this text has and the next has not",
            "reason": "changed: by its publisher; reclean: by newer rules",
            "version_at": "When this text was changed or published by its own account, UTC",
            "fetched_at": "When this text was fetched, UTC",
            "uri": "Where exactly this text was read",
        },
        """
        SELECT v.article_id,
            row_number() OVER (
                PARTITION BY v.article_id
                ORDER BY v.version_at NULLS FIRST, d.fetched_at, d.sha256, d.uri, v.reason DESC,
                    length(v.rule_version), v.rule_version
            ) AS version,
            v.headline, v.body, v.replaced_at, v.words_added, v.words_removed, v.reason, v.version_at, d.fetched_at,
            d.uri
        FROM article_version v
        JOIN document d ON d.document_id = v.document_id
        """,
    ),
    View(
        "v_rejected",
        "One row per document that could not become an article",
        {
            "uri": "Where it was, or should have been, read",
            "stage": "Stage that refused it: read, parse, strip, fingerprint, load",
            "reason": "Stable short name of the reason",
            "detail": "The reason for people",
            "attempts": "Times it was refused: with another outcome, by other rules, or in another try",
            "first_rejected_run": "Run that refused it first",
            "last_rejected_run": "Run of its latest attempt",
            "first_rejected_at": "When the first of these runs began, UTC",
            "last_rejected_at": "When the last of these runs began, UTC",
            "source": "Source it was read for; null when nothing could be read",
            "media_type": "text/html, text/plain or application/json",
            "fetched_at": "When it was fetched, UTC",
            "sha256": "SHA-256 of its bytes, hex; empty when nothing could be read",
            "rule_version": "Version of the rules that refused it",
        },
        """
        SELECT r.uri, r.stage, r.reason, r.detail, r.attempts, r.first_run_id AS first_rejected_run,
            r.last_run_id AS last_rejected_run, f.started_at AS first_rejected_at, l.started_at AS last_rejected_at,
            s.name AS source, d.media_type, d.fetched_at, r.sha256, r.rule_version
        FROM rejection r
        JOIN run f ON f.run_id = r.first_run_id
        JOIN run l ON l.run_id = r.last_run_id
        LEFT JOIN document d ON d.document_id = r.document_id
        LEFT JOIN source s ON s.source_id = d.source_id
        """,
    ),
    View(
        "v_runs",
        "One row per run",
        {
            "run_id": "Number of the run",
            "flow": "Flow that ran: ingest, poll, reclean, rematch",
            "status": "running, done, failed, cancelled; or crashed: killed, as the run after it found",
            "started_at": "When it began, UTC",
            "seconds": "How long it took",
            "read_count": "Documents read = loaded + unchanged + rejected",
            "loaded_count": "Documents that were new or done again",
            "unchanged_count": "Documents an earlier run had stored, byte for byte",
            "rejected_count": "Documents that could not become an article",
            "finished_at": "When it ended, UTC; null while it runs",
            "parameters": "What it was started with, secrets masked",
        },
        """
        SELECT run_id, flow, CASE WHEN crashed THEN 'crashed' WHEN cancelled THEN 'cancelled' ELSE status END AS status,
            started_at, seconds, read_count, loaded_count, unchanged_count, rejected_count, finished_at, parameters
        FROM run
        """,
    ),
    View(
        "v_sources",
        "One row per source",
        {
            "name": "Name of the source",
            "kind": "adhoc: named when a run was started; else feed, sitemap, page, folder or a format of files",
            "last_ok_at": "When it was last read or found unchanged; adhoc: time of its newest loaded document, UTC",
            "failures": "Documents of it that stand rejected",
            "silent_for": "Seconds since it had something new; adhoc: since its newest document",
            "documents": "Documents read for it, loaded or rejected",
            "health": "new, ok, failing, robots-refused, silent or shrinking, as of its latest poll",
            "failures_in_a_row": "Polls in a row that failed",
            "last_error": "Why the latest poll failed, or what was wrong with the list",
            "enabled": "It is polled when it is due",
            "last_polled_at": "When it was asked last, UTC",
            "last_new_at": "When it last had something new, UTC",
            "next_poll_at": "When it is due, UTC; null: at once",
            "wait_seconds": "Time between two polls while all is well",
            "items_seen": "Items of all its lists, each once",
            "items_now": "Items in its latest list",
            "items_usual": "Items in its list as a rule",
            "items_pending": "Items whose page is still to be read",
            "url": "Address of the feed, sitemap or page, or path of files; null: adhoc",
            "moved_to": "Address that a permanent redirect leads to, and that is asked instead",
        },
        """
        SELECT s.name, s.kind, coalesce(s.last_ok_at, d.last_loaded_at) AS last_ok_at,
            coalesce(d.failures, 0) AS failures, {silent} AS silent_for, coalesce(d.documents, 0) AS documents,
            s.health, s.failures AS failures_in_a_row, s.last_error, s.enabled, s.last_polled_at, s.last_new_at,
            s.next_poll_at, s.wait_seconds, s.items_seen, s.items_now, s.items_usual,
            coalesce(i.items_pending, 0) AS items_pending, s.url, s.moved_to
        FROM source s
        LEFT JOIN (
            SELECT d.source_id, max(CASE WHEN d.article_id IS NOT NULL THEN d.fetched_at END) AS last_loaded_at,
                count(r.rejection_id) AS failures, count(d.document_id) AS documents, max(d.fetched_at) AS newest_at
            FROM document d
            LEFT JOIN rejection r ON r.document_id = d.document_id
            GROUP BY d.source_id
        ) d ON d.source_id = s.source_id
        LEFT JOIN (
            SELECT source_id, count(*) AS items_pending FROM source_item WHERE state = 'pending' GROUP BY source_id
        ) i ON i.source_id = s.source_id
        """,
    ),
    View(
        "v_quality",
        "One row per check of what a run brought, made after the run",
        {
            "run_id": "Run after which it was made",
            "checked_at": "When that run began, UTC",
            "flow": "Flow of that run",
            "source": "Source it is about; null: the whole database",
            "metric": "documents: new ones of the run; rejected, undated, no_headline, no_author: share of them, "
            "0 to 1; daily_documents: new ones of 24 hours; oversized_stories: stories above story_size_alarm",
            "documents": "Documents it was measured on",
            "value": "What was found",
            "usual": "Median of the earlier checks of this source; null: too few of them",
            "alarm": "It is far from what is usual",
            "fresh": "It is an alarm, and the check before it was none",
        },
        """
        SELECT q.run_id, r.started_at AS checked_at, r.flow, s.name AS source, q.metric, q.documents, q.value,
            q.usual, q.alarm, q.fresh
        FROM quality_check q
        JOIN run r ON r.run_id = q.run_id
        LEFT JOIN source s ON s.source_id = q.source_id
        """,
    ),
)


def handle(name: str) -> TableClause:
    """Return a view as something to select from, with types for its instants and its JSON."""
    [view] = [view for view in VIEWS if view.name == name]
    return table(name, *(column(name, _type(name)) for name in view.columns))


def readers(conn: Connection) -> list[str]:
    """Return the PostgreSQL roles that may read the views: those that were granted one, and newsfold_reader."""
    if conn.dialect.name != "postgresql":
        return []
    return list(conn.scalars(text(_READERS), {"views": [view.name for view in VIEWS], "role": READER}))


def drop(conn: Connection) -> None:
    """Drop those of the views that exist."""
    present = set(inspect(conn).get_view_names())
    for view in VIEWS:
        if view.name in present:
            conn.exec_driver_sql(f"DROP VIEW {view.name}")


def create(conn: Connection, readers: Sequence[str] = ()) -> None:
    """Create all views; PostgreSQL keeps their comments as well, and grants them to the readers again."""
    words = _DIALECTS[conn.dialect.name]
    for view in VIEWS:
        conn.exec_driver_sql(f"CREATE VIEW {view.name} AS {view.select.format(**words)}")
        if conn.dialect.name == "postgresql":
            conn.exec_driver_sql(_comments(view))
            for role in readers:
                conn.exec_driver_sql(f"GRANT SELECT ON {view.name} TO {conn.dialect.identifier_preparer.quote(role)}")


def missing(conn: Connection) -> list[str]:
    """Return the names of views that the database lacks."""
    return sorted({view.name for view in VIEWS} - set(inspect(conn).get_view_names()))


def make_again(conn: Connection) -> None:
    """Make all views as they are defined here, for the same readers."""
    allowed = readers(conn)
    drop(conn)
    create(conn, allowed)


def _type(name: str) -> TypeEngine[Any] | None:
    if name in ("passages", "parameters", "keywords", "origins"):
        return Json
    if name in ("is_accessible_for_free", "repaired", "alarm", "fresh", "enabled"):
        return Boolean()
    return UtcDateTime() if name.endswith("_at") else None


def _comments(view: View) -> str:
    said = [f"COMMENT ON VIEW {view.name} IS {_quoted(view.comment)}"]
    said += [f"COMMENT ON COLUMN {view.name}.{name} IS {_quoted(what)}" for name, what in view.columns.items()]
    return "; ".join(said)


def _quoted(said: str) -> str:
    return "'" + said.replace("'", "''") + "'"
