"""One-time links to pictures and papers that a chat could not show.

Opening the link shows a page with a button and gives nothing away: the programs with which chats
look ahead at links only fetch (GET, HEAD) and press no buttons. Pressing it (POST) starts a sitting
of half an hour in which the thing can be had, more than once: phones fetch a film in pieces and ask
twice for a paper. After that the link is spent, and in any case at its end.
"""

from datetime import datetime, timedelta
from html import escape
from pathlib import Path

from anyio import to_thread
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.web.services import Site
from storage.delivery import links
from storage.delivery.links import Link
from storage.media import media
from storage.media.media import KeptMedia

SITTING = timedelta(minutes=30)
"""How long a link goes on opening after it was opened first."""
SHOWN = ("image/", "audio/", "video/", "application/pdf")
"""What a browser shows by itself; anything else it keeps as a file."""
QUIET = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; "
    "form-action 'self'; frame-ancestors 'none'",
}
_PAGE = """<!doctype html>
<html lang="zh-CN"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 18px/1.6 system-ui, sans-serif; max-width: 26em; margin: 3em auto; padding: 0 1em }}
h1 {{ font-size: 1.2em }}
button {{ font: inherit; width: 100%; padding: .8em; border: 0; border-radius: .4em;
  background: #1f4e79; color: #fff }}
</style>
<h1>{title}</h1>
{body}
</html>
"""


def routes(site: Site) -> list[Route]:
    """The address `/media/<secret>`."""

    async def look(request: Request) -> Response:
        found = await to_thread.run_sync(_find_link, site, request.path_params["secret"])
        if found is None:
            return _shut(site)
        link, _ = found
        until = link.expires_at
        if link.opened_at is not None:
            until = min(until, link.opened_at + SITTING)
        said = site.texts.render("enclosure.page", {"until": until})
        button = site.texts.words["enclosure.open"]
        form = f'<p>{_lines(said)}</p><form method="post"><button>{escape(button)}</button></form>'
        return _page(site, form, 200)

    async def press(request: Request) -> Response:
        secret = request.path_params["secret"]
        if not await to_thread.run_sync(_open_link, site, secret):
            return _shut(site)
        return RedirectResponse(f"/media/{secret}/open", 303, QUIET)

    async def take(request: Request) -> Response:
        file = await to_thread.run_sync(_file, site, request.path_params["secret"])
        if file is None:
            return _shut(site)
        path, mime = file
        kept = "inline" if mime.startswith(SHOWN) else "attachment"
        name = f"attachment{path.suffix}"
        return FileResponse(
            path, media_type=mime, headers=QUIET, filename=name, content_disposition_type=kept
        )

    return [
        Route("/media/{secret:str}", look, methods=["GET"]),
        Route("/media/{secret:str}", press, methods=["POST"]),
        Route("/media/{secret:str}/open", take, methods=["GET"]),
    ]


def _find_link(site: Site, secret: str) -> tuple[Link, KeptMedia] | None:
    with site.database.read() as db:
        return _good(db, secret, site.clock.now())


def _open_link(site: Site, secret: str) -> bool:
    """Begin the sitting, or go on with it; False for a link that opens nothing (any more)."""
    now = site.clock.now()
    with site.database.write() as db:
        found = _good(db, secret, now)
        if found is not None and found[0].opened_at is None:
            links.mark_opened(db, found[0], now)
    return found is not None


def _file(site: Site, secret: str) -> tuple[Path, str] | None:
    """The thing itself and its type, within a sitting."""
    found = _find_link(site, secret)
    if found is None or found[0].opened_at is None:
        return None
    try:
        return site.folder.path(found[1].path), found[1].mime
    except FileNotFoundError:
        return None


def _good(db: Connection, secret: str, now: datetime) -> tuple[Link, KeptMedia] | None:
    link = links.by_secret(db, secret)
    if link is None or now >= link.expires_at:
        return None
    if link.opened_at is not None and now >= link.opened_at + SITTING:
        return None
    item = media.get(db, link.media_id)
    return (link, item) if item.path else None


def _shut(site: Site) -> Response:
    """One page for what is over and what never was: nobody learns which."""
    told = {"phone": site.settings.park.phone or None}
    return _page(site, f"<p>{_lines(site.texts.render('enclosure.over', told))}</p>", 410)


def _page(site: Site, body: str, status: int) -> Response:
    title = escape(site.texts.render("enclosure.title", {"park": site.park.name}))
    return HTMLResponse(_PAGE.format(title=title, body=body), status, QUIET)


def _lines(words: str) -> str:
    return escape(words).replace("\n", "<br>")
