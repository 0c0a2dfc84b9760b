"""Train the body model, or score it on sites it has not seen.

    python tests/benchmarks/train_body.py CORPORA --cross-validate [--seed 0] [--without GROUP]
    python tests/benchmarks/train_body.py CORPORA --write seeds/models/body.json

CORPORA is a folder with aeb-dev.jsonl.gz, fundus-dev.jsonl.gz and trafeval-dev.jsonl.gz. Needs, besides newsfold:
scikit-learn, lightgbm, trafilatura.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from body_fit import fold_of, train
from body_pages import TAUGHT, TRUTHFUL, Labelled, pages
from scores import best, bodies, snippet_f1

from etl.errors import Reject
from etl.records import KnownParagraphs
from etl.strip import strip
from etl.strip.learned.decide import decide
from etl.strip.learned.model import Model, from_spec

FOLDS = 5


def model_of(content: dict[str, Any]) -> Model:
    return from_spec({"version": "0", **content})


def written(content: dict[str, Any]) -> str:
    """Return the file's text; its version is a digest of its content."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=False)
    version = hashlib.sha256(text.encode()).hexdigest()[:8]
    return json.dumps({"version": version, **content}, ensure_ascii=False, separators=(",", ":")) + "\n"


def blocks_alone(model: Model, page: Labelled) -> list[str]:
    """Return the body by the model alone, without any rule."""
    document = page.document
    verdicts = model(document.blocks, document.elements, document.metadata)
    keep = decide(verdicts.frame, verdicts.probability).keep
    return ["\n".join(b.text for b, k in zip(document.blocks, keep.tolist(), strict=True) if k)]


def whole_stage(model: Model, page: Labelled) -> list[str]:
    """Return the body as the stage cleans it, with the model in it; and the same behind its standfirst."""
    try:
        article = strip(page.document, KnownParagraphs(), model)
    except Reject:
        return [""]
    return [article.body, "\n".join(filter(None, (article.metadata.standfirst, article.body)))]


def report(title: str, all_pages: Sequence[Labelled], answers: dict[str, list[str]]) -> None:
    """Print scores: aeb's truth has no standfirst, in fundus it counts neither way, snippets may stand in it."""
    print(f"\n| {title} | F1 | P | R | accuracy | pages under .5 |\n|---|---|---|---|---|---|")
    for corpus in TRUTHFUL:
        some = [p for p in all_pages if p.corpus == corpus]
        given = {p.row["id"]: answers[p.row["id"]][: 1 if p.row["text_nolead"] is None else None] for p in some}
        scores = [best({p.row["text"], p.row["text_nolead"] or p.row["text"]}, given[p.row["id"]]) for p in some]
        print(f"| {corpus} | {bodies(scores, sum(not any(a) for a in given.values()))} |")
    taught = [p for p in all_pages if p.corpus == TAUGHT]
    f1 = snippet_f1((answers[p.row["id"]][-1], p.row["with_"], p.row["without"]) for p in taught)
    print(f"| {TAUGHT}, snippets | {f1:.4f} | | | | |", flush=True)


def cross_validate(all_pages: Sequence[Labelled], seed: int, without: Sequence[str]) -> None:
    """Print scores of pages by models that have seen no page of their sites."""
    alone: dict[str, list[str]] = {}
    whole: dict[str, list[str]] = {}
    for fold in range(FOLDS):
        model = model_of(train([p for p in all_pages if fold_of(p.site, seed, FOLDS) != fold], without))
        for page in all_pages:
            if fold_of(page.site, seed, FOLDS) == fold:
                alone[page.row["id"]] = blocks_alone(model, page)
                whole[page.row["id"]] = whole_stage(model, page)
    print(f"\ncross-validated by site, five folds, seed {seed}" + (f", without {without}" if without else ""))
    report("model alone", all_pages, alone)
    report("whole stage", all_pages, whole)


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("corpora", type=Path)
    ap.add_argument("--cross-validate", action="store_true")
    ap.add_argument("--seed", type=int, action="append")
    ap.add_argument("--without", action="append", default=[], help="a group of features to leave out")
    ap.add_argument("--write", type=Path)
    args = ap.parse_args()
    found = pages(args.corpora, (*TRUTHFUL, TAUGHT))
    print(f"{len(found)} pages of {len({p.site for p in found})} sites, {sum(len(p.labels) for p in found)} blocks")
    if args.cross_validate:
        for seed in args.seed or [0]:
            cross_validate(found, seed, args.without)
    if args.write:
        args.write.parent.mkdir(parents=True, exist_ok=True)
        text = written(train(found, args.without))
        args.write.write_text(text, encoding="utf-8")
        print(f"{args.write}: {len(text) // 1000} kB")


if __name__ == "__main__":
    main()
