"""Which articles are worth comparing: those that share rows. Queries over the temporary table `chosen`.

Two articles are a candidate pair if at least one of them is chosen, both have fingerprints of the scheme, and
- they share two keys of their sketches, or
- they share a paragraph of twelve words or more, or
- they have the same text; then only with the one of them that has the smallest identity. A star holds a
  family of k copies together by k - 1 pairs, where all pairs would be k * k / 2.
Keys and paragraphs that very many articles hold (ready phrases, boilerplate) say nothing and are passed over, see
`sketches.py`; the same whole text is never passed over. Articles whose turn to be compared is still to come are left
out, except for the same text.
"""

from __future__ import annotations

# ruff: noqa: S608 - the queries are put together from the pieces and numbers in this file
from sqlalchemy import Connection, text

from etl.db.sketches import MOST_HOLDERS, VISIBLE, key_holders, paragraph_holders

LEAST_SHARED_KEYS = 2  # finds .998 of edited copies; one key alone is mostly chance

# Everywhere CROSS JOIN with a condition: SQLite then keeps the order of the tables, and begins with the few.
# Left to itself it reads a stored table from end to end, to look each row up in the temporary one.

# Families of the same text: those of the chosen, and those that an exact pair has tied to one of them, whose
# centre has left if the text of that one is new.
_FAMILIES = """
    SELECT DISTINCT a.text_hash FROM chosen c CROSS JOIN article a WHERE a.article_id = c.article_id
"""
_FAMILIES_LEFT = """
    UNION
    SELECT a.text_hash
    FROM chosen c CROSS JOIN duplicate_pair d CROSS JOIN article a
    WHERE d.left_article_id = c.article_id AND d.relation = 'exact' AND a.article_id = d.right_article_id
    UNION
    SELECT a.text_hash
    FROM chosen c CROSS JOIN duplicate_pair d CROSS JOIN article a
    WHERE d.right_article_id = c.article_id AND d.relation = 'exact' AND a.article_id = d.left_article_id
"""
# A family in the order of identities: the first is the centre of its star.
_RANKED = """
    SELECT a.text_hash, a.article_id, row_number() OVER (PARTITION BY a.text_hash ORDER BY a.identity) AS place
    FROM family f CROSS JOIN article a CROSS JOIN fingerprint p
    WHERE a.text_hash = f.text_hash AND a.word_count > 0 AND p.article_id = a.article_id AND p.scheme_id = :scheme
"""

_TWINS = f"""
    WITH family AS ({_FAMILIES} {_FAMILIES_LEFT}),
    ranked AS ({_RANKED}),
    star AS (
        SELECT centre.article_id AS one, other.article_id AS two
        FROM ranked centre
        JOIN ranked other ON other.text_hash = centre.text_hash AND other.place > 1
        WHERE centre.place = 1
    )
    SELECT
        CASE WHEN s.one < s.two THEN s.one ELSE s.two END AS one,
        CASE WHEN s.one < s.two THEN s.two ELSE s.one END AS two
    FROM star s
    LEFT JOIN chosen c ON c.article_id = s.one
    LEFT JOIN chosen o ON o.article_id = s.two
    LEFT JOIN duplicate_pair d
        ON d.left_article_id = CASE WHEN s.one < s.two THEN s.one ELSE s.two END
        AND d.right_article_id = CASE WHEN s.one < s.two THEN s.two ELSE s.one END
    WHERE c.article_id IS NOT NULL OR o.article_id IS NOT NULL OR d.left_article_id IS NULL
"""

# What the ends must be: of this scheme, and no twins. An article is asked once a pair: what stands behind a long body
# in its row is dear to read.
_COMPARABLE = """
    SELECT s.one, s.two
    FROM (
        SELECT DISTINCT
            CASE WHEN one < two THEN one ELSE two END AS one, CASE WHEN one < two THEN two ELSE one END AS two
        FROM sharing
    ) s
    CROSS JOIN fingerprint f CROSS JOIN fingerprint p CROSS JOIN article l CROSS JOIN article r
    WHERE f.article_id = s.one AND f.scheme_id = :scheme AND p.article_id = s.two AND p.scheme_id = :scheme
        AND l.article_id = s.one AND r.article_id = s.two AND l.text_hash <> r.text_hash
"""

_SHARED_KEYS = f"""
    WITH telling AS (
        SELECT m.key
        FROM (SELECT DISTINCT key FROM own_key) m
        WHERE {key_holders("m.key")} BETWEEN 2 AND {MOST_HOLDERS}
    ),
    sharing AS (
        SELECT m.article_id AS one, o.article_id AS two
        FROM telling t CROSS JOIN own_key m CROSS JOIN sketch_key o
        WHERE m.key = t.key AND o.key = t.key AND o.article_id <> m.article_id
        GROUP BY m.article_id, o.article_id
        HAVING count(*) >= {LEAST_SHARED_KEYS}
    )
    {_COMPARABLE}
"""

_SHARED_PARAGRAPHS = f"""
    WITH telling AS (
        SELECT m.text_hash
        FROM (SELECT DISTINCT text_hash FROM own_paragraph) m
        WHERE {paragraph_holders("m.text_hash")} BETWEEN 2 AND {MOST_HOLDERS}
    ),
    sharing AS (
        SELECT m.article_id AS one, q.article_id AS two
        FROM telling t CROSS JOIN own_paragraph m CROSS JOIN paragraph q
        WHERE m.text_hash = t.text_hash AND q.text_hash = t.text_hash AND q.article_id <> m.article_id AND {VISIBLE}
    )
    {_COMPARABLE}
"""

_MOVED_STARS = f"""
    WITH family AS ({_FAMILIES}),
    ranked AS ({_RANKED})
    DELETE FROM duplicate_pair
    WHERE (left_article_id, right_article_id) IN (
        SELECT d.left_article_id, d.right_article_id
        FROM ranked l CROSS JOIN duplicate_pair d CROSS JOIN ranked r
        WHERE d.left_article_id = l.article_id AND l.place > 1
            AND r.article_id = d.right_article_id AND r.text_hash = l.text_hash AND r.place > 1
    )
    RETURNING left_article_id, right_article_id
"""


def candidate_pairs(conn: Connection, scheme_id: int, last: int) -> set[tuple[int, int]]:
    """Return the pairs of the articles in `chosen`, the smaller id first. Needs `own_rows`.

    last  all articles up to this number have been compared, or are compared now.
    """
    found: set[tuple[int, int]] = set()
    for query in (_TWINS, _SHARED_KEYS, _SHARED_PARAGRAPHS):
        named = {"scheme": scheme_id} | ({"last": last} if query is _SHARED_PARAGRAPHS else {})
        found.update([(row[0], row[1]) for row in conn.execute(text(query), named).all()])
    return found


def delete_moved_stars(conn: Connection, scheme_id: int) -> set[int]:
    """Delete pairs of twins that have lost the centre of their star to one of the articles in `chosen`.

    returns  the articles of these pairs.
    """
    return {end for pair in conn.execute(text(_MOVED_STARS), {"scheme": scheme_id}) for end in pair}
