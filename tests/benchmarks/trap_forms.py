"""Notices that one form is filled with: for each its paragraphs, with slots in braces, and hours to the next of its kind.

Slots: n number, d decimal, p person, s surname, t town, w word, h hour, m date, x sentence of its own.
"""

from __future__ import annotations

FORMS: dict[str, tuple[tuple[float, float], list[str]]] = {
    "races": (
        (20, 30),
        [
            "Runners and riders for the meeting at {t}, where the going is good to soft after {n} millimetres of rain and the "
            "gates open two hours before the first race. Children under sixteen come in free with a grown-up, dogs must be "
            "kept on a lead, and picnics are welcome on the lawn beside the old grandstand but not in the paddock. Cars can "
            "be left in the field behind the church, from where a bus goes to the course every ten minutes until the last "
            "race has been run. Bets are settled by the card as it was printed, and the stewards may call off a race or move "
            "it by half an hour if the ground, the light or the wind should make that needful.",
            "{h}: 1 {w} {w} ({s}), 2 {w} {w} ({s}), 3 {w} ({s}), 4 {w} {w} ({s}). {h}: 1 {w} ({s}), 2 {w} {w} ({s}), 3 {w} "
            "({s}). {h}: 1 {w} {w} ({s}), 2 {w} ({s}), 3 {w} {w} ({s}).",
        ],
    ),
    "weather": (
        (20, 30),
        [
            "It will be cloudy at first in the region of {t}, with some rain before noon and sunny spells later on. Highs of "
            "{n} to {n} degrees, in the hills {n}. A light wind from the south-west, in gusts up to {n} kilometres an hour.",
            "The night will be clear with a little mist in the valleys, and temperatures fall to {n} degrees. The outlook for "
            "the day after: more of the same, with a risk of showers of {n} percent, said the weather office.",
        ],
    ),
    "warning": (
        (0, 0.02),
        [
            "The weather office has issued a warning of the second of three grades for the district of {t}, in force from "
            "{h} today. Heavy thunderstorms with hail and gusts of up to 90 kilometres an hour are to be expected.",
            "People should stay indoors, bring in what may be blown away, keep off flat ground and out of the woods, and "
            "drive only if they must. Cellars may be flooded. The warning is lifted when the storm front has passed.",
        ],
    ),
    "stocks": (
        (3, 26),
        [
            "Shares on the {t} exchange were little changed at the close as dealers waited for the central bank. The index of "
            "thirty leading shares ended {d} points higher at {n},{n}.{n}. Turnover was {n} million crowns after {n} million.",
            "{s} Steel rose {d} percent to {n}.{n}0 and {s} Paper gained {d} percent, while {s} Lines fell {d} percent. Rising "
            "shares outnumbered falling ones by {n} to {n}. The crown was at {d} to the dollar after {d} the day before.",
        ],
    ),
    "horoscope": (
        (20, 30),
        [
            "What the stars say for {m}. Find your sign below; our astrologer reads the sky anew every morning and answers "
            "letters from readers on the last Sunday of the month.",
            "Aries: {x}",
            "Taurus: {x}",
            "Gemini: {x}",
            "Cancer: {x}",
            "Leo: {x}",
            "Virgo: {x}",
        ],
    ),
    "court": (
        (0, 30),
        [
            "{p}, {n}, of {t}, was fined {n}0 crowns by the district court on {m} for driving without care. The court also "
            "ordered costs of {n} crowns and a surcharge of {n} crowns, and put {n} points on the licence.",
            "The defendant, who was not represented, admitted the offence and asked for time to pay, which was given.",
        ],
    ),
    "obituary": (
        (1, 40),
        [
            "{p}, {n}, of {t}, died peacefully at home on {m} with the family at the bedside. Born in {t}, the eldest of "
            "{n} children, {p} worked for {n} years at the {s} mill and sang in the church choir.",
            "The funeral service will be held at St. {s}'s on {m} at {h}, followed by burial in the old churchyard. Family "
            "flowers only, please; gifts may be made to the hospice. All friends are welcome at the parish hall afterwards.",
        ],
    ),
    "recipe": (
        (5, 60),
        [
            "Serves {n}. Ready in {n} minutes. You need {n} g of {w}, {n} g of {w}, two spoons of {w} and a pinch of {w}.",
            "Heat the oven to {n}0 degrees. Wash the {w} and cut it into pieces as big as a thumb. Melt the butter in a heavy "
            "pan, add the {w} and stir until it is golden. Pour in the stock, season with salt and pepper, cover and let it "
            "simmer for {n} minutes on a low flame. Stir in the {w} and serve at once with bread and a green salad.",
        ],
    ),
    "product": (
        (0, 50),
        [
            "We have tried the {w} {n} by {s}, which costs {n}9 crowns and weighs {n}0 grams. Its battery lasts {n} hours.",
            "How we test: every device is bought in a shop and used by two of our writers for at least a week. We measure "
            "the battery with the screen at half its brightness, playing films from a local server until it goes dark, and "
            "repeat that three times. The screen is measured in a dark room with a colour meter, the sound with a dummy "
            "head, the weight on our own scales. No maker pays for a test, sees it before it is printed or has a say in it. "
            "When you buy through our links we may get a small share of the price, which does not change what we write. The "
            "marks run from one to ten; eight and more we would buy ourselves, under five we would not take as a gift.",
        ],
    ),
    "match": (
        (0, 30),
        [
            "{s} {w} beat {s} {w} {n}-{n} in the third division on {m}. {p} opened the score in the {n}th minute and {p} "
            "made it two before the break. {p} pulled one back from the spot, but {p} settled it with {n} minutes left.",
            "{s} are now {n}th with {n} points from {n} matches. A crowd of {n}{n}0 saw the match. Next they play {s} {w} away.",
        ],
    ),
    "election": (
        (0, 0.2),
        [
            "{p} of the Centre Party has been elected member for {t} with {n},{n} votes, a majority of {n}{n}. The turnout was "
            "{d} percent, after {d} percent four years ago. Counting ended at {h} and there was no recount.",
            "The result in full: {p} (Centre) {n},{n}; {p} (Labour) {n},{n}; {p} (Farmers) {n},{n}; {p} (Green) {n}{n}. "
            "Rejected papers: {n}. The swing from Labour to Centre was {d} percent.",
        ],
    ),
    "traffic": (
        (2, 30),
        [
            "Drivers on the A{n} face delays because of roadworks between {t} and {t} from {m}. One lane in each direction "
            "will be closed between {h} and {h}, the road authority said, while the surface is renewed.",
            "A detour is signed by way of {t}. The work costs {d} million crowns and will take about {n} days if the weather "
            "allows. The authority asks drivers for patience and advises them to allow more time for their journey.",
        ],
    ),
    "job": (
        (0, 60),
        [
            "The {s} group in {t} is looking for a {w} keeper, full time, from {m}. You have a degree in {w}, {n} years of "
            "practice and a licence to drive. We pay {n},{n}00 crowns a month. Write to {p} before {m}, reference {n}{n}.",
            "About us: we are an employer that gives everyone the same chance. We choose people for what they can do, "
            "whatever their age, origin, faith or sex, and we make room for those who live with a disability; tell us what "
            "you need for the interview and we will see to it. You will find a canteen with fresh food, a nursery on the "
            "grounds, thirty days of leave, a ticket for bus and tram, and people who have stayed with us for a long time. "
            "Your papers are kept for six months and then destroyed. Please send copies only, since we cannot send them back.",
        ],
    ),
    "earnings": (
        (0, 2),
        [
            "{s} Corp. on {m} reported {w} quarter profit of {d} million crowns. The {t}-based company said it had net income "
            "of {n} cents a share. Earnings, adjusted for one-time costs, came to {n} cents a share.",
            "The results beat the forecast of {n} analysts, who had expected {n} cents a share. Revenue of {d} million crowns "
            "missed forecasts. For the current quarter the company expects revenue between {n} and {n} million crowns.",
            "The company's shares have risen {n} percent since the beginning of the year and {n} percent in twelve months.",
        ],
    ),
    "blotter": (
        (2, 30),
        [
            "Police in {t} are looking for witnesses after a break-in on {s} Street. Between {h} and {h} on {m} unknown persons "
            "forced a cellar window and took jewellery and cash worth {n}00 crowns.",
            "Anyone who has seen something suspicious is asked to call the station at {n}{n}-{n}{n} or any other police office.",
        ],
    ),
    "theatre": (
        (0, 60),
        [
            "The {s} theatre in {t} opens its season on {m} with {w} and {w}. Tickets from {n} crowns at the box office.",
            "{x}",
        ],
    ),
    "poll": (
        (24, 170),
        [
            "If there were an election on Sunday, the Centre Party would get {n} percent of the vote in {t}, a poll by the "
            "{s} institute shows. Labour would come to {n} percent, the Farmers to {n} and the Greens to {n} percent.",
            "For the poll {n}{n} people entitled to vote were asked between {m} and {m}. The margin of error lies between one "
            "and a half and three percentage points. Polls show opinion at the time of asking and are no forecast.",
        ],
    ),
    "tender": (
        (10, 60),
        [
            "{t} council invites tenders for the renewal of {n} metres of pavement on {s} Road. Papers can be had for {n} "
            "crowns from the clerk's office until {m} at {h}. Tenders are opened in public on {m}.",
        ],
    ),
    "unchanged": (
        (160, 175),
        ["The bank of {T} left its lending rate where it was, a spokesman said after the council met."],
    ),
    "de_polizei": (
        (2, 30),
        [
            "Die Polizei sucht Zeugen eines Unfalls, der sich am {m} gegen {h} auf der Landstraße zwischen {t} und {t} ereignet "
            "hat. Ein {n} Jahre alter Fahrer kam in einer Kurve von der Straße ab und prallte gegen einen Baum.",
            "Der Fahrer aus {t} wurde leicht verletzt in ein Krankenhaus gebracht. An seinem Wagen entstand ein Schaden von etwa "
            "{n}.000 Kronen. Hinweise nimmt die Wache in {t} unter der Nummer {n}{n}{n} entgegen.",
        ],
    ),
    "es_loteria": (
        (20, 30),
        [
            "El sorteo celebrado el {m} en {t} ha dejado los números {n}, {n}, {n}, {n} y {n}, con el complementario {n}. El bote "
            "asciende a {n} millones y ha habido {n} acertantes de segunda categoría, que cobrarán {n}.{n}0 cada uno.",
            "Los premios caducan a los tres meses y pueden cobrarse en cualquier despacho. El próximo sorteo será el {m}.",
        ],
    ),
    "ru_pogoda": (
        (20, 30),
        [
            "Погода в районе города {t} на {m}: переменная облачность, местами небольшой дождь. Температура воздуха ночью {n}, "
            "днём до {n} градусов, ветер южный до {n} метров в секунду, сообщили в бюро погоды.",
            "На дорогах возможен туман. Водителей просят соблюдать осторожность и держать дистанцию, пешеходов смотреть вперёд.",
        ],
    ),
    "zh_market": (
        (20, 30),
        [
            "{m}，{t}证券市场收盘时指数报{n}{n}.{n}点，比前一交易日上涨{d}%，成交额为{n}亿元，较前一日增加{n}亿元。",
            "分析人士认为，市场总体保持平稳，投资者正在等待央行的下一步决定。当天有{n}家公司股价上涨，{n}家公司股价下跌。",
        ],
    ),
    "zh_election": (
        (0, 0.2),
        [
            "选举委员会宣布，{t}选区的计票工作已经结束，中间党候选人{p}当选为该选区议员，任期四年，投票过程平稳有序。",
            "委员会表示，所有投票站均按时关闭，没有收到任何投诉。当选人将于下月在首都宣誓就职，并参加新一届议会的第一次会议。",
        ],
    ),
    "hi_mausam": (
        (20, 30),
        [
            "मौसम विभाग के अनुसार {t} में {m} को हल्की बारिश हो सकती है। अधिकतम तापमान {n} और न्यूनतम तापमान {n} डिग्री रहने का अनुमान है।",
            "हवा की गति {n} किलोमीटर प्रति घंटा रहेगी। लोगों को सलाह दी गई है कि वे बाहर निकलते समय छाता साथ रखें और सावधानी से गाड़ी चलाएं।",
        ],
    ),
    "ar_election": (
        (0, 0.2),
        [
            "أعلنت لجنة الانتخابات انتهاء فرز الأصوات في دائرة {t} وفوز مرشح حزب الوسط {p} بمقعد الدائرة لمدة أربع سنوات.",
            "وقالت اللجنة إن مراكز الاقتراع أغلقت في موعدها ولم ترد أي شكوى، وإن النائب الجديد سيؤدي اليمين في العاصمة الشهر المقبل.",
        ],
    ),
}
