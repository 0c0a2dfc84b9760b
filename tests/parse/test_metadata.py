import json
from datetime import UTC, datetime

import pytest

from etl.parse import parse
from etl.parse.address import slug_words
from etl.parse.authors import clean, collective
from etl.parse.headline import choose, without_site
from etl.records import RawDocument

URL = "https://www.harbour.example/news/2024/10/22/ferry-returns"
FETCHED = datetime(2026, 1, 1, tzinfo=UTC)
BODY = "<h1>Ferry returns</h1><p>The old ferry sails again in spring.</p><p>The board said so on Tuesday.</p>"


def read(head="", body=BODY, uri=URL, html=""):
    page = f"<!doctype html><html {html}><head>{head}</head><body>{body}</body></html>"
    return parse(RawDocument(uri, page.encode(), "text/html", FETCHED)).metadata


def ld(**fields):
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **fields})}</script>'


def meta(name, content):
    return f'<meta property="{name}" content="{content}">'


class TestHeadline:
    @pytest.mark.parametrize(
        ("headings", "shared", "described", "titles", "site", "expected"),
        [
            (["Ferry returns"], None, None, ["Ferry returns | Harbour News"], ["Harbour News"], "Ferry returns"),
            ([], "Ferry returns - Harbour News", None, [], ["Harbour News"], "Ferry returns"),
            ([], None, None, ["Harbour News: Ferry returns"], ["Harbour News"], "Harbour News: Ferry returns"),
            ([], None, None, ["Harbour News – Ferry returns"], ["Harbour News"], "Ferry returns"),
            (["Harbour News"], "Ferry returns", None, [], ["Harbour News"], "Ferry returns"),
            (["Newsletter", "Ferry returns"], "Ferry returns", "Ferry returns", [], [], "Ferry returns"),
            (
                [],
                None,
                None,
                ["Ferry – and pilot – return | harbour.example"],
                ["harbour.example"],
                "Ferry – and pilot – return",
            ),
            (
                ["A different h1"],
                "Ferry returns in spring",
                "Ferry returns in spring",
                [],
                [],
                "Ferry returns in spring",
            ),
            (["Ferry back at last"], "Ferry returns", None, ["Ferry returns | HN"], ["HN"], "Ferry back at last"),
            (["Ferry returns, at last"], "Ferry: all you need", "Ferry: all you need", [], [], "Ferry: all you need"),
            (["Harbour: Ferry returns in spring"], "Ferry returns in spring", None, [], [], "Ferry returns in spring"),
            (["The Gull"], None, None, ["Ferry returns in spring | The Gull"], [], "Ferry returns in spring"),
            (["Harbour", "Crew sails on"], None, None, ["Crew sails on - X"], [], "Crew sails on"),
            (["Label"], "Ferry returns in spring", None, [], [], "Ferry returns in spring"),
            (["Ferry returns in spring | HN"], "Ferry returns in spring", None, [], [], "Ferry returns in spring"),
            (["The Gull"], None, None, ["Ferry returns in spring : The Gull | Sea"], [], "Ferry returns in spring"),
            ([], None, None, ["Ferry returns in spring | Sea | Forum | X"], [], "Ferry returns in spring"),
            ([], None, None, ["Harbour News"], ["Harbour News"], None),
            ([], None, None, [], [], None),
        ],
    )
    def test_is_what_most_sources_agree_on_without_the_site(self, headings, shared, described, titles, site, expected):
        assert choose(headings, shared, described, titles, site) == expected

    def test_an_address_decides_between_texts_that_differ(self):
        texts = (["Ferry back at last"], "Vessel sails once more", "Vessel sails in spring", [], [])
        assert choose(*texts) == "Ferry back at last"
        assert choose(*texts, slug_words("https://harbour.example/vessel-sails-once-more-12345.html")) == texts[1]

    def test_a_dash_of_the_headline_is_kept(self):
        assert without_site("Dynamo – Shakhtar 2:1", {"harbournews"}) == "Dynamo – Shakhtar 2:1"

    def test_comes_with_quotes_as_found_and_entities_resolved(self):
        assert read(meta("og:title", "“Ship’s” &amp;amp; crew"), "<p>text text</p>").headline == "“Ship’s” & crew"


