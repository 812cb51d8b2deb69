"""Points: the month against plan and quota, the team's, and what each activity is worth."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, NamedTuple

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal

from contoso_tui import formats
from contoso_tui.host import ShellValues
from contoso_tui.screens import points_words as words
from contoso_tui.screens.filtering import Filtering
from contoso_tui.screens.new_deal import find_customer
from contoso_tui.screens.step_actions import StepActions, Subject
from contoso_tui.store import Changed
from contoso_tui.widgets.list_view import LineList
from contoso_tui.widgets.rows import Row
from contoso_tui.widgets.text_block import RULE, TextBlock
from models import clock, process
from models.activities import points, quota
from models.activities.records import PlanLine, Scored, Standing, TeamScore
from models.customers import customers
from models.ids import show_customer
from models.people.records import Actor
from models.process import ActivityType

SIDE_CELLS = 48
_TABS = {"1": "me", "2": "team", "3": "values"}
_ITSELF = frozenset({points.DEAL_OPENED, points.FIRST_QUOTE, points.LATER_QUOTE})
_DAY = dt.timedelta(days=1)


class Page(NamedTuple):
    """What the screen shows of one month."""

    standing: Standing
    teams: tuple[TeamScore, ...]
    past: tuple[tuple[dt.date, int], ...]
    scored: tuple[Scored, ...]
    values: tuple[ActivityType, ...]


def read_page(actor: Actor, login: str, month: dt.date, now: dt.datetime) -> Page:
    """Read a month of `login` as `actor` may see it."""
    return Page(
        quota.get_standing(login, month, now),
        tuple(quota.list_teams(actor, month)),
        tuple(quota.list_past(login, month)),
        tuple(points.list_scored(login, month)),
        tuple(process.current().activity_types.values()),
    )


class PointsScreen(StepActions, Filtering):
    """Tabs 1 me, 2 team, 3 values; left and right go to other months."""

    scope: ClassVar[str] = "points"
    DEFAULT_CSS = f"""
    PointsScreen #side {{ width: {SIDE_CELLS}; height: 1fr; display: none; }}
    PointsScreen.-is-wide #side {{ display: block; }}
    """

    def __init__(self) -> None:
        super().__init__()
        self.page: Page | None = None
        self.tab = "1"
        self.login = ""
        self.month: dt.date | None = None
        self.head = TextBlock(id="head")
        self.header = Row(id="header")
        self.list = LineList(id="rows", empty="Reading …")
        self.side = TextBlock(id="side", has_edge=True, fits=False)
        self.foot = TextBlock(id="foot")

    # ---- frame

    def body(self) -> ComposeResult:
        """Lay out head, list, side and foot."""
        yield self.head
        yield self.header
        with Horizontal():
            yield self.list
            yield self.side
        yield self.foot

    def on_mount(self) -> None:
        """Read this month."""
        self.login = self.host.actor.login
        self.set_class(self.is_wide, "-is-wide")
        self.load()

    def on_resize(self) -> None:
        """Fit the new width."""
        self.set_class(self.is_wide, "-is-wide")
        self.show_page()

    @property
    def active_list(self) -> LineList:
        """The rows of the tab."""
        return self.list

    def row_labels(self) -> Mapping[str, str]:
        """Return what the digits and the view key do here."""
        return {"screen.tab": "me  2 team  3 values", "screen.view": "month"}

    @property
    def this_month(self) -> dt.date:
        """The first day of the company's present month."""
        return self.host.today().replace(day=1)

    @property
    def _list_cells(self) -> int:
        return self.app.size.width - (SIDE_CELLS if self.is_wide else 0)

    # ---- reading

    @work(exclusive=True, group="points")
    async def load(self) -> None:
        """Read the month and show it."""
        month = self.month or self.this_month
        self.page = await self.read(read_page, self.host.actor, self.login, month, self.host.clock())
        self.show_page()

    def show_page(self) -> None:
        """Draw the tab; the cursor stays on its row."""
        page = self.page
        if page is None:
            return
        width, room = self.app.size.width, self._list_cells
        standing = page.standing
        self.head.show(words.head(standing, width))
        is_values = self.tab == "3"
        self.header.show(words.title(room, is_values=is_values) if self.tab != "2" else " team", style="dim")
        self.list.empty = self._empty()
        rows = self._rows(page, room)
        self.list.show(rows, self.list.current)
        is_cut = 0 < self.list.size.height < len(rows)
        above = words.all_of(len(rows), self.host.keymap.key("list.bottom"), width) if is_cut else RULE
        self.foot.show([above, words.total(standing, room), RULE] if self.tab == "1" else [RULE])
        whose = _TABS[self.tab] if self.login == self.host.actor.login or self.tab != "1" else self.login
        place = f"{standing.month:%B %Y} · {whose}" + (f"  /{self.filter_text}" if self.filter_text else "")
        figures = f"{self.host.actor.login}   {formats.day_full(self.host.today())} "
        self.show_place(place, figures)
        if self.is_wide:
            # The names of screens need the room; which month it is stands where the day stands otherwise.
            self.top_row.show(self.goto_parts(), f"{self.host.actor.login}   {place} ")
        self._show_side()

    def _rows(self, page: Page, room: int) -> list[Any]:
        wanted = self.filter_text.casefold()
        if self.tab == "2":
            return words.team_rows(page.teams, room)
        if self.tab == "3":
            return [words.value_row(kind, room) for kind in page.values if wanted in kind.name.casefold()]
        lines = words.in_order(page.standing, by_score=not self.is_wide)
        return [words.plan_row(one, room) for one in lines if wanted in one.name.casefold()]

    def _empty(self) -> str:
        if self.tab == "2":
            return "You belong to no team that sells"
        return f"No activity matches '{self.filter_text}'. esc clear" if self.filter_text else "No activities"

    def _show_side(self) -> None:
        page = self.page
        if page is None:
            return
        self.status_row.detail(words.about(page.standing))
        if not self.is_wide:
            return
        chosen = self.chosen
        things = self._things(chosen.code) if chosen is not None else []
        self.side.show(
            words.side(
                page.standing,
                page.teams if self.tab != "2" else (),
                page.past,
                quota.nearest(page.standing),
                chosen,
                things,
                [self._day(one) for one in things],
                SIDE_CELLS,
                is_ascii=self.host.settings.ascii_glyphs,
            )
        )

    @property
    def chosen(self) -> PlanLine | None:
        """The activity under the cursor."""
        if self.page is None or self.tab != "1":
            return None
        return next((one for one in self.page.standing.lines if one.code == self.list.current), None)

    def _things(self, code: str) -> list[Scored]:
        return [one for one in self.page.scored if one.code == code] if self.page is not None else []

    def _day(self, one: Scored) -> dt.date:
        return clock.local_date(clock.from_micros(one.at), self.host.settings.zone)

    @on(LineList.Highlighted)
    def _highlighted(self) -> None:
        self._show_side()

    @on(LineList.Chosen)
    async def _row_chosen(self) -> None:
        await self.run_command("item.open")

    def filter_changed(self) -> None:
        """Show what the filter matches."""
        self.show_page()

    def database_changed(self, changed: Changed) -> None:
        """Read again when something was done that may score."""
        if any(changed.ids(table) for table in ("activity", "deal", "quote", "closed_month", "process_version")):
            self.load()

    # ---- keys

    def action_screen_tab(self, key: str) -> None:
        """Go to a tab."""
        if key in _TABS:
            self.tab = key
            if key == "1":
                self.login = self.host.actor.login
            self.load()

    def action_screen_view(self) -> None:
        """Go on to the month before; after six, back to this one."""
        month = self.month or self.this_month
        before = (month - _DAY).replace(day=1)
        oldest = self.this_month
        for _ in range(6):
            oldest = (oldest - _DAY).replace(day=1)
        self._go_to(before if before >= oldest else self.this_month)

    def action_list_left(self) -> None:
        """Go to the month before."""
        self._go_to(((self.month or self.this_month) - _DAY).replace(day=1))

    def action_list_right(self) -> None:
        """Go to the month after."""
        month = self.month or self.this_month
        if month >= self.this_month:
            self.refuse(f"{month:%B %Y} is this month")
        else:
            self._go_to((month.replace(day=28) + _DAY * 4).replace(day=1))

    def _go_to(self, month: dt.date) -> None:
        self.month = month
        self.load()

    def why_not(self, command_id: str) -> str | None:
        """Say why a command can't run."""
        if command_id == "item.open" and self.tab == "3":
            return "Values are set by sales operations in the process file: contoso process"
        if command_id == "activity.log" and self.chosen is not None and self.chosen.code in _ITSELF:
            return f"{words.name_of(self.chosen.name)} scores by itself, when it is done in a deal"
        return super().why_not(command_id)

    @work
    async def action_item_open(self) -> None:
        """List what scored for the activity under the cursor, or show a member's month."""
        if self.tab == "2" and isinstance(self.list.current, str):
            self.login, self.tab = self.list.current, "1"
            self.load()
            return
        chosen = self.chosen
        if chosen is None:
            return
        found = self._things(chosen.code)
        if not found:
            self.refuse(f"No {chosen.name} in this month yet")
            return
        from contoso_tui.dialogs.picker import OpenPicker
        from contoso_tui.forms.fields import Choice

        choices = [
            Choice(
                f"{one.thing}:{one.thing_id}:{one.customer_id}",
                f"{formats.day_card(self._day(one), self.host.today(), is_wide=True)}  {one.customer}",
                f"{one.points} points",
            )
            for one in found
            if one.customer_id is not None
        ]
        picked = await self.app.push_screen_wait(OpenPicker(f"{words.name_of(chosen.name)}: open", choices))
        if picked is not None:
            thing, number, customer = picked.split(":")
            self.host.open_goal(formats.deal_id(int(number)) if thing == "deal" else show_customer(int(customer)))

    def action_activity_log(self) -> None:
        """Log an activity of the type under the cursor, after asking with whom."""
        self._log_with(self.chosen)

    @work
    async def _log_with(self, chosen: PlanLine | None) -> None:
        found = await find_customer(self, f"Log · {chosen.name if chosen else 'activity'} · with whom?")
        if found is None:
            return
        customer_id = found if isinstance(found, int) else await self._make(found)
        row = await self.read(customers.get_row, customer_id)
        await self.log_of(Subject("task", customer_id, row.name), chosen.code if chosen is not None else "")

    async def _make(self, fields: dict[str, Any]) -> int:
        known = {name: value for name, value in fields.items() if value is not None}
        return await self.change(lambda actor, now: customers.create(actor, now, **known))

    def subject(self) -> Subject | None:
        """Nothing here is a step; logging asks whom it is about."""
        return None

    async def steps_changed(self, subject: Subject | None, deal_ids: Sequence[int]) -> None:
        """Show what was logged."""
        self.load()

    def shell_values(self) -> ShellValues:
        """Fill the places of shell forms."""
        return {"id": "ID"}

    def copy_texts(self) -> Mapping[str, str]:
        """Return the month as CSV, and the row under the cursor."""
        page, chosen = self.page, self.chosen
        if page is None:
            return {}
        texts = {"l": words.as_csv(page.standing)}
        if chosen is not None:
            texts["n"] = chosen.name
        return texts

    def action_app_back(self) -> None:
        """Clear the filter, leave a member's month, else go back."""
        if self.clear_filter():
            return
        if self.login != self.host.actor.login:
            self.login, self.tab = self.host.actor.login, "2"
            self.load()
        else:
            super().action_app_back()

    def action_app_refresh(self) -> None:
        """Read everything again."""
        super().action_app_refresh()
        self.load()
