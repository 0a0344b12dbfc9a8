"""The settings' section of limits: how long, how often and how much."""

from datetime import timedelta

from pydantic import Field

from bot.core.park.park import Limits
from bot.core.park.service_levels import Unit
from bot.settings.service_levels import Section, SpanRow


class LimitsRow(Section):
    undo_minutes: int = Field(default=2, ge=1, le=60)
    urge_hours: int = Field(default=4, ge=1, le=240)
    rate_days: int = Field(default=7, ge=1, le=365)
    reopen_days: int = Field(default=30, ge=1, le=365)
    burst_seconds: int = Field(default=90, ge=0, le=3600)
    hold_seconds: int = Field(default=20, ge=0, le=120)
    menu_hours: int = Field(default=24, ge=1, le=720)
    code_days: int = Field(default=7, ge=1, le=365)
    link_days: int = Field(default=7, ge=1, le=90)
    minutes_days: int = Field(default=30, ge=1, le=365)
    close_days: int = Field(default=7, ge=1, le=365)
    ask_again_days: int = Field(default=3, ge=1, le=365)
    pause: SpanRow = SpanRow(amount=3, unit=Unit.DAY)
    merge_minutes: int = Field(default=10, ge=0, le=240)
    undisturbed_hours: int = Field(default=2, ge=1, le=24)
    ruling: SpanRow = SpanRow(amount=1, unit=Unit.DAY)
    load: int = Field(default=30, ge=1, le=10_000)
    call_minutes: int = Field(default=15, ge=1, le=240)
    call_again_minutes: int = Field(default=60, ge=5, le=1440)

    def limits(self) -> Limits:
        """As the core reads them."""
        return Limits(
            undo_within=timedelta(minutes=self.undo_minutes),
            urge_every=timedelta(hours=self.urge_hours),
            rate_within=timedelta(days=self.rate_days),
            reopen_within=timedelta(days=self.reopen_days),
            burst=timedelta(seconds=self.burst_seconds),
            hold=timedelta(seconds=self.hold_seconds),
            menu=timedelta(hours=self.menu_hours),
            code=timedelta(days=self.code_days),
            link=timedelta(days=self.link_days),
            minutes_link=timedelta(days=self.minutes_days),
            close_after=timedelta(days=self.close_days),
            ask_again_after=timedelta(days=self.ask_again_days),
            pause=self.pause.span(),
            merge=timedelta(minutes=self.merge_minutes),
            do_not_disturb=timedelta(hours=self.undisturbed_hours),
            ruling=self.ruling.span(),
            load=self.load,
            call=timedelta(minutes=self.call_minutes),
            call_again=timedelta(minutes=self.call_again_minutes),
        )
