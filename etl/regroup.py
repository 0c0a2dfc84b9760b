"""What became of the stories when everything was matched again: which split, which merged, which have another lead."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from etl.accounts import EXAMPLES, BigStory, Regrouping, StoryChange

Places = Mapping[int, int]  # article -> story, of those in a story with others; any other is its own story


@dataclass(frozen=True, slots=True)
class Change:
    """Stories before, and what holds their articles now. Each is its id and its number of articles."""

    kind: str  # split, merged, led by another
    before: tuple[tuple[int, int], ...]
    after: tuple[tuple[int, int], ...]


def changes(before: Places, after: Places) -> list[Change]:
    """Return what changed, in the order of story ids. A story that both split and merged counts as both."""
    old, new = _stories(before), _stories(after)
    found = []
    for story, members in sorted(old.items()):
        now = {after.get(article, article) for article in members}
        if len(now) > 1:
            found.append(Change("split", ((story, len(members)),), _sized(now, new)))
        elif new.get(*now) == members and now != {story}:
            found.append(Change("led by another", ((story, len(members)),), _sized(now, new)))
    for story, members in sorted(new.items()):
        once = {before.get(article, article) for article in members}
        if len(once) > 1:
            found.append(Change("merged", _sized(once, old), ((story, len(members)),)))
    return found


def regrouping(before: Places, after: Places, headlines: Mapping[int, str | None], found: list[Change]) -> Regrouping:
    """Return the account of the changes: how many of each kind, and the first few of each with their headlines."""
    kinds = [change.kind for change in found]
    moved = sum(before.get(a, a) != after.get(a, a) for a in {*before, *after})
    return Regrouping(
        split=kinds.count("split"),
        merged=kinds.count("merged"),
        led_by_another=kinds.count("led by another"),
        moved=moved,
        examples=tuple(
            StoryChange(one.kind, _told(one.before, headlines), _told(one.after, headlines)) for one in shown(found)
        ),
    )


def shown(found: list[Change]) -> list[Change]:
    """Return the changes that a report tells: of each kind those with the most articles."""
    chosen: list[Change] = []
    for kind in ("split", "merged", "led by another"):
        mine = [change for change in found if change.kind == kind]
        mine.sort(key=lambda c: (-max(size for _, size in (*c.before, *c.after)), c.before))
        chosen += mine[:EXAMPLES]
    return chosen


def _stories(places: Places) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for article, story in places.items():
        found[story].add(article)
    return dict(found)


def _sized(stories: Iterable[int], members: Mapping[int, set[int]]) -> tuple[tuple[int, int], ...]:
    """Return stories with their number of articles, the largest first."""
    sized = ((story, len(members.get(story, {story}))) for story in stories)
    return tuple(sorted(sized, key=lambda s: (-s[1], s[0])))


def _told(stories: Iterable[tuple[int, int]], headlines: Mapping[int, str | None]) -> tuple[BigStory, ...]:
    return tuple(BigStory(story, headlines.get(story), articles) for story, articles in stories)
