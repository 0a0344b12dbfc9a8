"""What a phone writes into its photographs is gone from what we keep; the picture is the same."""

import io
import struct
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from storage.media.files import MediaFolder, NotMedia
from storage.media.pictures import Damaged, discreet

GPS, ORIENTATION, MAKER = 0x8825, 0x0112, 0x010F
WORDS = b"XIANGJIANG ROAD 7"
XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + WORDS + b"</x:xmpmeta>"
PLACE = struct.pack("<6I", 28, 1, 12, 1, 40, 1)[:8]
"""The degrees of the place as Pillow writes them into a picture."""
FORMS = ("JPEG", "PNG", "WEBP")


def picture() -> Image.Image:
    """Twelve times eight, with something on each side."""
    made = Image.new("RGB", (12, 8), (200, 30, 30))
    made.putpixel((1, 1), (10, 220, 40))
    made.putpixel((10, 6), (10, 20, 240))
    return made


def build_exif(turned: int | None = 6) -> Image.Exif:
    """What a phone writes: the place, the maker, how it was held."""
    exif = Image.Exif()
    exif[MAKER] = WORDS.decode()
    if turned is not None:
        exif[ORIENTATION] = turned
    exif.get_ifd(GPS).update({1: "N", 2: (28.0, 12.0, 40.0), 3: "E", 4: (112.0, 58.0, 5.0)})
    exif[GPS] = exif.get_ifd(GPS)
    return exif


def photograph(form: str, **more: Any) -> bytes:
    """A picture of this form that tells where it was taken."""
    given: dict[str, Any] = {"exif": build_exif(), **more}
    if form == "PNG":
        notes = PngInfo()
        notes.add_text("Comment", WORDS.decode())
        notes.add_itxt("XML:com.adobe.xmp", XMP.decode(), zip=True)
        given["pnginfo"] = notes
    else:
        given["xmp"] = XMP
    out = io.BytesIO()
    picture().save(out, form, **given)
    return out.getvalue()


def open_picture(content: bytes) -> Image.Image:
    """As a phone shows it."""
    opened = Image.open(io.BytesIO(content))
    opened.load()
    return opened


@pytest.mark.parametrize("form", FORMS)
def test_the_place_is_gone_and_the_picture_is_the_same(form: str) -> None:
    content = photograph(form)
    before = open_picture(content)
    assert before.getexif()[GPS]
    kept = discreet(content)
    after = open_picture(kept)
    assert dict(after.getexif()) == {ORIENTATION: 6}
    assert WORDS not in kept
    assert b"xmpmeta" not in kept
    assert "xmp" not in after.info
    assert after.tobytes() == before.tobytes()
    assert after.format == form
    assert len(kept) < len(content)


@pytest.mark.parametrize("form", FORMS)
def test_what_tells_nothing_is_kept_as_it_came(form: str) -> None:
    out = io.BytesIO()
    picture().save(out, form)
    assert discreet(out.getvalue()) == out.getvalue()
    kept = discreet(photograph(form))
    assert discreet(kept) == kept


@pytest.mark.parametrize("turned", [None, 1, 3, 8])
def test_how_it_is_turned_is_kept(turned: int | None) -> None:
    after = open_picture(discreet(photograph("JPEG", exif=build_exif(turned))))
    assert after.getexif().get(ORIENTATION, 1) == (turned or 1)


def test_colours_stay_true() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for form in FORMS:
        content = photograph(form, icc_profile=profile)
        assert open_picture(discreet(content)).info["icc_profile"] == profile


def test_a_progressive_picture_with_comments() -> None:
    content = photograph("JPEG", progressive=True, comment=WORDS)
    kept = discreet(content)
    assert WORDS not in kept
    assert open_picture(kept).tobytes() == open_picture(content).tobytes()


def test_pictures_hidden_behind_the_first_are_gone() -> None:
    out = io.BytesIO()
    picture().save(
        out, "MPO", save_all=True, append_images=[picture().rotate(180)], exif=build_exif()
    )
    hidden = photograph("JPEG")
    for content in (out.getvalue(), photograph("JPEG") + hidden, photograph("JPEG") + b"film"):
        kept = discreet(content)
        assert open_picture(kept).format == "JPEG"
        assert kept.endswith(b"\xff\xd9")
        assert WORDS not in kept
        assert open_picture(kept).tobytes() == open_picture(content).tobytes()


@pytest.mark.parametrize("form", FORMS)
def test_damage_anywhere_tells_nothing(form: str) -> None:
    content = photograph(form)
    for at in range(12, len(content), 3):  # what names the form stays, else it is no picture
        for harmed in (content[:at], content[:at] + b"\xff\xe1\xff" + content[at + 3 :]):
            try:
                kept = discreet(harmed)
            except Damaged:
                continue
            assert PLACE not in kept, at
            assert WORDS not in kept, at
            assert b"xmpmeta" not in kept, at


