"""The minutes as a Word file: the link in the office's and the leaders' minutes opens it."""

from pathlib import Path
from tempfile import TemporaryDirectory

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.actions.context import Context
from bot.actions.sessions.minutes import of_session
from bot.actions.sessions.minutes_file import write_minutes
from bot.actions.sessions.minutes_template import BrokenTemplate
from bot.core.sessions.session import Session
from bot.settings.sessions import TEMPLATE
from bot.web.services import Site
from storage.sessions import sessions

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def routes(site: Site) -> list[Route]:
    """The address `/minutes/<secret>.docx`; only the whole minutes tell the secret."""

    async def paper(request: Request) -> Response:
        made = await to_thread.run_sync(_build_minutes, site, request.path_params["secret"])
        if made is None:
            return PlainTextResponse("", 404)
        number, content = made
        headers = {
            "Content-Disposition": f'attachment; filename="minutes-{number}.docx"',
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
        }
        return Response(content, media_type=WORD, headers=headers)

    return [Route("/minutes/{secret:str}.docx", paper)]


def _build_minutes(site: Site, secret: str) -> tuple[int, bytes] | None:
    with site.database.read() as db:
        session = sessions.by_paper(db, secret)
        if session is None or session.closed_at is None:
            return None
        if site.clock.now() > session.closed_at + site.park.limits.minutes_link:
            return None
        context = Context(
            db, site.clock.now(), site.park, site.texts, "", site.learning, site.naming
        )
        return session.number, _fill_template(context, session, site.settings.sessions.template)


def _fill_template(context: Context, session: Session, template: Path) -> bytes:
    """In the office's template; in ours where that one is broken: the office was told so when the
    session was closed."""
    whole = of_session(context, session)
    with TemporaryDirectory() as folder:
        out = Path(folder) / "minutes.docx"
        try:
            write_minutes(context, whole, template, out)
        except BrokenTemplate:
            write_minutes(context, whole, TEMPLATE, out)
        return out.read_bytes()
