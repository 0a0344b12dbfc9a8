"""The media folder: each content once, under the name of its hash."""

import hashlib
import secrets
from pathlib import Path

import filetype
from filetype.types import DOCUMENT

from storage.media.pictures import Damaged, discreet

MAGIC = (
    (b"\x89PNG\r\n\x1a\n", ".png", "image/png"),
    (b"\xff\xd8\xff", ".jpg", "image/jpeg"),
    (b"GIF8", ".gif", "image/gif"),
    (b"#!AMR", ".amr", "audio/amr"),
    (b"ID3", ".mp3", "audio/mpeg"),
    (b"\xff\xfb", ".mp3", "audio/mpeg"),
    (b"\xff\xf3", ".mp3", "audio/mpeg"),
    (b"OggS", ".ogg", "audio/ogg"),
    (b"\x1aE\xdf\xa3", ".webm", "video/webm"),
    (b"%PDF-", ".pdf", "application/pdf"),
    (b"PK\x03\x04", ".zip", "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".doc", "application/msword"),
)
"""How the kinds that chat platforms send begin; the name a sender gives is not believed.
Papers of the newer offices are zip files, those of the older ones all begin alike: the library
tells these apart, so that a phone opens them."""
PAPERS = frozenset(kind.mime for kind in DOCUMENT)
LARGEST = 20 * 1024 * 1024
"""Bytes of one file; the platforms' own limits are at or below this."""
LARGEST_OF = {"audio": 10 * 1024 * 1024}
"""The same for single kinds: nobody listens to a longer voice, a minute has about 100 KB."""


class NotMedia(ValueError):  # noqa: N818 - what it is, not that it failed
    """The bytes are too many, nothing of a kind that we know, or so damaged that they may tell a
    place."""


class MediaFolder:
    """Keeps files where several processes can read them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes) -> tuple[str, str]:
        """Keep the bytes, of a picture without its place; their name in the folder and their type.
        Raises NotMedia."""
        suffix, mime = _kind(content)
        try:
            content = discreet(content)
        except Damaged as error:
            raise NotMedia("damaged") from error
        name = hashlib.sha256(content).hexdigest() + suffix
        target = self._folder / name
        if not target.exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            # The same picture may arrive twice at once: each writes a file of its own.
            half = self._folder / f"{name}.{secrets.token_hex(4)}.part"
            half.write_bytes(content)
            half.replace(target)
        return name, mime

    def size(self, name: str) -> int:
        """Bytes of a kept file. Raises FileNotFoundError."""
        return self.path(name).stat().st_size

    def path(self, name: str) -> Path:
        """Where a kept file lies. Raises FileNotFoundError, also for a name leading elsewhere."""
        target = self._folder / name
        if Path(name).name != name or not target.is_file():
            raise FileNotFoundError(name)
        return target


def _kind(content: bytes) -> tuple[str, str]:
    suffix, mime = _by_content(content)
    if not 0 < len(content) <= LARGEST_OF.get(mime.partition("/")[0], LARGEST):
        raise NotMedia(f"{len(content)} bytes of {mime}")
    return suffix, mime


def _by_content(content: bytes) -> tuple[str, str]:
    for magic, suffix, mime in MAGIC:
        if content.startswith(magic):
            paper = filetype.document_match(content)
            return (f".{paper.extension}", paper.mime) if paper else (suffix, mime)
    if content[4:8] == b"ftyp":
        still = content[8:12] in (b"heic", b"heix", b"mif1", b"msf1")
        return (".heic", "image/heic") if still else (".mp4", "video/mp4")
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return ".webp", "image/webp"
    raise NotMedia("unknown type")
