"""The settings' section of sealed matters: who reads which kind."""

from collections.abc import Iterator, Mapping

from bot.core.issues.issue import Seal
from bot.core.issues.sealing import READERS
from bot.core.messages import Line
from bot.settings.faults import Reason, because
from bot.settings.service_levels import Section


class ReadersRow(Section):
    """The names of three people of the registry; the third may be left out."""

    first: str = ""
    stand_in: str = ""
    last: str = ""

    def names(self) -> tuple[str, ...]:
        """Those that are given, each once, in the order in which they read."""
        given = ("".join(name.split()) for name in (self.first, self.stand_in, self.last))
        return tuple(dict.fromkeys(name for name in given if name))


class SealedSection(Section):
    complaint: ReadersRow = ReadersRow()
    inspection: ReadersRow = ReadersRow()
    legal: ReadersRow = ReadersRow()

    def readers(self) -> Mapping[Seal, tuple[str, ...]]:
        """The names for each kind, as the core reads them."""
        return {kind: getattr(self, kind).names() for kind in Seal}


def find_sealing_faults(sealed: SealedSection) -> Iterator[tuple[str, Line]]:
    """Each kind that fewer than two people read: the keys where one is missing."""
    for kind in Seal:
        row: ReadersRow = getattr(sealed, kind)
        if len(row.names()) < READERS:
            missing = "stand_in" if row.first.strip() else "first"
            yield f"sealed.{kind}.{missing}", because(Reason.READERS, least=READERS)
