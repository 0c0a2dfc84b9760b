"""A reading says of each word what its own characters and those in front of it say."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from etl.match.reading import KEY_BYTES, SHINGLE_WORDS, Reading, read, read_all
from etl.text import word_spans

BODIES = st.text(st.sampled_from("abAB'’ .\n\"“”()1²ßǅİé\u0301\u00ad日한😀,—"), max_size=60)
ENDS = ".!?:;\"“”„«»'’‘()[]—–-\n"


def opens(body, start):
    before = body[max(0, start - 3) : start].rstrip(" ")
    return not before or before[-1] in ENDS


@settings(max_examples=300, deadline=None)
@given(BODIES)
@example("The Mayor of  Osterhall, NATO and AB met.   Then “We go” (Photo: Quill)\n\nIt ended. A 2nd ǅungla")
def test_each_word_is_read_as_its_characters_say(body):
    reading, spans = read(body), word_spans(body)
    assert list(zip(reading.words, reading.starts, reading.ends, strict=True)) == spans
    capital = [body[s].isupper() and (e - s < 4 or not body[s:e].isupper()) for _, s, e in spans]
    for i, (word, start, _) in enumerate(spans):
        following = i + 1 < len(spans) and capital[i + 1]
        assert reading.names[i] == (capital[i] and (following or not opens(body, start)))
        assert reading.numbers[i] == any(map(str.isdigit, word))
        assert reading.openings[i] == next(k for k, (_, at, _) in enumerate(spans) if "\n" not in body[at:start])


@settings(max_examples=200, deadline=None)
@given(st.lists(BODIES | BODIES.map(lambda body: body * 30), max_size=8))
@example(["ﬁrst Mayor", "Second", "", "it 2nd", "½"])
def test_many_at_a_time_are_read_as_one_by_one(bodies):
    for together, alone in zip(read_all(bodies), map(read, bodies), strict=True):
        for name in Reading.__dataclass_fields__:
            assert list(getattr(together, name)) == list(getattr(alone, name))


@settings(max_examples=200, deadline=None)
@given(BODIES.map(lambda body: body * 3))
def test_equal_words_and_runs_have_equal_numbers(body):
    reading = read(body)
    keys = [reading.keys[at : at + KEY_BYTES] for at in range(0, len(reading.keys), KEY_BYTES)]
    assert len(set(zip(reading.words, keys, strict=True))) == len(set(reading.words)) == len(set(keys))
    runs = list(zip(*(reading.words[k:] for k in range(SHINGLE_WORDS)), strict=False))
    shingles = reading.shingles.tolist()
    assert len(shingles) == len(runs)
    assert len(set(zip(runs, shingles, strict=True))) == len(set(runs)) == len(set(shingles))


@settings(max_examples=200, deadline=None)
@given(BODIES, BODIES)
@example("ab", "aB 1 ab")
def test_a_text_is_asked_for_the_words_of_another(body, other):
    mine, others = read(body), read(other)
    for at, word in enumerate(others.words):
        assert mine.has_word_of(others, at) == (word in list(mine.words))


def test_quotations_and_captions_are_not_the_writers_own_telling():
    reading = read('He said "we go now" and left.\n\nA boat at dawn (Photo: Ada Quill)\n\nIt ended.')
    told = " ".join(word for word, own in zip(reading.words, reading.told, strict=True) if own)
    assert told == "he said and left it ended"