class TestAuthors:
    @pytest.mark.parametrize(
        ("byline", "people"),
        [
            ("By Ann Lee", ("Ann Lee",)),
            ("by ANN LEE and Bo Ek", ("ANN LEE", "Bo Ek")),
            ("Von Anna Groß und Jörg Ahl", ("Anna Groß", "Jörg Ahl")),
            ("Par Zoé Roux et Luc Petit", ("Zoé Roux", "Luc Petit")),
            ("Por José Ortega y Gasset", ("José Ortega y Gasset",)),
            ("Ann Lee, Staff Writer", ("Ann Lee",)),
            ("Ann Lee, Political Editor, and Bo Ek", ("Ann Lee", "Bo Ek")),
            ("Ann Lee ann.lee@harbour.example", ("Ann Lee",)),
            ("Ann Lee @annlee", ("Ann Lee",)),
            ("Ann Lee | Harbour News", ("Ann Lee",)),
            ("Ann Lee Published 20:01 BST, 22 October 2024", ("Ann Lee",)),
            ("Ann Lee in London", ("Ann Lee",)),
            ("Ann Lee, London", ("Ann Lee",)),
            ("https://harbour.example/ann-lee", ()),
            ("Harbour News", ()),
            ("harbour.example", ()),
            ("Staff Reporter", ()),
            ("Auteur: Zoé Roux", ("Zoé Roux",)),
            ("Foto: Ann Lee", ()),
            ("admin", ()),
            ("Ludwig van Beethoven; van der Berg", ("Ludwig van Beethoven", "van der Berg")),
            ("Богдан Марусяк", ("Богдан Марусяк",)),
            ("牛镛", ("牛镛",)),
            ("", ()),
            ("- , ; |", ()),
            ("Von: Anna Groß", ("Anna Groß",)),
            ("View all posts by Ann Lee", ("Ann Lee",)),
            ("Anna Groß Alles von Anna Groß", ("Anna Groß",)),
            ("Erstellt von Anna Groß", ("Anna Groß",)),
            ("wirtschaft von Anna Groß", ("Anna Groß",)),
            ("Hans von Storch", ("Hans von Storch",)),
            ("Anna Groß Fr, 18. Oktober 2019", ("Anna Groß",)),
            ("By Ann Lee Harbour News Staff", ("Ann Lee",)),
            ("The Harbour News", ()),
            ("Alles über Häfen, Fähren und Schiffe, mit Tipps für die Fahrt", ()),
            ("Sea “Be kind, Julio…”: how it went", ()),
            ("ByJ.R. Stone", ("J.R. Stone",)),
            ("Byron Lee", ("Byron Lee",)),
            ("Ann Lee, Anzahl der Kommentare", ("Ann Lee",)),
            ("Hafenstiftung e.V.", ()),
        ],
    )
    def test_names_are_left(self, byline, people):
        assert clean([byline], "Harbour News", "harbour.example")[0] == people

    @pytest.mark.parametrize(
        ("byline", "people", "agency"),
        [
            ("Reuters", (), "Reuters"),
            ("Ann Lee, Reuters", ("Ann Lee",), "Reuters"),
            ("Ann Lee / AFP", ("Ann Lee",), "AFP"),
            ("Deutsche Presse-Agentur", (), "dpa"),
            ("REUTERS NEWS AGENCY", (), "Reuters"),
            ("By The Associated Press", (), "AP"),
        ],
    )
    def test_agencies_are_told_from_people(self, byline, people, agency):
        assert clean([byline]) == (people, agency)

    @pytest.mark.parametrize(
        ("byline", "paper"),
        [
            ("Harbour News", "Harbour News"),
            ("von Harbour News", "Harbour News"),
            ("harbour.example", "harbour.example"),
            ("Harbour Desk", "Harbour Desk"),
            ("Staff Writer", None),
            ("admin", None),
            ("Redaktion", None),
            ("Reuters", None),
            ("https://harbour.example/author/x", None),
            ("Redaktion, 24. Januar 2022", None),
            ("Author: on 29.12.2010, 13:36 posted", None),
        ],
    )
    def test_the_paper_is_the_author_where_it_says_so_and_names_nobody(self, byline, paper):
        assert collective([byline], "Harbour News", "harbour.example") == paper

    def test_a_person_comes_before_the_paper(self):
        page = '<p class="byline">By Cy Dow</p>' + BODY
        site = meta("og:site_name", "Harbour News")
        assert read(site + ld(author="Harbour News"), page).authors == ("Cy Dow",)
        assert read(site + ld(author="Harbour News")).authors == ("Harbour News",)

    def test_json_ld_comes_before_meta_before_bylines(self):
        byline = '<p class="byline">By Cy Dow</p>' + BODY
        author = meta("author", "Bo Ek")
        assert read(author + ld(author=[{"@type": "Person", "name": "Ann Lee"}]), byline).authors == ("Ann Lee",)
        assert read(author, byline).authors == ("Bo Ek",)
        assert read("", byline).authors == ("Cy Dow",)

    def test_a_line_beside_the_headline_names_the_author_before_the_paper_is_one(self):
        page = "<h1>Ferry returns</h1><p>By Cy Dow</p><p>The old ferry sails again in spring, said the board.</p>"
        head = meta("og:site_name", "Harbour News") + ld(author="Harbour News")
        found = read(head, page)
        assert (found.authors, found.origins["authors"]) == (("Cy Dow",), "text")
        assert read(head, page.replace("By Cy Dow", "By the sea it rains")).authors == ("Harbour News",)

    @pytest.mark.parametrize(("name", "expected"), [("c3po", ("c3po",)), ("admin", ()), ("news", ()), ("42", ())])
    def test_a_user_s_name_counts_where_nobody_signs(self, name, expected):
        assert read("", f'<a rel="author" href="/u">{name}</a>' + BODY).authors == expected
        assert read(meta("author", "Ann Lee"), f'<a rel="author" href="/u">{name}</a>' + BODY).authors == ("Ann Lee",)

    def test_names_in_parts_are_put_together(self):
        person = {"@type": "Person", "givenName": "Ann", "familyName": "Lee"}
        assert read(ld(author=[person, {"@type": "Person", "givenName": "Bo"}])).authors == ("Ann Lee",)

    def test_a_box_of_the_site_s_authors_is_no_byline(self):
        names = ("Ann Lee", "Bo Ek", "Cy Dow", "Fay Oak")
        box = "".join(f'<li><span class="author">{name}</span></li>' for name in names)
        page = '<p class="byline">admin</p>' + BODY + f"<ul>{box}</ul>"
        assert read("", page).authors == ()

    def test_a_reference_inside_json_ld_is_followed(self):
        article = {"@type": "Article", "headline": "x", "author": {"@id": "#ann"}}
        graph = {"@graph": [article, {"@type": "Person", "@id": "#ann", "name": "Ann Lee"}]}
        assert read(f'<script type="application/ld+json">{json.dumps(graph)}</script>').authors == ("Ann Lee",)

    @pytest.mark.parametrize(
        "byline",
        [
            '<span itemprop="author"><span itemprop="name">Ann Lee</span> writes about ships</span>',
            '<a rel="author" href="/ann">Ann Lee</a>',
            '<div class="article-byline">By <b>Ann Lee</b></div>',
            '<p class="autorenzeile">Von Ann Lee</p>',
            '<p>by <a href="/author/ann-lee/">Ann Lee</a></p>',
            '<span class="author-name">Ann Lee</span><div class="author-bio">She writes about ships.</div>',
        ],
    )
    def test_bylines_on_the_page(self, byline):
        assert read("", byline + BODY).authors == ("Ann Lee",)

    def test_names_in_links_are_told_apart_without_a_comma(self):
        byline = '<div class="byline"><a href="/a">Ann Lee</a> <a href="/b">Bo Ek</a></div>'
        assert read("", byline + BODY).authors == ("Ann Lee", "Bo Ek")


