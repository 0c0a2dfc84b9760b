from hypothesis import given
from hypothesis import strategies as st

from etl.parse import html, tree
from etl.text import fold_space


def cut(page):
    return html.cut(tree.read(page))


def texts(page):
    return [block.text for block in cut(page)[0]]


def test_a_block_ends_at_every_block_level_tag():
    assert texts("<div>one<p>two</p>three<section>four</section></div>five") == ["one", "two", "three", "four", "five"]


def test_inline_tags_do_not_break_words_or_blocks():
    assert texts("<p>The <b>Min</b>ister <em>said</em> <span>so</span>,<a href=x> today</a>.</p>") == [
        "The Minister said so, today."
    ]


def test_one_line_break_is_a_space_and_two_end_a_block():
    assert texts("<p>one<br>two<br> <br>three<br/><br/><br/>four</p>") == ["one two", "three", "four"]


def test_a_rule_ends_a_block():
    assert texts("<div>one<hr>two</div>") == ["one", "two"]


def test_a_block_level_element_without_text_ends_a_block():
    assert texts("<div>one<div></div><a href=x>two</a><div><img src=x></div>three</div>") == ["one", "two", "three"]


def test_a_row_is_one_block_with_its_cells_parted_by_a_space():
    assert texts("<table><tr><td>Dynamo</td><td>3</td><td></td><td>1</td></tr><tr><th>Total</th><td>4</td></tr></table>") == [
        "Dynamo 3 1", "Total 4",
    ]  # fmt: skip


def test_the_words_of_a_cell_are_not_parted_where_a_link_ends():
    assert texts("<table><tr><td><a href=x>Lee</a>, Ann</td><td>3</td></tr></table>") == ["Lee, Ann 3"]


def test_a_line_break_inside_a_link_counts_as_the_space_it_becomes():
    (block,) = cut("<p><a href=x>one<br>two</a></p>")[0]
    assert (block.text, block.link_chars) == ("one two", len("one two"))


def test_kinds_follow_the_tags():
    page = (
        "<h2>Title</h2><p>Text</p><ul><li>Item<li><p>Inner</p></ul><blockquote><p>Said</p></blockquote><dl><dt>D</dl>"
    )
    assert [(b.text, b.kind) for b in cut(page)[0]] == [
        ("Title", "heading"), ("Text", "text"), ("Item", "list"), ("Inner", "list"), ("Said", "quote"), ("D", "list"),
    ]  # fmt: skip


def test_an_article_inside_a_list_item_is_no_list():
    assert [b.kind for b in cut("<ul><li><article><h3>A</h3><p>B</p></article></li></ul>")[0]] == ["heading", "text"]


def test_characters_of_links_are_counted():
    (block,) = cut("<p>Read <a href=x>the  <b>whole</b> report</a> now</p>")[0]
    assert (block.text, block.link_chars) == ("Read the whole report now", len("the whole report"))


def test_a_link_around_blocks_links_all_of_them():
    assert [(b.text, b.link_chars) for b in cut("<a href=x><h3>Title</h3><p>Teaser</p></a>")[0]] == [
        ("Title", 5),
        ("Teaser", 6),
    ]


def test_hidden_blocks_are_marked():
    page = (
        "<div hidden>a</div><div aria-hidden=true><p>b</p></div><div style='color:red; DISPLAY : none'>c</div>"
        "<p style='visibility:hidden'>d</p><p style='overflow:hidden'>e</p><p aria-hidden=false>f</p>"
    )
    assert [(b.text, b.hidden) for b in cut(page)[0]] == [
        ("a", True), ("b", True), ("c", True), ("d", True), ("e", False), ("f", False),
    ]  # fmt: skip


def test_text_hidden_inside_a_paragraph_becomes_a_block_after_it():
    page = "<p>The price <span style='display:none'>in old crowns</span>rose.</p><p>Next</p>"
    assert [(b.text, b.hidden) for b in cut(page)[0]] == [
        ("The price rose.", False),
        ("in old crowns", True),
        ("Next", False),
    ]


def test_a_drop_cap_hidden_from_readers_of_the_screen_alone_is_text():
    assert [(b.text, b.hidden) for b in cut("<p><span aria-hidden=true>W</span>hile it rained</p>")[0]] == [
        ("While it rained", False)
    ]


def test_a_page_that_is_hidden_until_its_script_has_run_is_not_hidden():
    assert not cut("<html><body style='display:none'><p>a</p></body></html>")[0][0].hidden


def test_what_is_never_shown_is_dropped():
    page = (
        "<head><title>t</title></head><script>s</script><style>s</style><noscript>n</noscript><svg><text>v</text></svg>"
        "<template>t</template><iframe>i</iframe><select><option>o</option></select><textarea>a</textarea><!-- c --><p>text"
    )
    assert texts(page) == ["text"]


def test_a_page_whose_head_is_never_closed_has_its_text():
    assert texts("<html><head><title>t</title><meta charset=utf-8><article><p>one</p></article>") == ["one"]


def test_an_inline_element_is_hidden_by_its_style_however_it_is_written():
    assert [b.hidden for b in cut("<p>a <span style='Display :  NONE'>b</span></p>")[0]] == [False, True]


def test_ruby_is_dropped_and_its_base_kept():
    assert texts("<p><ruby>東京<rp>(</rp><rt>とうきょう</rt><rp>)</rp></ruby>で</p>") == ["東京で"]


def test_an_unknown_tag_breaks_outside_a_paragraph_alone():
    assert texts("<my-card>one</my-card><my-card>two</my-card><p>a <ui-link>b</ui-link> c</p>") == [
        "one",
        "two",
        "a b c",
    ]


def test_elements_carry_their_names_and_role():
    blocks, elements = cut(
        '<main role="main"><p class="lead big" id="x" itemprop="description" data-testid="dek" data-component="d" style="a">t'
    )
    assert elements[blocks[0].element].names == "lead big x description dek d"
    assert [e.role for e in elements if e.tag == "main"] == ["main"]


TAGS = st.sampled_from(
    ["div", "p", "span", "a", "li", "ul", "b", "h2", "section", "blockquote", "td", "my-tag", "em", "article"]
)
TREES = st.recursive(
    st.text("abcdef .", min_size=1, max_size=8),
    lambda inner: st.tuples(TAGS, st.lists(inner, max_size=4)).map(lambda t: f"<{t[0]}>{''.join(t[1])}</{t[0]}>"),
    max_leaves=25,
)


@given(TREES)
def test_all_visible_text_is_in_a_block_in_order(page):
    root = tree.read(f"<body><div>{page}</div></body>")
    shown = "".join("".join(root.itertext()).split())
    assert "".join("".join(b.text for b in html.cut(root)[0]).split()) == shown


@given(TREES)
def test_elements_are_a_tree_in_document_order(page):
    blocks, elements = cut(f"<body><div>{page}</div></body>")
    assert all(-1 <= e.parent < index for index, e in enumerate(elements))
    assert [b.position for b in blocks] == list(range(len(blocks)))
    for each in range(len(elements)):
        inside = [b.position for b in blocks if _within(b.element, each, elements)]
        assert inside == list(range(inside[0], inside[0] + len(inside)))  # at least one, and no gap


@given(TREES)
def test_facts_of_blocks_hold(page):
    for block in cut(f"<body><div>{page}</div></body>")[0]:
        assert block.text == fold_space(block.text) != ""
        assert 0 <= block.link_chars <= len(block.text)


def _within(element, ancestor, elements):
    while element >= 0 and element != ancestor:
        element = elements[element].parent
    return element == ancestor
