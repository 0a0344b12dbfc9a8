"""Paints a picture from SVG, in a process of its own: `python -m bot.digest.paint < SVG > PNG`.

resvg keeps the interpreter's lock while it draws, a quarter of a second in which no webhook would
be answered. A process does not, and what it takes in memory is given back.
"""

import io
import subprocess
import sys

import resvg_py
from PIL import Image

from bot.digest.fonts import BOLD, REGULAR

COLOURS = (128, 32, 16)
"""Enough for flat shapes and smooth letters at a third of the bytes; fewer where it is long."""
LARGEST = 200_000
"""Bytes: what a phone on a bad line loads at once."""
LIMIT = 30.0
"""Seconds; a picture takes less than one."""


class NotPainted(RuntimeError):  # noqa: N818 - what became of it
    """The picture could not be drawn; the words name why."""


def paint_picture(svg: str) -> bytes:
    """The picture as PNG. Raises NotPainted for what is no SVG."""
    try:
        whole = resvg_py.svg_to_bytes(
            svg_string=svg, skip_system_fonts=True, font_files=[str(REGULAR), str(BOLD)]
        )
    except (ValueError, UnicodeEncodeError) as error:
        raise NotPainted(str(error)) from error
    picture = Image.open(io.BytesIO(bytes(whole))).convert("RGB")
    sizes = (_pack_picture(picture, colours) for colours in COLOURS)
    return next((png for png in sizes if len(png) <= LARGEST), None) or _pack_picture(
        picture, COLOURS[-1]
    )


def _pack_picture(picture: Image.Image, colours: int) -> bytes:
    """As PNG with a palette: quick to choose, and without dithering, which costs bytes."""
    small = io.BytesIO()
    found = picture.quantize(colours, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    found.save(small, "PNG")  # optimising takes as long as drawing, for a tenth of the bytes
    return small.getvalue()


def paint_in_subprocess(svg: str) -> bytes:
    """The same, by another process. Raises NotPainted."""
    command = [sys.executable, "-m", __name__]
    try:
        run = subprocess.run(  # noqa: S603 - our own interpreter, our own module
            command, input=svg.encode(), capture_output=True, timeout=LIMIT, check=True
        )
    except (subprocess.SubprocessError, OSError, UnicodeEncodeError) as error:
        detail = getattr(error, "stderr", None) or str(error).encode()
        raise NotPainted(detail.decode(errors="replace")[-200:]) from error
    return run.stdout


if __name__ == "__main__":
    sys.stdout.buffer.write(paint_picture(sys.stdin.buffer.read().decode()))
