"""Prints how well firms and repeated matters are recognised: `python -m tests.names_report`.

The real names and messages lie outside the project and are only read here. A third of the pairs
and half of the clusters were kept back while the rules were made; they are printed on their own.
"""

import csv
import random
import statistics
import sys
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from bot.core.classifier.sound import syllables
from bot.core.issues.duplicates import Band, Matter, same_matter
from bot.core.names.outcome import Verdict
from bot.core.names.recognizer import NameEntry, NameIndex
from tests.bench import names as names_bench

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
_TOPIC, _DETAIL = "留言主题", "留言详情"
_UNRELATED = 300


@dataclass(frozen=True)
class Pair:
    """What people call a firm, and which it is."""

    short: str
    firm: int
    held_back: bool


def main() -> int:
    """Print all figures; 1 where the data is not at hand."""
    if not DATA.exists():
        print(f"no data in {DATA}: nothing measured")
        return 1
    names = [row["name"] for row in rows("company_registry.csv")]
    pairs = read_pairs(names)
    print(f"firms: {len(pairs):,} short names against {len(names):,} registered names")
    index = NameIndex.build(NameEntry(at, name) for at, name in enumerate(names))
    for what, part in parts(pairs):
        print_found(what, index, part)
        print_absent(what, index, names, part)
    print_found("one homophone, kept back", index, misheard(select_held_back(pairs)))
    print_sentences(index, names, select_held_back(pairs))
    print_messages(names, pairs)
    print_matters()
    print("among 100,000 invented names (value, times faster than a WRatio scan):")
    for what, value, ratio in names_bench.run():
        print(f"  {what:32} {value:>9} {ratio:>6}")
    return 0


def rows(file: str) -> list[dict[str, str]]:
    """The rows of one of the shared files."""
    with (DATA / file).open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def read_pairs(names: Sequence[str]) -> list[Pair]:
    """The short names whose firm is in the registry; all of one firm are on one side."""
    firms = {name: at for at, name in enumerate(names)}
    return [
        Pair(row["short"], firms[row["full"]], zlib.crc32(row["full"].encode()) % 3 == 0)
        for row in rows("company_short_full_pairs.csv")
        if row["full"] in firms
    ]


def select_held_back(pairs: Iterable[Pair]) -> list[Pair]:
    """The pairs that were kept back."""
    return [pair for pair in pairs if pair.held_back]


def parts(pairs: Sequence[Pair]) -> list[tuple[str, list[Pair]]]:
    """All pairs, then those the rules were made with, then those kept back."""
    seen = [pair for pair in pairs if not pair.held_back]
    return [("all", list(pairs)), ("seen", seen), ("kept back", select_held_back(pairs))]


def print_found(what: str, index: NameIndex, pairs: Sequence[Pair]) -> None:
    """Recall, verdicts and speed while the firm is in the registry."""
    first = three = 0
    verdicts: Counter[Verdict] = Counter()
    right: Counter[Verdict] = Counter()
    seconds = []
    for pair in pairs:
        began = perf_counter()
        match = index.find(pair.short)
        seconds.append(perf_counter() - began)
        hit = match.best is not None and match.best.id == pair.firm
        first, three = (
            first + hit,
            three + (pair.firm in {candidate.id for candidate in match.candidates}),
        )
        verdicts[match.verdict] += 1
        right[match.verdict] += hit
    print(
        f"  {what} ({len(pairs):,}): recall@1 {share(first, pairs)}  recall@3 {share(three, pairs)}"
        f"  median {statistics.median(seconds) * 1e3:.2f} ms"
    )
    for verdict, count in verdicts.most_common():
        print(f"    {verdict:8} {count:5,}  first is right {right[verdict]:5,}")


def print_absent(what: str, index: NameIndex, names: Sequence[str], pairs: Sequence[Pair]) -> None:
    """What is said of a short name whose firm was taken out: any SURE is wrong."""
    verdicts: Counter[Verdict] = Counter()
    for pair in pairs:
        index.remove(pair.firm)
        verdicts[index.find(pair.short).verdict] += 1
        index.add(NameEntry(pair.firm, names[pair.firm]))
    said = "  ".join(f"{verdict} {share(verdicts[verdict], pairs)}" for verdict in Verdict)
    print(f"    firm absent, {what}: {said}")


def misheard(pairs: Iterable[Pair], seed: int = 5) -> list[Pair]:
    """The pairs with one common character changed for another that sounds the same."""
    chance = random.Random(seed)
    table = syllables()
    alike: dict[int, list[str]] = {}
    for character, syllable in table.items():
        alike.setdefault(syllable, []).append(chr(character))
    changed = []
    for pair in pairs:
        places = [
            at
            for at, char in enumerate(pair.short)
            if len(alike.get(table.get(ord(char), 0), ())) > 1
        ]
        if places:
            at = chance.choice(places)
            others = [char for char in alike[table[ord(pair.short[at])]] if char != pair.short[at]]
            heard = pair.short[:at] + chance.choice(others) + pair.short[at + 1 :]
            changed.append(Pair(heard, pair.firm, pair.held_back))
    return changed


