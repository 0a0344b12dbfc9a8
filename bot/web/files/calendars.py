"""A session as a calendar file: the link in an invitation opens it, always as it stands now."""

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.core.days.icalendar_file import Appointment, build_calendar
from bot.core.sessions.session import Session, Stage
from bot.web.services import Site
from storage.sessions import sessions


def routes(site: Site) -> list[Route]:
    """The address `/calendar/<uid>.ics`; the uid is a secret that only invitations tell."""

    async def calendar(request: Request) -> Response:
        found = await to_thread.run_sync(_session, site, request.path_params["uid"])
        if found is None:
            return PlainTextResponse("", 404)
        content = build_calendar(appointment(site, found), site.clock.now(), "exchange-day-bot")
        name = f"session-{found.number}.ics"
        headers = {
            "Content-Disposition": f'inline; filename="{name}"',
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        }
        return Response(content, media_type="text/calendar; charset=utf-8", headers=headers)

    return [Route("/calendar/{uid:str}.ics", calendar)]


def appointment(site: Site, session: Session) -> Appointment:
    """What a calendar keeps of a session: nothing of its agenda, which is nobody else's."""
    told = {"number": session.number, "theme": session.theme or None}
    return Appointment(
        uid=f"{session.uid}@{site.settings.park.prefix.lower()}.exchange-day",
        sequence=session.sequence,
        starts_at=session.starts_at,
        minutes=site.park.sessions.minutes,
        title=site.texts.render("session.calendar", told),
        place=session.place,
        words=site.texts.render("session.calendar_park", {"park": site.park.name}),
        cancelled=session.stage is Stage.CANCELLED,
    )


def _session(site: Site, uid: str) -> Session | None:
    with site.database.read() as db:
        return sessions.by_uid(db, uid)
