"""The page on which anybody checks a voucher: one file, which needs no network once it is there."""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from re import DOTALL, findall

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from bot.core.chain.vouchers import ORDER
from bot.core.park.park import Park
from bot.texts import Texts
from bot.web.services import Site

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent.parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
)
MOMENT = ("year", "month", "day", "weekday", "clock")
"""What the page fills in itself."""


def routes(site: Site) -> list[Route]:
    """The address `/voucher`; what it checks stands behind `#` and never leaves the browser."""
    page = render_page(site.texts, site.park)
    headers = {
        "Content-Security-Policy": _build_policy(page),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }

    async def voucher(_request: Request) -> HTMLResponse:
        return HTMLResponse(page, headers=headers)

    return [Route("/voucher", voucher)]


def render_page(texts: Texts, park: Park) -> str:
    """The page in the office's words."""
    words = {
        "title": texts.render("voucher.page_title"),
        "lead": texts.render("voucher.page_lead"),
        "paste": texts.render("voucher.page_paste"),
        "code": texts.render("voucher.page_code"),
        "root": texts.render("voucher.page_root"),
        "check": texts.render("voucher.page_check"),
        "offline": texts.render("voucher.page_offline"),
        "nothing": texts.render("voucher.page_nothing"),
        "no_voucher": texts.render("voucher.page_no_voucher"),
        "code_is": texts.render("voucher.page_code_is", {"code": "{code}"}),
        "code_right": texts.render("voucher.page_code_right"),
        "code_wrong": texts.render("voucher.page_code_wrong", {"code": "{code}"}),
        "not_published": texts.render("voucher.page_not_published"),
        "root_is": texts.render("voucher.page_root_is", {"root": "{root}"}),
        "root_right": texts.render("voucher.page_root_right"),
        "root_wrong": texts.render("voucher.page_root_wrong", {"root": "{root}"}),
        "moment": texts.render("voucher.page_moment", {name: f"{{{name}}}" for name in MOMENT}),
        "weekdays": texts.words["time.weekdays"],
        "labels": {name: texts.words[f"voucherfact.{name}"] for name in ORDER},
        "zone": str(park.hours.zone),
    }
    return _TEMPLATES.get_template("voucher.html").render(words=words, park=park.name)


def _build_policy(page: str) -> str:
    """Only the page's own script and style run, and nothing is loaded."""
    script = findall(r"<script>(.*?)</script>", page, DOTALL)
    style = findall(r"<style>(.*?)</style>", page, DOTALL)
    return (
        f"default-src 'none'; script-src {_hashes(script)}; style-src {_hashes(style)}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def _hashes(bodies: list[str]) -> str:
    digests = (sha256(body.encode()).digest() for body in bodies)
    return " ".join(f"'sha256-{b64encode(digest).decode()}'" for digest in digests)