def print_sentences(index: NameIndex, names: Sequence[str], pairs: Sequence[Pair]) -> None:
    """Short names within sentences, as unregistered words and as registered aliases."""
    print("  within a sentence, kept back (first is right; SURE; SURE but wrong):")
    chosen = [pair for pair in pairs if len(pair.short) > 2 and not pair.short.isascii()]
    chosen = random.Random(2).sample(chosen, min(400, len(chosen)))
    aliases = {pair.firm: (pair.short,) for pair in pairs}
    known = NameIndex.build(
        NameEntry(at, name, aliases.get(at, ())) for at, name in enumerate(names)
    )
    for sentence in ("我是{}的，车间停电了", "{}门口的路灯坏了", "您好，我们{}想招二十个普工"):
        for what, name_index in (("no alias", index), ("alias", known)):
            found = [
                (name_index.find_in(sentence.format(pair.short)), pair.firm) for pair in chosen
            ]
            right = sum(bool(m.best and m.best.id == firm) for m, firm in found)
            sure = [m.best.id == firm for m, firm in found if m.best and m.verdict is Verdict.SURE]
            print(
                f"    {sentence} {what:8} {share(right, chosen)}  {share(len(sure), chosen)}"
                f"  {share(sure.count(False), chosen)}"
            )


def print_messages(names: Sequence[str], pairs: Sequence[Pair]) -> None:
    """How often a firm is read into citizens' messages, among 5,000 firms with their aliases."""
    aliases: dict[int, tuple[str, ...]] = {}
    for pair in pairs:
        aliases[pair.firm] = (*aliases.get(pair.firm, ()), pair.short)
    chosen = random.Random(3).sample(range(len(names)), 5_000)
    park = NameIndex.build(NameEntry(at, names[at], aliases.get(at, ())) for at in chosen)
    print("  5,000 firms read into messages of citizens:")
    for file, column in (("taidi", "theme"), ("taidi", "detail"), ("hangzhou", "content")):
        texts = [row[column] for row in rows(f"messages_{file}.csv")]
        verdicts = Counter(park.find_in(text).verdict for text in texts)
        said = "  ".join(f"{verdict} {share(verdicts[verdict], texts)}" for verdict in Verdict)
        print(f"    {file} {column} ({len(texts):,}): {said}")


def print_matters() -> None:
    """Recall of clusters among all messages, and what is shown among unrelated ones."""
    messages = rows("messages_same_matter_silver.csv")
    print(f"same matter: clusters (silver) among {len(messages):,} messages")
    for asked, among in ((_TOPIC, _TOPIC), (_DETAIL, _DETAIL), (_TOPIC, _DETAIL)):
        for what, half in (("seen", True), ("kept back", False)):
            print_clusters(f"{asked} among {among}, {what}", messages, asked, among, half)
        print_unrelated(messages, asked, among)


def print_clusters(
    what: str, messages: list[dict[str, str]], asked: str, among: str, half: bool
) -> None:
    """Whether the first, and one of the first three, belongs to the same cluster."""
    sizes = Counter(row["cluster"] for row in messages)
    chosen = [
        at
        for at, row in enumerate(messages)
        if (name := row["cluster"])
        and sizes[name] > 1
        and (zlib.crc32(name.encode()) % 2 == 0) is half
    ]
    matters = [Matter(at, row[among]) for at, row in enumerate(messages)]
    first = three = 0
    bands: Counter[Band] = Counter()
    right: Counter[Band] = Counter()
    for at in chosen:
        near = [
            neighbour
            for neighbour in same_matter(messages[at][asked], matters, 4)
            if neighbour.id != at
        ][:3]
        hits = [messages[neighbour.id]["cluster"] == messages[at]["cluster"] for neighbour in near]
        first, three = first + any(hits[:1]), three + any(hits)
        bands.update(neighbour.band for neighbour in near[:1])
        right.update(neighbour.band for neighbour, hit in zip(near[:1], hits, strict=False) if hit)
    said = "  ".join(f"{band} {right[band]}/{bands[band]}" for band in Band)
    print(f"  {what}: recall@1 {share(first, chosen)}  @3 {share(three, chosen)}  right: {said}")


def print_unrelated(messages: list[dict[str, str]], asked: str, among: str) -> None:
    """What is shown for a message among so many that belong to no cluster."""
    chance = random.Random(4)
    alone = [row for row in messages if not row["cluster"]]
    bands: Counter[str] = Counter()
    for row in chance.sample(alone, 250):
        others = [other for other in chance.sample(alone, _UNRELATED) if other is not row]
        near = same_matter(
            row[asked], [Matter(at, other[among]) for at, other in enumerate(others)]
        )
        bands[near[0].band if near else "none"] += 1
    shown = "  ".join(f"{band} {bands[band]}/250" for band in (*Band, "none"))
    print(f"    the first shown among {_UNRELATED} that belong to no cluster: {shown}")


def share(count: int, whole: Sequence[object]) -> str:
    """A share with its numerator and denominator."""
    return f"{count / (len(whole) or 1):.4f} ({count:,}/{len(whole):,})"


if __name__ == "__main__":
    sys.exit(main())
