"""Train the model of lines, or score it on sites it has not seen.

    python tests/benchmarks/train_lines.py CORPORA --cross-validate [--seed 0] [--without GROUP]
    python tests/benchmarks/train_lines.py CORPORA --write seeds/models/lines.json

CORPORA is a folder with aeb-dev.jsonl.gz, fundus-dev.jsonl.gz, trafeval-dev.jsonl.gz and textdumps-dev.jsonl.gz. Needs,
besides newsfold: scikit-learn, lightgbm, trafilatura.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
from body_fit import fold_of
from body_pages import TRUTHFUL
from line_dumps import DUMPERS, Dump, dumps
from line_fit import train
from scores import best, bodies
from train_body import FOLDS, written

from etl.errors import Reject
from etl.records import KnownParagraphs
from etl.strip.facts import Line
from etl.strip.lines.model import LineModel, LineVerdicts, from_spec
from etl.strip.stage import strip

Answers = dict[str, list[str]]


class Credulous:
    """In place of a model: every line is the story, so that the rules decide alone."""

    def __call__(self, lines: Sequence[Line], headline: str | None) -> LineVerdicts:
        m = len(lines)
        return LineVerdicts(np.zeros((m, 0)), np.ones(m), np.ones(m))


def answer(dump: Dump, model: LineModel | Credulous) -> list[str]:
    """Return the body by rules and model together, without and with its standfirst."""
    try:
        article = strip(dump.document, KnownParagraphs(), lines=model)
    except Reject:
        return [""]
    return [article.body, "\n".join(filter(None, (article.metadata.standfirst, article.body)))]


def report(title: str, given: Sequence[Dump], answers: Callable[[Dump], list[str]]) -> None:
    print(f"\n{title}\n\n| dump | corpus | F1 | P | R | accuracy | under .5 |\n|---|---|---|---|---|---|---|")
    found = {d.id: answers(d) for d in given}
    for kind in DUMPERS:
        for corpus in TRUTHFUL:
            some = [d for d in given if (d.kind, d.corpus) == (kind, corpus)]
            scores = [best(set(d.truths), found[d.id]) for d in some]
            print(f"| {kind} | {corpus} | {bodies(scores, sum(not found[d.id][0] for d in some))} |", flush=True)


def cross_validated(all_dumps: Sequence[Dump], given: Sequence[Dump], seed: int, without: Sequence[str]) -> Answers:
    answers: Answers = {}
    for fold in range(FOLDS):
        spec = train([d for d in all_dumps if fold_of(d.site, seed, FOLDS) != fold], without)
        model = from_spec({"version": "0", **spec})
        answers |= {d.id: answer(d, model) for d in given if fold_of(d.site, seed, FOLDS) == fold}
    return answers


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("corpora", type=Path)
    ap.add_argument("--cross-validate", action="store_true")
    ap.add_argument("--seed", type=int, action="append")
    ap.add_argument("--without", action="append", default=[], help="a group of features to leave out")
    ap.add_argument("--write", type=Path)
    args = ap.parse_args()
    found = dumps(args.corpora)
    given = [d for d in found if d.kind in DUMPERS]
    print(f"{len(found)} dumps of {len({d.site for d in found})} sites, {sum(len(d.lines) for d in found)} lines")
    if args.cross_validate:
        report("as they come", given, lambda d: [d.raw])
        report("rules alone", given, lambda d: answer(d, Credulous()))
        for seed in args.seed or [0]:
            answers = cross_validated(found, given, seed, args.without)
            report(f"cross-validated by site, seed {seed}, without {args.without}", given, lambda d, a=answers: a[d.id])
    if args.write:
        spec = train(found, args.without)
        text = written(spec)
        args.write.parent.mkdir(parents=True, exist_ok=True)
        args.write.write_text(text, encoding="utf-8")
        print(f"{args.write}: {len(text) // 1000} kB")
        model = from_spec({"version": "0", **spec})
        report("on what it was trained on", given, lambda d: answer(d, model))


if __name__ == "__main__":
    main()