@pytest.mark.parametrize("fill", [1, 2, 7])
def test_fill_bytes_before_a_marker_hide_nothing(fill: int) -> None:
    content = photograph("JPEG")
    at = content.index(b"\xff\xe1")
    kept = discreet(content[:at] + b"\xff" * fill + content[at:])
    assert PLACE not in kept
    assert dict(open_picture(kept).getexif()) == {ORIENTATION: 6}
    assert open_picture(kept).tobytes() == open_picture(content).tobytes()


def test_a_wrong_length_draws_no_place_in() -> None:
    content = photograph("JPEG")
    first = content.index(b"\xff\xe0")
    until = content.index(b"\xff\xdb") - first - 2
    harmed = content[: first + 2] + until.to_bytes(2, "big") + content[first + 4 :]
    assert PLACE in harmed
    assert PLACE not in discreet(harmed)


def test_what_tells_between_two_scans_is_gone() -> None:
    content = photograph("JPEG", progressive=True)
    exif = content[content.index(b"\xff\xe1") :]
    exif = exif[: int.from_bytes(exif[2:4], "big") + 2]
    second = content.rindex(b"\xff\xda")
    kept = discreet(content[:second] + exif + content[second:])
    assert PLACE not in kept
    assert open_picture(kept).tobytes() == open_picture(content).tobytes()


def test_the_folder_refuses_what_may_tell_a_place(tmp_path: Path) -> None:
    content = photograph("JPEG")
    harmed = content.replace(b"\xff\xe1", b"\x00\xe1", 1)
    with pytest.raises(NotMedia):
        MediaFolder(tmp_path).put(harmed)
    assert list(tmp_path.iterdir()) == []


def test_what_is_cut_off_in_the_picture_has_lost_its_place_too() -> None:
    content = photograph("JPEG")
    kept = discreet(content[:-40])
    assert WORDS not in kept


def test_other_things_are_left_alone() -> None:
    for content in (b"", b"GIF89a....", b"%PDF-1.7 Exif\x00\x00", b"\xff\xd8", b"RIFF\x00\x00"):
        assert discreet(content) == content


def test_the_folder_keeps_only_what_may_be_told(tmp_path: Path) -> None:
    name, mime = MediaFolder(tmp_path).put(photograph("JPEG"))
    assert mime == "image/jpeg"
    assert WORDS not in (tmp_path / name).read_bytes()
    out = io.BytesIO()
    picture().save(out, "JPEG", exif=build_exif(turned=6))
    assert MediaFolder(tmp_path).put(out.getvalue())[0] == name  # the same picture, once


@pytest.mark.parametrize(
    ("content", "kept"),
    [(b"#!AMR", 10), (b"OggS", 10), (b"%PDF-", 20), (b"\x1aE\xdf\xa3", 20)],
)
def test_each_kind_has_its_largest(tmp_path: Path, content: bytes, kept: int) -> None:
    folder, most = MediaFolder(tmp_path), kept * 1024**2
    folder.put(content.ljust(most, b"."))
    with pytest.raises(NotMedia):
        folder.put(content.ljust(most + 1, b"."))


def test_nothing_is_no_picture(tmp_path: Path) -> None:
    for content in (b"", b"hello", b"MZ\x90"):
        with pytest.raises(NotMedia):
            MediaFolder(tmp_path).put(content)


def newer(content: bytes) -> bytes:
    """The skeleton of a phone's newer picture around a TIFF, as far as its place goes."""
    exif = open_picture(content).getexif().tobytes()
    return b"\x00\x00\x00\x18ftypheic" + bytes(40) + exif + bytes(40)


def test_newer_pictures_and_films_lose_their_place_where_it_stands(tmp_path: Path) -> None:
    given = newer(photograph("JPEG"))
    kept = discreet(given)
    assert len(kept) == len(given)
    before, after = Image.Exif(), Image.Exif()
    before.load(given[52:-40])
    after.load(kept[52:-40])
    assert before.get_ifd(GPS)[2] == (28.0, 12.0, 40.0)
    assert dict(after.get_ifd(GPS)) == {}
    assert after[ORIENTATION] == 6
    assert MediaFolder(tmp_path).put(given)[1] == "image/heic"
    film = b"\x00\x00\x00\x18ftypmp42....\xa9xyz\x00\x12\x15\xc7+28.2282+112.9388+040/mdat"
    kept = discreet(film)
    assert b"\xa9xyz\x00\x12\x15\xc7+00.0000+000.0000+000/mdat" in kept
    assert MediaFolder(tmp_path).put(film)[1] == "video/mp4"


def test_damage_in_a_newer_picture_is_refused_or_read() -> None:
    given = newer(photograph("JPEG"))
    for at in range(52, len(given) - 40):
        for harmed in (given[:at], given[:at] + b"\xff\xff" + given[at + 2 :]):
            with suppress(Damaged):
                assert len(discreet(harmed)) == len(harmed)
