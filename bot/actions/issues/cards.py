"""The facts of an issue as its cards print them, and the menus under them."""

from dataclasses import replace

from bot.actions.context import Context
from bot.core.issues.issue import WORKED_ON, Issue, Rung, Status
from bot.core.messages import Action, Line, Option, Recipient, ToDuty, ToPerson, ToThread
from bot.core.people import OWNERS, Role
from storage.people import people

SHOWN = 300
"""Characters of an enterprise's words that a card prints; the rest is one `查看` away."""


def facts(context: Context, issue: Issue) -> dict[str, object]:
    """What any card may print of an issue. Names and phones are those of now."""
    owner = people.by_id(context.db, issue.owner_id) if issue.owner_id else None
    return {
        "number": issue.number,
        "title": issue.title,
        "category": _category(issue),
        "status": issue.status,
        **_describe_writer(context, issue),
        "owner": owner.name if owner else Line("people.duty_desk"),
        "owner_phone": owner.phone if owner else context.park.phone,
        "accept_due": issue.accept_due,
        "answer_due": issue.answer_due,
        "solve_due": issue.solve_due,
        "filed_at": issue.filed_at,
        "urgent": describe_urgency(issue),
        "climbed": _describe_escalation(context, issue),
        "pressed": Line("issue.pressed", {"times": issue.urged}) if issue.urged else None,
    }


def describe_urgency(issue: Issue) -> Line | None:
    """The line that warns of an urgent or dangerous issue; None of any other."""
    if issue.is_dangerous:
        return Line("issue.danger")
    return Line("issue.urgent") if issue.urgent else None


def _describe_writer(context: Context, issue: Issue) -> dict[str, object]:
    """Whose it is and who wrote it: of a sealed one no card says so, only who opens it reads it."""
    if issue.sealed is not None:
        hidden = Line("sealed.hidden")
        return {"enterprise": hidden, "reporter": Line("sealed.writer"), "reporter_phone": None}
    reporter = people.by_id(context.db, issue.reporter_id) if issue.reporter_id else None
    return {
        "enterprise": name_enterprise(context, issue),
        "reporter": reporter.name if reporter else Line("people.stranger"),
        "reporter_phone": reporter.phone if reporter else None,
    }


def _describe_escalation(context: Context, issue: Issue) -> Line | None:
    """How high it has climbed and whose it is there; None at the bottom."""
    leader = people.by_id(context.db, issue.leader_id) if issue.leader_id else None
    if leader:
        return Line("issue.sponsored", {"leader": leader.name})
    if issue.rung is Rung.LIAISON or issue.sealed is not None:
        return None
    superior = people.by_id(context.db, issue.superior_id) if issue.superior_id else None
    named = superior.name if superior else Line("people.duty_desk")
    return Line("issue.climbed", {"rung": issue.rung, "superior": named})


def shorten_text(text: str) -> str:
    """Somebody's words as a card prints them."""
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"


def name_enterprise(context: Context, issue: Issue) -> str | Line:
    """Whose it is; what somebody unbound says of themselves is printed as that."""
    firm = people.enterprise(context.db, issue.enterprise_id or issue.claimed_id)
    if firm is None:
        return Line("people.unknown_firm")
    claimed = Line("claim.sure", {"enterprise": firm.name})
    return firm.name if issue.enterprise_id is not None else claimed


def _category(issue: Issue) -> Line:
    """The category as a card prints it: a guess says so, a second matter is named."""
    if not issue.category:
        return Line("category.none")
    told = {"category": issue.category, "second": issue.second or None}
    key = "category.sure" if issue.sure else "category.guess"
    return Line(f"{key}_two" if issue.second else key, told)


def to_firm(context: Context, issue: Issue) -> dict[str, object]:
    """The facts as an enterprise reads them: how sure the category is, is nothing to it, and of
    danger it has read above everything else."""
    sure = replace(issue, sure=True)
    told = {**facts(context, issue), "category": _category(sure)}
    return {**told, "urgent": None} if issue.is_dangerous else told


def to_owner(issue: Issue) -> Recipient:
    """Whoever holds the issue."""
    return ToPerson(issue.owner_id) if issue.owner_id else ToDuty()


def to_reporter(issue: Issue) -> Recipient:
    """Where the issue was raised."""
    return ToThread(issue.thread_id)


def staff_options(context: Context, issue: Issue) -> tuple[Option, ...]:
    """What whoever holds an issue may do next, the likeliest first."""
    return tuple(context.option(verb, verb, issue) for verb in staff_verbs(issue))


def staff_verbs(issue: Issue) -> tuple[str, ...]:
    """What can be said of an issue by whoever holds it, the likeliest first. A sealed one changes
    hands in no way of theirs."""
    if issue.sealed is not None:
        return _SEALED_VERBS.get(issue.status, ())
    if issue.status is Status.FILED:
        return ("accept", "pass_on", "ask", "return")
    return ("answer", "resolve", "ask", "pass_on") if issue.status in WORKED_ON else ()


_SEALED_VERBS = {
    Status.FILED: ("accept", "view", "ask"),
    Status.ACCEPTED: ("answer", "resolve", "ask", "view"),
    Status.WAITING: ("answer", "resolve", "view"),
    Status.PLANNED: ("answer", "resolve", "ask", "view"),
}


def reporter_options(context: Context, issue: Issue) -> tuple[Option, ...]:
    """What the enterprise may do next with an issue."""
    if issue.status is Status.RESOLVED:
        return (
            context.option("confirm", "confirm", issue),
            context.option("not_solved", "not_solved", issue),
        )
    if issue.status in WORKED_ON:
        verbs = ("urge", "supplement", "withdraw")
        return tuple(context.option(verb, verb, issue) for verb in verbs)
    return (context.option("reopen", "reopen", issue),)


def options_for(context: Context, issue: Issue, role: Role) -> tuple[Option, ...]:
    """The menu of an issue for somebody of this role."""
    if role is Role.CONTACT:
        return reporter_options(context, issue)
    return staff_options(context, issue) if role in OWNERS else ()


def undo_option() -> Option:
    """The line that takes the last step back."""
    return Option("options.undo", Action("undo"))
