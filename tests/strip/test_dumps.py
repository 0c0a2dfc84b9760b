"""Whole dumps with every kind of leftover: "|" a line that goes, "~" one that is cut in two, " " one that stays."""

from __future__ import annotations

import pytest

# name -> (headline, authors, published, agency, lines)
CASES = {
    "bakers": (
        "City opens first night school for bakers",
        ("Laura Menk",),
        "2025-03-03T12:45:00",
        "Reuters",
        """\
| Published 12:45, 3 March 2025

| City opens first night school for bakers

| By Laura Menk, Staff Reporter
| Facebook Twitter WhatsApp
| Students knead dough in the new hall. Photo: Getty Images

  A school that teaches bread at night opened in Varlow on Monday, and all of its forty places were taken within an hour.

  The city pays half of the fee. The rest, about 300 euros a term, is paid by the guild, which has lost one baker in three since 2010.

  "We start when the ovens do," said the head of the school, Oda Brahm. "Nobody learns bread at noon."

| Recommended
| Why your oven is lying to you
| Ten towns that lost their last bakery

  Lessons run from midnight to four. Three of the students are over sixty.

| Tags: bakery, schools, Varlow
| Source: Reuters
| 0 comments
| Log in to leave a comment
| Print
""",
    ),
    "wire in single lines": (
        "Oil prices slip as Norway pumps more",
        (),
        "2025-03-03T12:45:00",
        "Reuters",
        """\
| Mar 3, 2025, 12:45 pm
| Oil prices slip as Norway pumps more
  OSLO, March 3 (Reuters) - Oil prices slipped on Monday after Norway said that it would pump more from two northern fields.
  Brent crude fell 1.2 percent to 71.40 dollars a barrel by 1130 GMT, its lowest since December.
  Share prices fell as well. Related parties must report their holdings by Friday, the exchange said.
  "There is more oil than there are buyers," said one trader.
| Advertisement
| See also: Norway's fund sells shares in coal firms
  The fields, Havsul and Brage, lie west of Bergen.
| (Reporting by Nora Lind in Oslo and Tom Falk in London; Editing by Jane Merriman)
| Our Standards: The Thomson Reuters Trust Principles.
| Share
| X
| Facebook
| Linkedin
| Email
""",
    ),
    "Ukrainian": (
        "У Полтаві відкрили притулок для лелек",
        ("Ірина Коваленко",),
        "2025-03-03T12:45:00",
        "UNIAN",
        """\
| 3 березня 2025, 12:45
| У Полтаві відкрили притулок для лелек
| Ірина Коваленко
| Фото: УНІАН

  У Полтаві запрацював притулок для лелек, які не змогли відлетіти в теплі краї. Про це повідомили в міській раді.

  Зараз у притулку живуть одинадцять птахів. Найстаршому, за словами ветеринарки Оксани Бойко, сім років.

  "Він прийшов сам, пішки, і постукав дзьобом у ворота", — розповіла вона.

| ЧИТАЙТЕ ТАКОЖ:
| Під Харковом випустили на волю трьох сов
| У Києві порахували зимуючих качок

  Як повідомляв УНІАН, торік у громаді загинули двадцять птахів.

| Підписуйтесь на наш Telegram-канал
| Теги: птахи, Полтава
| Коментарі (0)
| Поділитися
""",
    ),
    "German": (
        "Stadt verkauft das alte Hallenbad",
        (),
        "2025-03-03",
        "dpa",
        """\
| Montag, 3. März 2025
| Stadt verkauft das alte Hallenbad
| Von unserer Redaktion
| Lesedauer: 2 Min.

  Nordheim (dpa) - Die Stadt Nordheim verkauft ihr altes Hallenbad an einen Kletterverein. Der Stadtrat stimmte am Montag mit 21 zu 9 Stimmen zu.

  Das Becken bleibt stehen. Der Verein will darin eine Wand von vierzehn Metern bauen, die vom Grund bis unter das Dach reicht.

| Lesen Sie auch: Freibad öffnet erst im Juni

  „Wir haben hier alle schwimmen gelernt“, sagte Bürgermeisterin Anke Wolters. „Jetzt lernen unsere Kinder hier klettern.“

  Der Kaufpreis liegt bei 240.000 Euro.
| Anzeige
| Newsletter: Das Wichtigste am Morgen
| Jetzt abonnieren
| Kommentare (3)
| Drucken
""",
    ),
    "French": (
        "La Corse teste un bus sans conducteur",
        ("Jeanne Albertini",),
        "2025-03-03T12:45:00Z",
        "AFP",
        """\
| 2025-03-03T12:45:00Z
| La Corse teste un bus sans conducteur
| Par Jeanne Albertini, avec AFP
| Temps de lecture : 3 min

  AJACCIO (AFP) — Un bus sans conducteur roule depuis lundi entre la gare d'Ajaccio et le port, sur deux kilomètres.

  Il transporte douze personnes et s'arrête, disent les ingénieurs, pour chaque chat. Une opératrice reste à bord pendant l'essai.

| À lire aussi :
| Le train de Bastia passe à l'heure d'été
| Pourquoi les ânes reviennent au maquis

  « Au début, je fermais les yeux », avoue Marie Santoni, qui le prend chaque matin.

  L'essai coûte 1,8 million d'euros et doit durer jusqu'en octobre.

| Suivez-nous sur WhatsApp
| Partager sur Facebook
| Commentaires
| Soyez le premier à commenter
""",
    ),
    "near misses of marks": (
        "AD 79 was not the end of the town",
        (),
        None,
        None,
        """\
| AD 79 was not the end of the town
  AD 79 is the year in which the mountain buried the town, and most books end there. A new dig shows that people came back within a decade.
  They lived in the upper floors of the old houses and used the buried rooms as cellars. Archaeologists found an oven in what had been a bedroom.
| AD
  “They were poor, and they were stubborn,” said Livia Renzi, who leads the dig.
| AD
| Related stories: Roman road found under car park
  The finds go on show in May.
| Photo: Archaeological Park
| Advertisement
| Follow Livia Renzi on X
| © 2025 The Daily Column. All rights reserved.
""",
    ),
    "questions and answers": (
        "Interview: \"A lighthouse is a very slow radio\"",
        ("Piers Olm",),
        "2025-03-03",
        None,
        """\
| Interview: "A lighthouse is a very slow radio"
| 3 March 2025 · 6 min read · By Piers Olm

  Piers Olm met the last keeper of the Skarn light in her kitchen.

  Q: What did you do on your first night?
  A: I counted. One flash, eleven seconds of dark.
  Q: Were you lonely?
  A: No.
  Q: Why not?
  A: Ships answer. A lighthouse is a very slow radio, and every captain on the coast listens to it.
  Q: What will you do now?
  A: Sleep at night, for the first time since 1981. I am told that it is pleasant.

  This interview has been edited for length and clarity.

| More from Piers Olm
| The last ferryman
| Salt
""",
    ),
    "results": (
        "Results, third round",
        (),
        None,
        None,
        """\
| Results, third round

  Saturday's matches:
  Varlow 2 - 0 Tarn
  Brael 1 - 1 Orrin (Brael win 4-3 on penalties)
  Skarn 0 - 3 Westmere
  Sunday's matches:
  Niederfurt 2 - 2 Karlsund
  Altmoor P - P Cray

  Rain put off the match at Altmoor until Wednesday. The draw for the fourth round will be held on Thursday at noon.

  Varlow are the only side left from the second division, and their keeper has not been beaten in five hours of play.

| Read more
| Share
| Save
""",
    ),
    "poem and list": (
        None,
        (),
        "2025-03-03T12:45:00",
        None,
        """\
~ date 2025-03-03 12:45 Villagers of Lower Brae have bought their own bridge, after the county refused for the fourth time to mend it.

  They paid one pound for it and must now find 80,000 more. A baker gave the first thousand.

  Tonight the bridge,
  tomorrow the road,
  and after the road the world

  reads a banner on the northern pier. Nobody will say who wrote it.

  "It leaks less than the council."

~ That was how Ewan Tull, 81, put it to the meeting. Share this article

  What comes next

  • Timber from the estate
  • Nails
  • A fair in June

~ The bridge was built in 1898. Tweet
""",
    ),
    "menus around it": (
        "Minister resigns over flood report",
        ("Alma Reyes",),
        None,
        None,
        """\
| Home
| News
| World
| Politics
| Business
| Sport
| Minister resigns over flood report
| Updated: Monday, 3 March 2025, 12:45
| Written by Alma Reyes
| Minister resigns over flood report
  The minister for water resigned on Monday, a day after a report blamed his office for the late warning of the flood in which nine people died.
  He said in a letter that he had been told of the danger eleven hours before the first siren.
  The report, 240 pages long, was written by three judges. It names no one else.
  "I should have rung the bells myself," the letter says.
  Opposition leaders asked for an election. The prime minister said there would be none.
| Image credit: AFP
| You might also like
| Flood warning: what the sirens mean
| Nine names on a wall
| Subscribe to our Telegram channel
| Leave a comment
| Name
| Email
| Website
| Save my name, email, and website in this browser for the next time I comment.
| About us
| Contact
| Privacy Policy
""",
    ),
    "headline that looks like a source": (
        "Sources: bank to cut 3,000 jobs",
        ("Dana Whitlock", "Amir Sadeghi"),
        "2025-03-03T17:45:00Z",
        "Bloomberg",
        """\
| Sources: bank to cut 3,000 jobs
| By Dana Whitlock and Amir Sadeghi, Bloomberg News
| March 3, 2025 at 12:45 PM EST
| Listen to this article 4 min

  Harrow Bank plans to cut about 3,000 jobs by the summer, people familiar with the matter said, as its new head tries to win back investors.

  Most of the cuts would fall on offices in three cities. A spokesman declined to comment.

  Harrow Bank plans to cut about 3,000 jobs by the summer, people familiar with the matter said, as its new head tries to win back investors.

  Shares of the bank rose 4 percent in early trading. They had lost a third of their value in a year.

| –With assistance from Lee Tran.

| More stories like this are available on bloomberg.com
| ©2025 Bloomberg L.P.
""",
    ),
    "Russian": (
        "В Омске нашли письмо, которое шло 41 год",
        ("Сергей Лапин",),
        "2025-03-03T12:45:00",
        "TASS",
        """\
| Дата: 03.03.2025 12:45
| Автор: Сергей Лапин
| В Омске нашли письмо, которое шло 41 год
  В Омске почтальон доставил письмо, отправленное в 1984 году. Об этом сообщает ТАСС.
  Конверт лежал за обшивкой почтового вагона, который разбирали на металл. Адрес на нём ещё можно было прочесть.
  «Она ждала ответа всю жизнь, а ответ ехал рядом», — сказал почтальон Виктор Шубин.
| Читайте также
| Вагон-музей откроют в мае
| Письма с фронта передали в архив
  Адресату сейчас 73 года. Письмо она прочла вслух, всему двору.
| Фото: пресс-служба Почты
| Подпишитесь на наш канал в Telegram
| Нашли ошибку? Выделите текст и нажмите Ctrl+Enter
| Просмотров: 1204
""",
    ),
    "American wire": (
        "Grain ship leaves port after nine weeks",
        (),
        "2025-03-03T12:45:00Z",
        "AP",
        """\
| Grain ship leaves port after nine weeks | The Coast Herald
| Grain ship leaves port after nine weeks,
| The Meltem had been held over an unpaid bill for paint.
| THE ASSOCIATED PRESS
| Mon, 03 Mar 2025 12:45:00 GMT
| A tug leads the Meltem out of the harbor. (Ana Diaz/AP)
  PORT VALE (AP) — A ship with 22,000 tons of wheat left Port Vale on Monday, nine weeks after it had been chained to the quay over an unpaid bill for paint.
  The crew of nineteen had lived on the ship all that time. Townspeople brought them soup, and on Sundays a priest.
  “We never want to see soup again,” the captain said.
  Editor's note: An earlier version of this story misstated the weight of the wheat.
| Sign up for our free morning newsletter
| Read Next
| Painter sues harbor
| Copyright 2025 The Associated Press. All rights reserved. This material may not be published, broadcast, rewritten or redistributed without permission.
""",
    ),
    "blog": (
        "Council approves budget. What changes for you",
        (),
        "2025-03-03",
        None,
        """\
| Council approves budget. What changes for you
| Posted on March 3, 2025 by admin

  The council of Westmere approved its budget for the year on Monday by 19 votes to 14.

  Here is what changes:

  1. Parking will cost 2 crowns an hour.
  2. The pool will open on Sundays.
  3. Dogs pay nothing.

  Rents

  Rents of council flats rise by 3 percent in July. Tenants over seventy are exempt.

  Buses

  No change

  The mayor called it a budget without poetry. "Share the pain, share the gain," she said.

| Share this:
| Click to share on Twitter (Opens in new window)
| Click to share on Facebook (Opens in new window)
| Like this:
| Like Loading...
| Related
| Filed Under: Council, Money
| Reader Interactions
| Leave a Reply Cancel reply
""",
    ),
    "one word answers": (
        "Lighthouse keeper wins lottery twice",
        (),
        None,
        None,
        """\
| Updated 14:20 GMT, 12 June 2024 | First published 09:05
| Harbour Daily
| Lighthouse keeper wins lottery twice

  The keeper of the Skarn light has won the island lottery for the second time in a year, the office said on Wednesday.

  He bought the ticket at the same shop, from the same woman, on the same day of the week.

| Recommended reading:
| - The shop that sells luck
| - How lotteries pay for lighthouses

~ "I only went in for matches," he said. Share on Facebook

  Yes.

  That was his answer when asked if he would go on working.

  What we know so far

| Photo: Reuters/Ida Bohm
| Get our app
| Join the conversation
""",
    ),
    "language switch": (
        "Ukrainian scientists teach drone to find mines by smell of grass",
        ("Petro Hnatiuk",),
        "2024-06-12T14:20:00",
        "Interfax-Ukraine",
        """\
| Read in: EN | UK | RU
| 12.06.2024 14:20
| Ukrainian scientists teach drone to find mines by smell of grass
| Author: Petro Hnatiuk
| © Interfax-Ukraine
  Scientists in Kharkiv have taught a drone to find mines by the smell of the grass above them, the institute said.
| Photo: press service of the institute
  According to its head, Olena Sych, the drone found 46 of 50 buried shells in May. "The grass tells us," she said.
  As Ukrinform reported, the institute had worked on the drone since 2021.
| Read also: Mine dogs of Chernihiv get a new kennel
| While citing and using any materials on the Internet, links to the website not lower than the first paragraph are mandatory.
| Subscribe to us on Telegram
| Print version
""",
    ),
    "byline with agency": (
        None,
        ("AMY TAN", "JOSÉ RUIZ"),
        "2024-06-12",
        "AP",
        """\
| By AMY TAN and JOSÉ RUIZ Associated Press
| Jun 12, 2024 Updated Jun 12, 2024
  SALT FORK, Ohio (AP) — A library book about patience came back to Salt Fork on Wednesday, 74 years late.
  The fine would have been $1,351, the library said. It was waived.
  "I kept meaning to," said the borrower, who is 88.
| ___
| Associated Press writer Lee Tran in Columbus contributed to this report.
| Copyright 2024 The Associated Press.
| Trending
| Dog elected mayor
| Ten lakes to swim in
""",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_dump_comes_out_clean(clean_text, name):
    headline, authors, published, agency, text = CASES[name]
    lines = [line for line in text.splitlines() if line]
    article = clean_text("\n".join(line[2:] for line in text.splitlines()))
    body = [p.text for p in article.paragraphs]
    assert [line[2:] for line in lines if line[0] == " " and line[2:] not in body] == []
    assert [line[2:] for line in lines if line[0] == "|" and line[2:] in body] == []
    metadata = article.metadata
    found = metadata.published and metadata.published.iso()
    assert (metadata.headline, metadata.authors, found, metadata.agency) == (headline, authors, published, agency)
