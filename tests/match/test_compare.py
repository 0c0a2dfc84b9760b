"""Pairs written for this test: copies are found, look-alikes are not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.match import JOINING, compare, compare_all
from etl.records import StoredText
from etl.text import text_hash, words

comparing = import_module("etl.match.compare")  # the package has a function of this name
NOON = datetime(2031, 5, 6, 12, 0, tzinfo=UTC)

FERRY = [
    "Port Ellery's harbour council voted on Tuesday to keep the old car ferry running until the new bridge opens, "
    "ending a dispute that had split the island for most of the winter.",
    "The vote was seven to two. Council leader Marta Quill said the subsidy of 1.4 million crowns would come out of the "
    "reserve that was set aside for dredging, which is not needed before 2033.",
    '"Nobody on the island should have to swim to the dentist," she told a packed meeting in the customs house.',
    "Passengers had feared a winter without a crossing after the operator, Sandvik Lines, announced in March that it "
    "would lay up the ship. Some had already bought season tickets, and the school had drawn up plans to teach its "
    "older pupils by radio.",
    "The bridge, which is two years late, is now expected to open in the autumn of next year. Its builder blames soft "
    "ground under the northern pier, where 312 piles had to be driven instead of the 180 that had been planned.",
    "Two members voted against the plan. Olof Brandt, who runs the only taxi on the island, said the money would be "
    "better spent on a fast boat for patients, and asked for the accounts of the ferry to be opened.",
    "The council meets again in June to decide on fares, which have not risen for eleven years.",
]
OTHER = [
    "Growers in the upper valley began picking the first apricots of the year on Monday, ten days earlier than usual.",
    "A mild spring and no late frost have brought what the growers' union calls the best crop in a decade.",
    "Prices at the wholesale market opened at 38 crowns a crate and are expected to fall as the lower farms come in.",
    "Pickers are still wanted. The union has put up a list of farms with beds on its notice board in the station.",
]
FURNITURE = [
    "The Inland Mail Menu Search News Sport Weather Tides Puzzles Family notices Subscribe My account",
    "Join the morning letter of the Inland Mail and have the day's best reading in your box before breakfast.",
    "Everything printed here belongs to Inland Mail Publishers and may not be passed on without their consent.",
]
NOTICE = (
    "{bank} said it will sell {amount} million crowns of notes that fall due in {year} and pay {rate} percent a year. "
    "The notes come in pieces of 5,000 crowns and will be listed in the capital.\n\n"
    "The selling banks keep a fee of one half percent. Payment is due at the end of the month, and the parent company "
    "stands behind interest and principal."
)


def stored(number: int, paragraphs: list[str] | str, hours: float | None = 0.0, site: str | None = None) -> StoredText:
    body = paragraphs if isinstance(paragraphs, str) else "\n\n".join(paragraphs)
    return StoredText(
        article_id=number,
        identity=f"https://{site or 'site'}.example/{number}",
        body=body,
        published_at=None if hours is None else NOON + timedelta(hours=hours),
        precision=None if hours is None else "minute",
        publisher=site,
        text_hash=text_hash(body),
        paragraph_hashes=tuple(text_hash(p) for p in body.split("\n\n")),
        signature=None,
        scheme="s",
    )


def relation(left: StoredText, right: StoredText) -> str | None:
    match = compare(left, right)
    return match.relation if match else None


def test_the_same_text_in_another_dress_is_exact():
    dressed = [p.replace("'", "’").replace('"', "”").replace(" - ", " — ") for p in FERRY]
    match = compare(stored(1, FERRY), stored(2, dressed, 300.0))
    assert match is not None
    assert (match.relation, match.containment, match.coverage, match.jaccard) == ("exact", 1.0, 1.0, 1.0)


def test_an_edited_copy_is_near():
    edited = [p.replace("packed", "crowded").replace("expected", "due").replace("announced", "said") for p in FERRY]
    edited[0] = "PORT ELLERY (Wire) - " + edited[0]
    assert relation(stored(1, FERRY), stored(2, edited, 5.0)) == "near"


def test_a_copy_full_of_reading_errors_is_near():
    noisy = [" ".join(w if i % 7 else w[:1] + "~" + w[2:] for i, w in enumerate(p.split())) for p in FERRY]
    assert relation(stored(1, FERRY), stored(2, noisy, 5.0)) == "near"


def test_an_abridged_copy_is_contained():
    assert relation(stored(1, FERRY), stored(2, FERRY[:3], 3.0)) == "contained"
    assert relation(stored(1, FERRY), stored(2, [FERRY[0], FERRY[3], FERRY[5]], 3.0)) == "contained"


def test_a_teaser_that_stops_in_mid_sentence_is_contained():
    teaser = [*FERRY[:2], " ".join(FERRY[3].split()[:20]) + " ...", "Read the rest in the Inland Mail."]
    assert relation(stored(1, FERRY), stored(2, teaser, 8.0)) == "contained"


def test_an_expanded_copy_contains_the_shorter_one():
    assert relation(stored(1, FERRY), stored(2, [*FERRY[:5], *OTHER, *FERRY[5:]], 6.0)) == "contained"


def test_a_copy_in_another_sites_furniture_is_found():
    wrapped = [FURNITURE[0], *FERRY[:4], FURNITURE[1], *FERRY[4:], FURNITURE[2]]
    assert relation(stored(1, FERRY, site="a"), stored(2, wrapped, 9.0, "b")) in JOINING


def test_a_cut_copy_in_furniture_is_found_by_its_opening():
    captions = ["Waiting passengers look out over the grey water of the sound on Monday morning. (Photo: K. Holm)"] * 2
    wrapped = [FURNITURE[0], *captions, *FERRY[:3], FURNITURE[1], FURNITURE[2]]
    assert relation(stored(1, FERRY, site="a"), stored(2, wrapped, 9.0, "b")) in JOINING


def test_a_correction_of_one_figure_is_a_copy():
    corrected = [p.replace("1.4 million", "1.6 million") for p in FERRY]
    assert relation(stored(1, FERRY, site="a"), stored(2, corrected, 1.0, "a")) == "near"
    notice = NOTICE.format(bank="Hallam Bank", amount=250, year=2041, rate="4.25")
    assert relation(stored(1, notice, site="a"), stored(2, notice.replace("4.25", "4.75"), 0.7, "a")) == "near"


def test_one_form_with_other_names_and_numbers_is_no_copy():
    left = stored(1, NOTICE.format(bank="Hallam Bank", amount=250, year=2041, rate="4.25"), site="a")
    right = NOTICE.format(bank="Orrest Savings", amount=400, year=2038, rate="5.5")
    for hours in (0.5, 30.0, 200.0, None):
        assert relation(left, stored(2, right, hours, "b")) == "shares_passage"


DIVIDEND = (
    "The directors have declared a regular dividend of {cents} crowns a share, the same as for the quarter before, it was "
    "said in a statement. It will be paid at the end of the month to all who hold the shares two weeks earlier."
)


def test_the_only_figure_may_be_corrected_within_two_hours_alone():
    left, right = DIVIDEND.format(cents=22), DIVIDEND.format(cents=27)
    assert relation(stored(1, left), stored(2, right, 1.0)) == "near"
    assert relation(stored(1, left), stored(2, right, 12.0)) == "shares_passage"


def test_names_tell_apart_what_opens_alike():
    form = (
        "The planning board will hold a public hearing on a change of use, from farming to trade, in the council room of "
        "the old town hall, and everybody who wishes to be heard may speak for three minutes. It was asked for by {firm} "
        "for the field behind {street} in the north of the town, and drawings may be seen in the office of the clerk."
    )
    left = form.format(firm="Tolland Holdings", street="Quarry Lane")
    right = form.format(firm="Brandt Brothers", street="Mill Road")
    assert relation(stored(1, left), stored(2, right, 4.0)) == "shares_passage"


def test_another_name_in_the_first_sentence_tells_apart_what_agrees_elsewhere():
    form = (
        "{whom} is to sell bread at the spring fair, the market board said. The fair opens at noon with a speech by Mayor "
        "Ilse Harrow and music by the Tolland Band, and closes with fireworks above the river. Stalls are let by Erik "
        "Sandvik, and children come in free with a grown-up. Dogs must stay outside the gates."
    )
    left, right = form.format(whom="Quarry Bakery"), form.format(whom="Pellow Bakery")
    assert relation(stored(1, left), stored(2, right, 4.0)) == "shares_passage"


def test_one_form_with_other_names_is_no_copy_behind_furniture_either():
    left = NOTICE.format(bank="Hallam Bank", amount=250, year=2041, rate="4.25")
    right = NOTICE.format(bank="Orrest Savings", amount=250, year=2041, rate="4.25")
    assert relation(stored(1, left, site="a"), stored(2, [FURNITURE[0], right], 2.0, "b")) == "shares_passage"


def test_the_next_notice_in_the_same_words_is_no_copy_but_a_reprinted_story_is():
    notice = "The Central Bank of Corrance left its lending rate unchanged after its council met, a spokesman said."
    assert relation(stored(1, notice), stored(2, notice, 1.0)) == "exact"
    assert relation(stored(1, notice), stored(2, notice, 168.0)) == "shares_passage"
    assert relation(stored(1, FERRY), stored(2, FERRY, 168.0)) == "exact"


def test_own_reports_of_one_event_with_one_quotation_are_no_copies():
    said = (
        '"We have listened to the island all winter, and tonight we have answered it. The ferry stays, the timetable '
        "stays and the crew stays, until the first car has crossed the bridge and come back again. Whoever says that "
        'this cannot be paid for has not read the accounts," the statement said.'
    )
    left = [
        "Islanders cheered in the streets on Tuesday night when word came that their ferry had been saved.",
        said,
        "It was the end of a long quarrel in which neighbours had stopped greeting each other.",
    ]
    right = [
        "A divided council has found money for the Port Ellery crossing after all, though not for very long.",
        "In a statement handed out after the vote the majority defended itself.",
        said,
        "Opponents spoke of a costly gesture before the elections.",
    ]
    for sites in (("a", "b"), (None, None)):
        assert relation(stored(1, left, 0.0, sites[0]), stored(2, right, 2.0, sites[1])) == "shares_passage"


def test_two_stories_with_one_set_of_captions_are_no_copies():
    captions = [f"{p.split('.')[0][:130]}. (Photo: R. Tolland)" for p in FERRY[1:6]]
    left, right = stored(1, [*captions, FERRY[0]]), stored(2, [*captions, *OTHER[:2]], 2.0)
    assert relation(left, right) == "shares_passage"


def test_a_follow_up_on_old_background_is_no_copy():
    fresh = [*OTHER, "The council had promised more, said " + OTHER[1].lower(), OTHER[2].replace("38", "41")]
    follow_up = stored(2, [*fresh, *FERRY[4:6]], 30.0, "a")
    assert relation(stored(1, FERRY, site="a"), follow_up) == "shares_passage"


def test_a_site_s_flash_behind_another_opening_is_its_background():
    flash = FERRY[:2]
    retold = [FERRY[0].replace("on Tuesday", "this week"), FERRY[1].replace("would", "will")]
    later = [f"PORT ELLERY, May 4. {OTHER[0]}", *OTHER[1:], *retold]
    assert relation(stored(1, flash, site="a"), stored(2, later, 5.0, "a")) == "shares_passage"
    assert relation(stored(1, flash, site="a"), stored(2, [*retold, *OTHER], 5.0, "a")) in JOINING


def test_words_that_any_two_texts_have_are_no_opening():
    left = [f"At the end of the spring {OTHER[0]}", *OTHER[1:], *FERRY[3:6]]
    right = [f"At the end of the meeting {FERRY[0]}", FERRY[1], FERRY[2], FERRY[6], *FERRY[3:6]]
    assert relation(stored(1, left, 0.0, "a"), stored(2, right, 5.0, "b")) == "shares_passage"


def test_a_piece_quoted_whole_in_the_middle_of_another_story_days_later_is_no_copy():
    piece = " ".join(FERRY[3:6])
    later = [*OTHER, "What the paper wrote then: ", piece, *(f"{p} That was then, said Juna Pell." for p in OTHER)]
    assert relation(stored(1, piece, 0.0, "a"), stored(2, later, 200.0, "b")) == "shares_passage"
    assert relation(stored(1, piece, 0.0, "a"), stored(2, [piece, *OTHER], 200.0, "b")) == "contained"


NEXT_DAY = [
    "Port Ellery's old car ferry sailed on Wednesday with twice as many passengers as on any day this year, hours after "
    "the council's vote, and its crew of nine was promised work until the new bridge opens.",
    "Skipper Dagny Holm said she had not expected flowers on the bridge.",
]


def test_a_site_that_tells_on_with_most_of_the_earlier_text_behind_it_has_two_articles():
    later = [*NEXT_DAY, *FERRY[2:]]
    assert relation(stored(1, FERRY, site="a"), stored(2, later, 20.0, "a")) == "shares_passage"
    soon = stored(2, later, 1.0, "a")  # half an hour or a day: another beginning is another piece
    assert relation(stored(1, FERRY, site="a"), soon) == "shares_passage"


def test_the_first_take_of_a_site_belongs_to_its_story_whatever_furniture_stands_around_it():
    take, whole = [*FERRY[:3], "More to follow."], [FURNITURE[0], FURNITURE[1], *FERRY, FURNITURE[2]]
    assert relation(stored(1, take, site="a"), stored(2, whole, 1.0, "a")) == "contained"


def test_agency_copy_edited_by_two_desks_is_one_text_where_both_open_alike():
    edited = [
        FERRY[0],
        FERRY[1].replace("would come out of the reserve that was set aside", "would be paid from money meant"),
        FERRY[3].replace("announced in March that it would lay up the ship", "said it was going to end the service"),
        FERRY[4].replace(
            "had to be driven instead of the 180 that had been planned", "were needed, not the planned 180"
        ),
        FERRY[5].split(". ")[0] + ".",
    ]
    assert relation(stored(1, FERRY, site="a"), stored(2, edited, 3.0, "b")) in JOINING
    own_opening = [NEXT_DAY[0], *edited[1:]]
    assert relation(stored(1, FERRY, site="a"), stored(2, own_opening, 3.0, "a")) == "shares_passage"


def test_pages_of_one_site_that_share_furniture_are_no_copies():
    left = [FURNITURE[0], FURNITURE[1], OTHER[0], OTHER[1], FURNITURE[2]]
    right = [FURNITURE[0], FURNITURE[1], FERRY[0], FERRY[2], FURNITURE[2]]
    assert relation(stored(1, left, site="a"), stored(2, right, 1.0, "a")) == "shares_passage"


def test_a_text_printed_again_by_its_own_site_is_a_copy_if_every_figure_agrees():
    again = [*FERRY[:-1], FERRY[-1] + " The customs house has been booked."]
    assert relation(stored(1, FERRY, site="a"), stored(2, again, 90.0, "a")) == "near"
    moved = [p.replace("312 piles", "318 piles") for p in again]
    assert relation(stored(1, FERRY, site="a"), stored(2, moved, 90.0, "a")) == "shares_passage"


CARD = (
    "Runners and riders for {place}, where the gates open two hours before the first race and the going is good to soft. "
    "Children under twelve come in free with a grown-up, dogs must be kept on a lead, and picnics are welcome on the lawn "
    "beside the old grandstand but not in the paddock. Cars can be left in the field behind the church, from where a bus "
    "goes to the course every ten minutes until the last race has been run. Bets are settled by the card as it was printed, "
    "and the stewards may call off a race or move it by half an hour if the ground, the light or the wind should make that "
    "needful. Tickets are sold at the gate and in every shop of the racing club, {best} is our tip for the day."
)


def test_a_long_piece_in_the_same_words_does_not_excuse_other_names():
    left = CARD.format(place="Tolland Park", best="Old Harrow in the third")
    right = CARD.format(place="Ellery Cross", best="Silver Quill in the first")
    for hours in (2.0, 80.0):
        assert relation(stored(1, left, site="a"), stored(2, right, hours, "b")) == "shares_passage"
    assert relation(stored(1, left, site="a"), stored(2, left + " Good luck.", 80.0, "b")) == "near"


def test_a_name_that_the_other_text_has_elsewhere_is_no_other_name():
    said = (
        "Sandvik Lines agreed to buy a tenth of Ellery Docks, and Tolland Bank, a house that belongs to {one}, will take "
        "as many shares of {other} for the same price, the two companies said."
    )
    wrong, right = said.format(one="Sandvik", other="Ellery"), said.format(one="Ellery", other="Sandvik")
    assert relation(stored(1, wrong), stored(2, right + " Corrects who belongs to whom.", 1.0)) == "near"


def test_a_correction_tells_what_it_puts_right_and_the_next_notice_does_not():
    notice = NOTICE.format(bank="Hallam Bank", amount=250, year=2041, rate="4.25")
    other = NOTICE.format(bank="Hallam Bank", amount=175, year=2036, rate="4.25")
    note = "\n\nThis report has been corrected: it is 175 million instead of 250 and 2036 instead of 2041."
    assert relation(stored(1, notice, site="a"), stored(2, other + note, 1.0, "a")) in JOINING
    assert relation(stored(1, notice, site="a"), stored(2, other, 1.0, "a")) == "shares_passage"


def test_an_edited_short_notice_a_day_later_is_the_next_one():
    notice = (
        "Tolland Oil {moved} the price of heating oil by 25 crowns a barrel, with effect from tomorrow. It said that others "
        "were likely to follow in the next few days, as they have done each time this winter, and that it would look at the "
        "price again when the ice on the sound has gone."
    )
    left = stored(1, notice.format(moved="raised"))
    assert relation(left, stored(2, notice.format(moved="has raised"), 2.0)) == "near"
    assert relation(left, stored(2, notice.format(moved="cut"), 25.0)) == "shares_passage"


def test_two_stories_before_one_background_are_no_copies():
    background = [
        *FERRY[1:],
        "The bridge was first talked of in 1988, and a tunnel before that, in the year of the flood.",
    ]
    left = stored(1, [OTHER[0], OTHER[1], *background], site="a")
    assert relation(left, stored(2, [OTHER[2], OTHER[3], *background], 20.0, "a")) == "shares_passage"
    new_opening = [OTHER[0].split(", ")[0] + ".", *background]
    assert relation(stored(1, FERRY, site="a"), stored(2, new_opening, 20.0, "b")) == "near"


def test_a_piece_out_of_the_middle_of_a_long_text_is_a_quotation():
    opening = "Old readers of this page will remember how the ferry was kept, as we wrote in those days:"
    long_text = [*OTHER, *(p.replace("Growers", "Pickers") for p in OTHER), *FERRY]
    assert relation(stored(1, long_text, site="a"), stored(2, [opening, *FERRY[3:5]], 5.0, "b")) == "shares_passage"


def test_names_of_a_script_without_capitals_are_heeded():
    form = (
        "选举委员会宣布，{place}选区的计票工作已经结束，中间党候选人{who}当选为该选区议员，任期四年，投票过程平稳有序。"
        "委员会表示，所有投票站均按时关闭，没有收到任何投诉。当选人将于下月在首都宣誓就职。"
    )
    left = stored(1, form.format(place="河东", who="林海石"))
    assert relation(left, stored(2, form.format(place="金山", who="陈木林"), 0.1)) == "shares_passage"
    assert relation(left, stored(2, form.format(place="河东", who="林海石") + "来源：本报", 3.0)) == "near"


def test_a_long_noisy_text_is_not_judged_by_its_only_number():
    one = [p for p in FERRY if not any(c.isdigit() for c in p)]
    told = [*one, "The crossing takes 40 minutes."]
    noisy = [
        *(p.replace("council", "councll").replace("winter", "w1nter") for p in one),
        "The crossing takes 46 minutes.",
    ]
    assert relation(stored(1, told), stored(2, noisy, 5.0)) == "near"


def test_stories_that_share_nothing_give_no_match():
    assert compare(stored(1, FERRY), stored(2, OTHER)) is None


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("", ""),
        ("", "word"),
        ("😀 😀 😀", "😀"),
        ("Read more", "Read on"),
        ("one two three", "one two four"),
        ("7", "8"),
    ],
)
def test_empty_and_very_short_texts_do_not_match(left, right):
    assert compare(stored(1, left), stored(2, right)) is None


def test_very_short_texts_match_when_identical():
    match = compare(stored(1, "Council resigns"), stored(2, "COUNCIL RESIGNS!"))
    assert match is not None
    assert (match.relation, match.jaccard) == ("exact", 1.0)


def test_a_day_without_a_clock_is_not_taken_for_midnight():
    left = replace(stored(1, FERRY, 0.0), published_at=NOON.replace(hour=0), precision="day")
    edited = [p.replace("packed", "crowded") for p in FERRY]
    assert relation(left, stored(2, edited, 40.0)) == "near"
    notice = NOTICE.format(bank="Hallam Bank", amount=250, year=2041, rate="4.25")
    next_day = NOTICE.format(bank="Hallam Bank", amount=175, year=2036, rate="3.75")
    left = replace(stored(1, notice), precision="day")
    assert relation(left, replace(stored(2, next_day, 24.0), precision="day")) == "shares_passage"


def test_the_estimate_is_that_of_the_signatures():
    left = replace(stored(1, FERRY), signature=bytes(range(128)) * 4)
    right = replace(stored(2, FERRY[:6]), signature=bytes(range(128)) * 2 + b"\xff" * 256)
    match = compare(left, right)
    assert match is not None
    assert match.jaccard == 0.5


def test_shared_paragraphs_are_counted():
    match = compare(stored(1, FERRY), stored(2, [*FERRY[:3], "A line of its own, which the other has not."], 1.0))
    assert match is not None
    assert match.shared_paragraphs == 3


def test_schemes_are_never_mixed():
    with pytest.raises(ValueError, match="not comparable"):
        compare(stored(1, FERRY), replace(stored(2, FERRY), scheme="other"))
    with pytest.raises(ValueError, match="itself"):
        compare(stored(1, FERRY), stored(1, FERRY))


WORDS = st.sampled_from(
    ["the", "harbour", "council", "Quill", "voted", "12", "1.4", "said", "(Photo: a)", '"', "新", "İ"]
)
PARAGRAPHS = st.lists(WORDS, max_size=25).map(" ".join)
BODIES = st.lists(PARAGRAPHS | st.sampled_from(FERRY), min_size=1, max_size=6).map("\n\n".join)


@settings(max_examples=150, deadline=None)
@given(BODIES, BODIES, st.sampled_from([None, 0.0, 5.0, 90.0]), st.booleans())
def test_the_order_of_arrival_does_not_matter(left, right, hours, same_site):
    site = "a" if same_site else "b"
    one, other = stored(1, left, 0.0, "a"), stored(2, right, hours, site)
    seen = compare(one, other)
    assert seen == compare(other, one)
    again = compare(replace(one, article_id=9), other)
    if seen is None:
        assert again is None
        return
    assert again is not None
    assert (again.left_id, again.right_id) == (2, 9)
    plain = {"passages": (), "paragraphs": ()}
    assert replace(again, left_id=1, right_id=2, **plain) == replace(seen, **plain)
    mirrored = {(p.right, p.left, p.similarity) for p in again.paragraphs}
    assert {(p.left, p.right, p.similarity) for p in seen.paragraphs} == mirrored
    turned = {(p.right_start, p.right_end, p.left_start, p.left_end) for p in again.passages}
    assert {(p.left_start, p.left_end, p.right_start, p.right_end) for p in seen.passages} == turned


@settings(max_examples=60, deadline=None)
@given(st.lists(BODIES, min_size=2, max_size=5), st.integers(1, 2000), st.integers(0, 2000))
def test_pairs_are_compared_together_as_one_by_one(bodies, read_chars, kept_chars):
    texts = {number: stored(number, body, 0.0, f"s{number}") for number, body in enumerate(bodies, 1)}
    pairs = list(combinations(texts, 2))
    alone = [match for a, b in pairs if (match := compare(texts[a], texts[b]))]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(comparing, "_READ_CHARS", read_chars)
        patch.setattr(comparing, "_recent", comparing.Recent(kept_chars))
        for _ in range(2):  # the second time some are kept
            assert list(compare_all(pairs, texts)) == alone


@settings(max_examples=150, deadline=None)
@given(BODIES, BODIES)
def test_passages_point_at_equal_words(left, right):
    match = compare(stored(1, left), stored(2, right, 1.0))
    for p in match.passages if match else ():
        a, b = words(left[p.left_start : p.left_end]), words(right[p.right_start : p.right_end])
        assert min(len(a), len(b)) >= 8 or a == b == words(left), "short passages only where the whole text is one"
        assert (a[0], a[-1]) == (b[0], b[-1])
        assert common(a, b) >= 0.75 * max(len(a), len(b))


def common(left: list[str], right: list[str]) -> int:
    """Length of the longest common subsequence."""
    row = [0] * (len(right) + 1)
    for a in left:
        before = row
        row = [0]
        for i, b in enumerate(right):
            row.append(before[i] + 1 if a == b else max(before[i + 1], row[i]))
    return row[-1]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (
            "The same few words come again and again.\n\n" * 60_000,
            "The same few words come again and again.\n\n" * 90_000,
        ),
        ("7 " * 300_000, "7 8 " * 150_000),
        ("“" * 200_000, "( " * 200_000),
        (" ".join(f"w{i}" for i in range(150_000)), " ".join(f"w{i}" for i in range(100, 150_000))),
    ],
)
def test_huge_and_repetitive_texts_are_compared(left, right):
    match = compare(stored(1, left), stored(2, right))
    assert match is None or match.containment > 0