class TestDates:
    def test_json_ld_comes_first_and_the_change_is_apart(self):
        found = read(
            meta("article:published_time", "2024-10-21T00:00:00Z")
            + ld(datePublished="2024-10-22T20:01:00+03:00", dateModified="2024-10-23T08:00:00Z")
        )
        assert (found.published.iso(), found.published.origin) == ("2024-10-22T17:01:00Z", "json-ld")
        assert found.modified.iso() == "2024-10-23T08:00:00Z"

    def test_a_finer_form_of_the_same_day_is_taken(self):
        found = read(meta("article:published_time", "2024-10-22T08:00:00Z") + ld(datePublished="2024-10-22"))
        assert found.published.iso() == "2024-10-22T08:00:00Z"

    def test_a_time_element_called_published_comes_before_others(self):
        times = '<time datetime="2023-01-01">Old</time><time class="published" datetime="2024-10-20T10:00">x</time>'
        assert read("", times + BODY).published.iso() == "2024-10-20T10:00:00"

    def test_a_time_element_without_datetime_is_read_in_the_language_of_the_page(self):
        found = read("", "<time>22. Oktober 2024, 20:01 Uhr</time>" + BODY, html='lang="de"')
        assert (found.published.iso(), found.published.zone) == ("2024-10-22T20:01:00", "unknown")

    def test_the_address_is_the_last_resort(self):
        found = read().published
        assert (found.iso(), found.origin, found.precision) == ("2024-10-22", "url", "day")

    def test_no_date_is_no_date(self):
        found = read("", "<time>2 hours ago</time>" + BODY, uri="file:///x.html")
        assert (found.published, found.modified) == (None, None)


