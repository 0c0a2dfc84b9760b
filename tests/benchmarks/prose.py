"""Made-up prose in many languages: real little words, invented big ones, and names, figures and quotations in between."""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tongue:
    little: str  # words that hold sentences together
    starts: str  # pieces that big words are made of: a beginning, ...
    middles: str
    ends: str
    nouns_in_capitals: bool = False
    latin_names: bool = True  # first names in Latin letters fit in
    spaced: bool = True
    stop: str = "."
    comma: str = ","
    quotes: str = "“”"


TONGUES = {
    "en": Tongue(
        "the of and to in a that for was with on said as at by from it has an were which had after but not they their "
        "would who been will also more about out up into over when than other two before its she he could under all",
        "bar cal den fal gar hol kin lam mer nor pel qua rin sal tor ul ver wan zin bro cre dre fla gri ske sta tre",
        "an el i o ar en ol und ist a ol er",
        "d t m n r s ter ling ton nish ry ment tive gan der lock sy mer ket",
    ),
    "de": Tongue(
        "der die das und in den von zu mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat "
        "dass sie nach wird bei einer um am sind noch wie einem über so zum war haben nur oder aber vor zur bis mehr",
        "bau ver ge stadt rats haus land werk haupt mit ab an um kauf schul berg wasser tal grund markt wald feld",
        "sch el en ung er ig ling",
        "heit keit ung er plan weg bau tag rat amt hof werk zug preis streit gang",
        nouns_in_capitals=True,
        quotes="„“",
    ),
    "es": Tongue(
        "de la que el en y a los se del las un por con no una su para es al lo como más o pero sus le ha me si sin "
        "sobre este ya entre cuando todo esta ser son dos también fue había era muy hasta desde",
        "cal mer tor par man sol ven cor lin bar gan pre tras con des flor mon",
        "a e i o ar er in an",
        "ción dad mente dor dora ero era ista ado ida oso ez aje",
        quotes="«»",
    ),
    "ru": Tongue(
        "и в не на что с по как это он к но из у за от так же для вы мы до бы если или после над при без под через она "
        "они его её был была были уже только ещё также когда где чтобы",
        "гор пер стро вод зем ред сов мир тор бел кам лес мор пол руд сту",
        "о е а и у ов ен ан",
        "ство ность тель ник ный ская ание ение ция щик ком бор лет",
        quotes="«»",
    ),
    "hi": Tongue(
        "के में की है और से का को पर ने कि यह इस एक था हैं लिए भी हो कर तो नहीं वह गया साथ अपने जो बाद या ही तक थे रहा",
        "न म प र ल स क ग त द ब व",
        "ग र न ल त म द क",
        "ना री ता ली की नी मा पुर वाल दार कार",
        stop="।",
        latin_names=False,
    ),
    "ar": Tongue(
        "في من على أن إلى عن مع هذا هذه التي الذي كان كانت قد لا ما بعد قبل بين كل أو ثم حيث خلال عند وقد كما لكن ذلك",
        "الم الت الس الح الق م ت س ح ق ن ب",
        "در صن رك لب جم فت نق عل سر",
        "ة ون ات ين ي ان ية ار",
        comma="،",
        quotes="«»",
        latin_names=False,
    ),
    "zh": Tongue(
        "的 了 在 是 和 与 对 为 也 将 于 从 被 把 到 等 以 及 后 中 上 但 而 他 她 其 该 这 并 已",
        "市 水 工 经 社 学 农 河 港 桥 路 电 商 银 文 公 林 山 海 城 石 金 木 教 医",
        "",
        "业 会 场 局 区 院 行 部 长 员 价 量 法 案 力 程 站 厂 村 策 费 度 者 线",
        spaced=False,
        latin_names=False,
        stop="。",
        comma="，",
    ),
}
LEXICON_WORDS = 4000
FIRST = [
    "Ada",
    "Berit",
    "Corin",
    "Dalia",
    "Egon",
    "Fenna",
    "Goran",
    "Hilde",
    "Ivo",
    "Jorun",
    "Kaspar",
    "Livia",
    "Milo",
    "Nadja",
    "Oskar",
    "Petra",
    "Ruben",
    "Sanna",
    "Tomas",
    "Ula",
]


class Prose:
    """One language's sentences, by one generator of chance."""

    def __init__(self, rng: random.Random, language: str = "en") -> None:
        self.rng, self.tongue = rng, TONGUES[language]
        self.little = self.tongue.little.split()
        lexicon = random.Random(f"words of {language}")
        self.lexicon = [self._invent(lexicon) for _ in range(LEXICON_WORDS)]

    def _invent(self, rng: random.Random) -> str:
        t = self.tongue
        middle = rng.choice(t.middles.split()) if t.middles and rng.random() < 0.7 else ""
        return rng.choice(t.starts.split()) + middle + rng.choice(t.ends.split())

    def big(self) -> str:
        """Return a word; some are common, most are rare."""
        return self.lexicon[int(LEXICON_WORDS * self.rng.random() ** 2)]

    def surname(self) -> str:
        return self._invent(self.rng).capitalize()

    def person(self) -> str:
        return f"{self.rng.choice(FIRST)} {self.surname()}" if self.tongue.latin_names else self.surname()

    def place(self) -> str:
        return self._invent(self.rng).capitalize()

    def figure(self) -> str:
        r = self.rng
        return r.choice(
            [f"{r.randrange(2, 99)}", f"{r.randrange(1, 90)}.{r.randrange(1, 9)}", f"{r.randrange(3, 99)},000"]
        )

    def sentence(self, words: int | None = None) -> str:
        """Return a sentence of about so many words."""
        r, t = self.rng, self.tongue
        out: list[str] = []
        for _ in range(words or r.randrange(9, 27)):
            x = r.random()
            if x < 0.45:
                out.append(r.choice(self.little))
            elif x < 0.89:
                out.append(self.big().capitalize() if t.nouns_in_capitals and r.random() < 0.6 else self.big())
            elif x < 0.95:
                out.append(self.person())
            elif x < 0.97:
                out.append(self.figure())
            else:
                out.append(self.big() + t.comma)
        line = (" " if t.spaced else "").join(out).rstrip(t.comma)
        return line[0].upper() + line[1:] + t.stop

    def paragraph(self, sentences: int = 2) -> str:
        return (" " if self.tongue.spaced else "").join(self.sentence() for _ in range(sentences))

    def paragraphs(self, count: int) -> list[str]:
        return [self.paragraph(self.rng.randrange(1, 4)) for _ in range(count)]

    def quotation(self, sentences: int = 2) -> str:
        return self.paragraph(sentences).join(self.tongue.quotes)
