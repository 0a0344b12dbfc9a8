"""Which of somebody's open issues they speak of, by the words they use for it."""

from collections.abc import Mapping

from bot.core.reading import fold


def find_meant(words: str, texts: Mapping[int, str]) -> int | None:
    """The id of the issue whose words `words` come back to, None where none or several do.

    What stands in every text (all of them about 宿舍) tells nothing and does not count.
    """
    said = _pairs(words)
    shared = {issue: said & _pairs(text) for issue, text in texts.items()}
    if len(shared) > 1:
        everywhere = frozenset.intersection(*shared.values())
        shared = {issue: pairs - everywhere for issue, pairs in shared.items()}
    ranked = sorted(shared, key=lambda issue: len(shared[issue]), reverse=True)
    if not ranked or not shared[ranked[0]]:
        return None
    if len(ranked) > 1 and len(shared[ranked[0]]) == len(shared[ranked[1]]):
        return None
    return ranked[0]


def _pairs(text: str) -> frozenset[str]:
    """Neighbouring characters within one run of letters."""
    plain = fold(text).lower()
    pairs = (plain[at : at + 2] for at in range(len(plain) - 1))
    return frozenset(pair for pair in pairs if pair.isalnum())
