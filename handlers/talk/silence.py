"""Nobody of an enterprise who writes is left without any answer for a quarter of an hour."""

from datetime import timedelta

from bot.core.messages import Kind, ToThread
from bot.core.people import Role
from handlers.dispatch.turn import Reply, Turn
from storage.delivery import outbox

LONGEST = timedelta(minutes=15)
"""So long after the last answer a message may go without one, and no longer."""


def break_silence(turn: Turn, reply: Reply) -> Reply:
    """The reply, with a word that the message has come where it would be silence else."""
    is_event = turn.incoming.content.kind is Kind.EVENT
    me = ToThread(turn.thread.id)
    if turn.role is not Role.CONTACT or is_event or any(say.to == me for say in reply.says):
        return reply
    if outbox.moments_sent(turn.db, turn.thread.id, turn.now - LONGEST):
        return reply
    told = {"phone": turn.park.phone}
    heard = turn.me("talk.heard", told, issue_id=reply.issue_id)
    return Reply((heard, *reply.says), reply.issue_id, reply.fault, reply.refused, reply.overtaken)