class TestAddress:
    def test_canonical(self):
        link = f'<link rel="canonical" href="{URL}/?utm_source=x">'
        assert read(link).canonical_url == URL + "/"
        assert read(meta("og:url", "https://elsewhere.example/a-1")).canonical_url is None
        assert read('<link rel="canonical" href="https://www.harbour.example/">').canonical_url is None

    def test_a_file_has_no_address_but_what_it_claims(self):
        found = read(f'<link rel="canonical" href="{URL}">', uri="file:///x.html")
        assert (found.url, found.canonical_url, found.publisher) == (None, URL, "harbour.example")


class TestTheRest:
    @pytest.mark.parametrize(
        ("html", "head", "expected"),
        [
            ('lang="en-GB"', "", "en"),
            ('lang="DE"', meta("og:locale", "fr_FR"), "de"),
            ('lang=""', meta("og:locale", "pt_BR"), "pt"),
            ('xml:lang="iw"', "", "he"),
            ('lang="nonsense"', "", None),
        ],
    )
    def test_declared_language(self, html, head, expected):
        assert read(head, "<p>Too short.</p>", html=html).language == expected

    def test_the_text_decides_where_the_declared_language_is_plainly_another(self):
        german = "Der Bürgermeister sagte am Dienstag, die Brücke werde erst im Frühjahr wieder geöffnet. " * 5
        found = read("", f"<p>{german}</p>", html='lang="en"')
        assert (found.language, found.declared_language, found.origins["language"]) == ("de", "en", "detected")
        found = read("", f"<p>{german}</p>", html='lang="de"')
        assert (found.language, found.declared_language, found.origins["language"]) == ("de", None, "html")

    def test_language_of_the_text_where_none_is_declared(self):
        text = "Der Bürgermeister sagte am Dienstag, die Brücke werde erst im Frühjahr wieder geöffnet. " * 3
        assert read("", f"<p>{text}</p>").language == "de"

    def test_publisher_section_and_body_text(self):
        found = read(
            meta("og:site_name", "Harbour &amp;amp; Sea")
            + ld(publisher={"name": "X"}, articleSection=["Local", "Sea"], articleBody="A.\nB.")
        )
        assert (found.publisher, found.section, found.body_text) == ("Harbour & Sea", "Local", "A. B.")
        assert read(ld(publisher={"name": "X"})).publisher == "X"
        assert read().publisher == "harbour.example"

    def test_agency_of_the_credit(self):
        assert read(ld(creditText="Reuters", author={"name": "Ann Lee"})).agency == "Reuters"

    def test_json_ld_of_other_articles_is_not_taken(self):
        other = {
            "@type": "ItemList",
            "itemListElement": [{"@type": "NewsArticle", "headline": "Other", "author": "Bo Ek"}],
        }
        assert read(f'<script type="application/ld+json">{json.dumps(other)}</script>').authors == ()

    def test_of_several_articles_the_one_with_the_page_s_address_is_taken(self):
        assert read(
            ld(url="https://www.harbour.example/x", author="Bo Ek", headline="a") + ld(url=URL, author="Ann Lee")
        ).authors == ("Ann Lee",)

    def test_json_ld_in_comments_or_with_a_semicolon_is_read(self):
        head = '<script type="application/ld+json"><!-- {"@type": "NewsArticle", "author": "Ann Lee"}; --></script>'
        assert read(head).authors == ("Ann Lee",)


