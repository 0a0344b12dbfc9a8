"""Weeks of every size and oddity, as facts that a digest could be made of."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.core.days.weeks import Week
from bot.core.reports.digest import Evening, Facts
from bot.core.reports.figures import (
    Broken,
    CategoryCount,
    Figures,
    InTime,
    Late,
    Open,
    Recurring,
    Settled,
    Share,
    WeekPoint,
)

ZONE = ZoneInfo("Asia/Shanghai")
WEEK = Week(2026, 47)
UNTIL = WEEK.until(ZONE)
COUNTED = UNTIL + timedelta(hours=8)
CATEGORIES = ("用电", "用工", "用水", "交通出行", "政策兑现", "融资", "环保", "其他")
LONG = (
    "湖南省长沙市望城经济技术开发区超长名称新能源汽车动力电池系统集成科技发展股份有限公司第二分公司"
)
ODD = "嬙䶮🔥\u0007\ufffe急！\u200d👨‍👩‍👧停电了\U00020bb7"


def figures(**fields: object) -> Figures:
    """The week's figures, all zero but for what is given."""
    times = {"since": WEEK.since(ZONE), "until": UNTIL, "at": UNTIL, "counted_at": COUNTED}
    line = tuple(WeekPoint(week) for week in WEEK.line(8))
    return Figures(**{"week": WEEK, **times, "line": line, **fields})  # type: ignore[arg-type]


def line(filed: tuple[int, ...], resolved: tuple[int, ...]) -> tuple[WeekPoint, ...]:
    """Eight weeks, the oldest first."""
    return tuple(
        WeekPoint(*values) for values in zip(WEEK.line(len(filed)), filed, resolved, strict=True)
    )


def late(
    place: int, title: str = "二号车间今天第三次停电", firm: str | None = "恒宇电子有限公司"
) -> Late:
    """An overdue issue, the longest overdue first."""
    since: datetime = UNTIL - timedelta(days=9 - place, hours=3)
    number = f"YZ-20261109-{place:03d}"
    return Late(place, number, title, firm, "赵敏之", since, UNTIL - since)


EMPTY = Facts("云溪示范产业园", figures())

ONE = Facts(
    "云溪示范产业园",
    figures(
        filed=1,
        settled=Settled(1, 1, 0, 1, 1),
        kept=InTime(Share(1, 1), Share(1, 1), Share(1, 1)),
        response=Share(1, 1),
        line=line((0, 0, 0, 0, 0, 0, 0, 1), (0, 0, 0, 0, 0, 0, 0, 1)),
        categories=(CategoryCount("用电", 1, 1, 0),),
    ),
)

TWELVE = Facts(
    "云溪示范产业园",
    figures(
        filed=12,
        withdrawn=1,
        settled=Settled(claimed=10, confirmed=6, silent=3, rated=5, satisfied=4),
        open=Open(all=9, overdue=2, waiting=1, merged=1, planned=2),
        kept=InTime(Share(11, 12), Share(10, 12), Share(7, 9)),
        response=Share(11, 11),
        line=line((9, 14, 7, 11, 16, 10, 8, 12), (8, 12, 9, 10, 13, 12, 8, 10)),
        categories=(
            CategoryCount("用电", 5, 4, 3),
            CategoryCount("用工", 4, 3, 2),
            CategoryCount("交通出行", 2, 3, 3),
            CategoryCount("", 1, 0, 1),
        ),
        worst=(late(1), late(2, "职工宿舍热水一周没来", "绿洲食品有限公司")),
        recurring=(Recurring("用电", 9, 4),),
        promises=Share(3, 5),
        broken=(
            Broken(95, 3, "供电公司", "完成二期增容", UNTIL - timedelta(days=2), True),
            Broken(96, 1, "工程建设部", "修好东门道路", UNTIL - timedelta(days=3), False),
        ),
    ),
    park=figures(filed=40, settled=Settled(35, 20, 12, 21, 18), open=Open(all=31, overdue=6)),
    leader="冯主任",
    firms=6,
    tonight=Evening(
        97,
        UNTIL + timedelta(hours=19, minutes=30),
        "园区会客厅",
        7,
        ("二期增容", "用电", "东门道路", "职工子女入学", "班车加开一班"),
    ),
)

HUGE = Facts(
    LONG,
    figures(
        filed=300,
        withdrawn=17,
        settled=Settled(claimed=288, confirmed=120, silent=150, rated=99, satisfied=0),
        open=Open(all=1234567, overdue=123456, waiting=21, merged=34, planned=55),
        kept=InTime(Share(0, 312), Share(299, 300), Share(1, 1234)),
        response=Share(300, 300),
        line=line((260, 271, 0, 305, 1250, 290, 310, 300), (250, 240, 3, 280, 1100, 301, 290, 288)),
        categories=tuple(
            CategoryCount(name, 60 - 7 * place, 50 - 5 * place, 100 * place)
            for place, name in enumerate((LONG, *CATEGORIES))
        ),
        worst=tuple(
            late(place, title, firm)
            for place, (title, firm) in enumerate(
                ((LONG, LONG), (ODD, ODD), ("🔥🔥", None), ("嬙", "䶮䶮䶮"), ("a" * 80, "W" * 60))
            )
        ),
        recurring=tuple(Recurring(name, 40, 12) for name in CATEGORIES),
        promises=Share(0, 9),
        broken=tuple(
            Broken(95, place, LONG, LONG, UNTIL - timedelta(days=2), False) for place in range(9)
        ),
    ),
    park=figures(filed=99999, settled=Settled(99999, 1, 1, 1, 1), open=Open(all=7654321)),
    leader="欧阳嬙䶮",
    firms=900,
    tonight=Evening(1234, UNTIL + timedelta(hours=19), LONG, 88, (LONG, ODD, "（", "、", "。")),
    decisions=(
        f"1. YZ-20261109-001 {LONG}\n■ 应在 11月16日（周一）前办到；承办 赵敏之",
        f"2. {ODD}",
        "3. 短的一条",
    ),
    reforms=(f"1. {LONG}{LONG}",),
)

WEEKS = {"empty": EMPTY, "one": ONE, "twelve": TWELVE, "huge": HUGE}
