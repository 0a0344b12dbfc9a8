"""Prints how well days in people's words are read: `make dates`, with files of one's own too."""

import sys
from collections import Counter
from pathlib import Path

from tests.days.judge import OWN, SENTENCES, Verdict, read_expressions

MORE = OWN.with_name("dates.csv")


def main(paths: list[Path]) -> int:
    """A line for each file and way of writing, then what was read otherwise; 1 if any was."""
    wrong = 0
    for path in paths:
        expressions = list(read_expressions(path))
        for name, sentence in SENTENCES.items():
            verdicts = [each.judge(sentence) for each in expressions]
            dated = [v for each, v in zip(expressions, verdicts, strict=True) if each.days]
            share = dated.count(Verdict.RIGHT) / (len(dated) or 1)
            counts = Counter(verdicts)
            told = ", ".join(f"{verdict} {counts[verdict]}" for verdict in Verdict)
            print(f"{path.name} {name}: {len(expressions)} expressions, {told}")
            print(f"  of {len(dated)} that have a day, read rightly: {share:.3f}")
            for each, verdict in zip(expressions, verdicts, strict=True):
                if verdict in (Verdict.NEEDLESS, Verdict.WRONG):
                    print(f"  {verdict}: {each.said_on} {each.words}")
            wrong += counts[Verdict.WRONG]
    return min(wrong, 1)


if __name__ == "__main__":
    given = [Path(path) for path in sys.argv[1:]]
    sys.exit(main(given or [OWN, *([MORE] if MORE.exists() else [])]))