class TestStandfirst:
    TEXT = "The board has found the money for a new engine."

    def test_a_description_that_stands_apart_is_the_standfirst(self):
        head = meta("og:description", self.TEXT)
        page = (
            f'<header><h1>Ferry returns</h1><p class="lead">{self.TEXT}</p></header><div><p>One.</p><p>Two.</p></div>'
        )
        found = read(head, page)
        assert (found.standfirst, found.description) == (self.TEXT, self.TEXT)

    def test_the_first_paragraph_of_the_body_is_none(self):
        page = f"<h1>Ferry returns</h1><div><p>{self.TEXT}</p><p>One more.</p><p>Two more.</p></div>"
        assert read(meta("og:description", self.TEXT), page).standfirst is None

    def test_a_description_that_is_not_on_the_page_is_none(self):
        found = read(meta("og:description", self.TEXT))
        assert (found.standfirst, found.description) == (None, self.TEXT)


class TestKeywords:
    @pytest.mark.parametrize(
        ("head", "expected", "origin"),
        [
            (ld(keywords="Ferry, Sea , ferry;Port"), ("Ferry", "Sea", "Port"), "json-ld"),
            (ld(keywords=["Ferry", {"name": "Sea"}]) + meta("keywords", "x"), ("Ferry", "Sea"), "json-ld"),
            (meta("article:tag", "Ferry") + meta("article:tag", "Sea"), ("Ferry", "Sea"), "meta"),
            (meta("keywords", "#Ferry, , 42, &lt;b&gt;Sea&lt;/b&gt;, " + "x" * 80), ("Ferry", "Sea"), "meta"),
            (meta("keywords", ",".join(f"w{i}" for i in range(99))), tuple(f"w{i}" for i in range(30)), "meta"),
            ("", (), None),
        ],
    )
    def test_come_once_each_from_the_first_place(self, head, expected, origin):
        found = read(head)
        assert (found.keywords, found.origins.get("keywords")) == (expected, origin)


PART = {"@type": "WebPageElement", "isAccessibleForFree": "False", "cssSelector": ".paywall"}


class TestAccess:
    @pytest.mark.parametrize(
        ("head", "expected"),
        [
            (ld(isAccessibleForFree=True), True),
            (ld(isAccessibleForFree="False"), False),
            (ld(isAccessibleForFree="http://schema.org/False"), False),
            (ld(isAccessibleForFree="perhaps"), None),
            (ld(isAccessibleForFree=True, hasPart=PART), False),
            (ld(hasPart=[{"@type": "ImageObject"}, PART]), False),
            (meta("article:content_tier", "locked"), False),
            (meta("article:content_tier", "metered"), False),
            (meta("article:content_tier", "free"), True),
            (ld(isAccessibleForFree=False) + meta("article:content_tier", "free"), False),
            (ld(hasPart=[{"@type": "ImageObject"}]), None),
            ("", None),
        ],
    )
    def test_is_what_the_page_says_or_unknown(self, head, expected):
        assert read(head).is_accessible_for_free is expected


class TestOrigins:
    def test_each_field_says_where_it_was_found(self):
        head = (
            f'<link rel="canonical" href="{URL}">' + meta("og:site_name", "Harbour News") + meta("author", "Ann Lee")
            + meta("article:section", "Sea") + meta("og:title", "Ferry returns") + ld(creditText="Reuters")
        )  # fmt: skip
        assert dict(read(head, html='lang="en"').origins) == {
            "headline": "h1", "authors": "meta", "language": "html", "canonical_url": "link", "publisher": "og",
            "section": "meta", "agency": "json-ld",
        }  # fmt: skip

    def test_what_a_record_gives_is_given(self):
        line = {"id": "a", "url": URL, "html": f"<h1>Ferry</h1>{BODY}", "headline": "Given", "authors": ["Bo Ek"]}
        found = parse(RawDocument("file:///a.jsonl#a", json.dumps(line).encode(), "application/json", FETCHED)).metadata
        assert (found.origins["headline"], found.origins["authors"], found.origins["publisher"]) == (
            "given", "given", "url",
        )  # fmt: skip

    def test_the_title_is_one_where_nothing_else_names_the_page(self):
        assert read("<title>Ferry returns at last</title>", "<p>Text.</p>").origins["headline"] == "title"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("<p>The ferry</p><p>returns &amp;amp; sails</p>", "The ferry returns & sails"),
        ("The <b>old</b> ferry<br/>returns", "The old ferry returns"),
        ("&lt;p&gt;The ferry&lt;/p&gt; returns", "The ferry returns"),
        ("3 < 4 and 5 > 4", "3 < 4 and 5 > 4"),
        ("Love <3", "Love <3"),
    ],
)
def test_markup_in_metadata_becomes_text(written, expected):
    assert read(ld(description=written)).description == expected
