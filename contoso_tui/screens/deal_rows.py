"""What is done with a deal's rows, lines and fields; the deal screen shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from textual import work

from contoso_tui import formats
from contoso_tui.dialogs.tech_read import check_lines
from contoso_tui.drafts import LINE_ADD, LINE_DISCOUNT, LINE_EDIT, PERSON_ADD, PERSON_EDIT, DraftKey
from contoso_tui.host import ShellValues
from contoso_tui.screens import ACTIONS, centre_words, deal_tabs, deal_words, load
from contoso_tui.screens.deal_actions import DealActions
from contoso_tui.screens.deal_edit import edit_deal
from contoso_tui.screens.deal_page import DealPage
from contoso_tui.screens.line_actions import LineActions, LineBook
from contoso_tui.screens.people_actions import PeopleActions
from contoso_tui.screens.step_actions import StepActions, Subject
from contoso_tui.widgets.list_view import LineList
from models import ids
from models.deals import stages
from models.deals.buying_centre import DealPerson
from models.deals.detail_records import DealDetail, Line
from models.deals.records import DealCard
from models.errors import RefusedError
from models.people import permissions

_CHANGES = ("deal", "step", "activity", "line", "person")
_REOPEN = "reopen"
_READING = frozenset({"deal.techcheck", "deal.ideas", "deal.next", "deal.previous", "deal.quote", "deal.move"})


class DealRows(LineActions, PeopleActions, DealActions, StepActions):
    """The actions of one deal: of its lines on tab 3, of its fields on tab 5, of the deal anywhere."""

    def __init__(self, deal_id: int) -> None:
        super().__init__()
        self.deal_id = deal_id
        self.page: DealPage | None = None
        self.tab = "1"
        self.history: Sequence[deal_tabs.HistoryRow] = []
        self.list = LineList(id="rows", empty="Nothing yet")

    async def reload(self, keep: object = None) -> None:
        """Read the deal again; the cursor goes to the row `keep` or stays."""
        raise NotImplementedError

    @property
    def zone(self) -> ZoneInfo:
        """Where the company is."""
        return ZoneInfo(self.host.settings.zone)

    @property
    def _row(self) -> tuple[str, object]:
        key = self.list.current
        return (str(key[0]), key[1]) if isinstance(key, tuple) else ("", None)

    # ---- what actions act on

    @property
    def card(self) -> DealCard | None:
        """The deal."""
        return self.page.card if self.page is not None else None

    def deal_ids(self) -> list[int]:
        """Return the deal."""
        return [self.deal_id]

    async def deals_changed(self, ids: Sequence[int], *, follow: int | None = None) -> None:
        """Show the deal as it stands; one that was made here is opened."""
        await self.reload()

    def subject(self) -> Subject | None:
        """Return what a step or an activity belongs to."""
        return Subject.of_card(self.card) if self.card is not None else None

    async def steps_changed(self, subject: Subject | None, deal_ids: Sequence[int]) -> None:
        """Show the deal as it stands."""
        await self.reload()

    def line_book(self) -> LineBook:
        """Return the deal's lines.

        Raises:
            RefusedError: the deal is not read yet.
        """
        if self.page is None:
            raise RefusedError("Still reading the deal")
        deal = self.page.deal
        return LineBook.of_deal(deal.id, f"{ids.show_deal(deal.id)} {deal.customer}", deal.currency)

    def current_line(self) -> Line | None:
        """Return the line under the cursor of tab 3."""
        kind, value = self._row
        if self.page is None or self.tab != "3" or kind != "line":
            return None
        return next((line for line in self.page.lines if line.id == value), None)

    def marked_lines(self) -> list[int]:
        """Return the marked lines."""
        known = {line.id for line in self.page.lines} if self.page is not None and self.tab == "3" else set()
        keys = [key for key in self.list.marked if isinstance(key, tuple) and key[0] == "line"]
        return [key[1] for key in keys if key[1] in known]

    async def lines_changed(self, keep: int | None = None) -> None:
        """Show the lines as they stand."""
        self.list.clear_marks()
        await self.reload(("line", keep) if keep is not None else None)

    def centre_of(self) -> tuple[DealDetail, tuple[DealPerson, ...]] | None:
        """Return the deal and its people."""
        return (self.page.deal, self.page.centre) if self.page is not None else None

    def current_person(self) -> DealPerson | None:
        """Return the person under the cursor of tab 2."""
        kind, value = self._row
        if self.page is None or self.tab != "2" or kind != "centre":
            return None
        return next((one for one in self.page.centre if one.id == value), None)

    def person_to_add(self) -> str:
        """Return the name under the cursor of somebody of the account who isn't on the deal yet."""
        kind, value = self._row
        people = self.page.people if self.page is not None and kind == "person" else ()
        return next((one.name for one in people if one.id == value), "")

    async def people_changed(self, keep: int | None = None) -> None:
        """Show the people as they stand."""
        await self.reload(("centre", keep) if keep is not None else None)

    def why_not(self, command_id: str) -> str | None:
        """Say why a command can't run on this deal now."""
        page, area = self.page, command_id.partition(".")[0]
        if page is None:
            return "Still reading the deal" if area not in ("app", "list", "pane") else None
        if area in _CHANGES and command_id not in _READING:
            ref = f"{ids.show_deal(self.deal_id)} is "
            if not page.is_open:
                return f"{ref}{page.deal.outcome.replace('_', ' ')}: {self.host.keymap.key('deal.move')} reopens it"
            if not page.may_work and area != "activity":
                return permissions.not_theirs(ids.show_deal(self.deal_id), page.deal.owner)
        if command_id == "item.edit":
            return self.why_not("deal.forward")
        if command_id == "item.new" and self.tab in ("2", "3"):
            return self.why_not("line.add")
        if command_id == "timeline.kinds" and self.tab != "1":
            return "Kinds are chosen on tab 1, the timeline"
        if command_id == "item.mark" and self.current_line() is None:
            return "Only lines of tab 3 are marked here"
        return super().why_not(command_id)

    def stage_to_leave(self) -> str:
        """Return the stage the deal is in unless it is the last one."""
        stage = self.page.deal.stage if self.page is not None else None
        return stage.name if stage is not None and not stage.is_last else ""

    def shell_values(self) -> ShellValues:
        """Fill the places of shell forms."""
        page = self.page
        if page is None:
            return {}
        shown = ids.show_deal(self.deal_id)
        place = page.deal.stage.position
        line = self.current_line()
        return {
            "deal": shown,
            "id": shown,
            "customer": ids.show_customer(page.deal.customer_id),
            "next_stage": page.stages[min(place, len(page.stages) - 1)].id,
            "previous_stage": page.stages[max(place - 2, 0)].id,
            "line": str(line.position) if line is not None else "",
        }

    def copy_texts(self) -> Mapping[str, str]:
        """Return what can be copied of the deal."""
        if self.page is None:
            return {}
        deal = self.page.deal
        shown = ids.show_deal(deal.id)
        person = self.page.people[0] if self.page.people else None
        return {
            "i": shown,
            "n": deal.customer,
            "e": person.email if person is not None else "",
            "p": person.phone if person is not None else "",
            "l": f"{shown}  {deal_words.subject(deal)}  {formats.money(deal.amount_minor, deal.currency)}",
            "j": deal_tabs.as_json(deal, ids.show_deal),
        }

    # ---- rows

    def action_item_open(self) -> None:
        """Open the row under the cursor: a quote its screen, a field or line its form, the rest as text."""
        kind, value = self._row
        if kind == "quote" and self.page is not None:
            quote = next(found for found in self.page.quotes if found.id == value)
            self.host.open_goal(ids.show_quote(quote.number, quote.revision))
        elif kind in ("line", "field", "centre"):
            self.action_item_edit()
        elif kind == "person":
            self.action_customer_open()
        else:
            self.action_item_show_text()

    def action_item_show_text(self) -> None:
        """Show the whole text of the row under the cursor."""
        from contoso_tui.dialogs.show_text import ShowText

        text = self.row_text()
        if text:
            self.app.push_screen(ShowText(text, f"{deal_tabs.TABS[self.tab]} · {ids.show_deal(self.deal_id)}"))
        else:
            super().action_item_show_text()

    def row_text(self) -> str:
        """Return the whole text of the row under the cursor, "" for none."""
        kind, value = self._row
        if self.page is None or not isinstance(value, int):
            return ""
        if kind == "entry":
            entry = self.page.entries[value]
            at = entry.at.astimezone(self.zone)
            return f"{at:%a %d %b %Y %H:%M}  {entry.kind}  by {entry.actor}\n\n{entry.text}\n{entry.detail}"
        if kind == "assessment":
            return centre_words.assessment_text(self.page.assessments[value], self.zone)
        if kind == "check":
            return "\n".join(check_lines(self.page.checks[value], self.zone))
        return self.history[value][3] if kind == "history" else ""

    def action_item_mark(self) -> None:
        """Mark the line and go down."""
        self.list.toggle_mark()

    def action_item_edit(self) -> None:
        """Edit the line or field under the cursor, elsewhere all fields of the deal."""
        kind, value = self._row
        person = self.current_person()
        if person is not None:
            reason = self.why_not("person.edit")
            if reason is not None:
                self.refuse(reason)
            else:
                self.edit_person(person)
        elif self.current_line() is not None:
            self.edit_line()
        else:
            self._edit((str(value),) if kind == "field" else ())

    @work
    async def _edit(self, only: Sequence[str]) -> None:
        page = self.page
        if page is None:
            return
        reason = self.why_not("deal.forward")
        if reason is not None:
            self.refuse(reason)
        elif await edit_deal(self, page.deal, only):
            await self.reload()

    async def go_on_with(self, key: DraftKey) -> None:
        """Open the form of a draft again, on the tab where it belongs."""
        page = self.page
        if page is None:
            return
        if key.form in (LINE_ADD, LINE_EDIT, LINE_DISCOUNT):
            self.tab = "3"
            await super().go_on_with(key)
        elif key.form == PERSON_ADD:
            self.tab = "2"
            self.add_person()
        elif key.form == PERSON_EDIT:
            person = next((one for one in page.centre if str(one.id) == key.detail), None)
            if person is not None:
                self.edit_person(person)
        elif key.form == "item.edit":
            self._edit(tuple(key.detail.split(",")) if key.detail else ())
        elif key.detail == _REOPEN and not page.is_open:
            self._reopen()
        elif key.form == "deal.move" and page.is_open:
            self._go_back(page.deal, key.detail)
        elif key.form == "deal.forward" and page.is_open:
            # Not the key itself: it would move a deal from which nothing keeps any more.
            self._go_to_gate()
        else:
            await super().go_on_with(key)

    @work
    async def _go_back(self, deal: DealDetail, stage_id: str) -> None:
        await self._move_one(deal, stage_id)

    @work
    async def _go_to_gate(self) -> None:
        await self.open_gate(self.deal_id, None)

    def action_item_new(self) -> None:
        """Put a person on the deal on tab 2, add a line on tab 3; elsewhere make another deal of the same customer."""
        if self.tab in ("2", "3"):
            reason = self.why_not("line.add")
            if reason is not None:
                self.refuse(reason)
            elif self.tab == "2":
                self.add_person()
            else:
                self.add_line()
        elif self.page is not None:
            self._new_of(self.page.deal.customer_id)

    @work
    async def _new_of(self, customer_id: int) -> None:
        made = await load(ACTIONS["new_deal"])(self, customer_id)
        if made is not None:
            self.host.open_goal(ids.show_deal(made))

    def action_deal_move(self) -> None:
        """Choose a stage or an owner; a closed deal is reopened, with a reason."""
        if self.page is not None and not self.page.is_open:
            self._reopen()
        else:
            super().action_deal_move()

    @work
    async def _reopen(self) -> None:
        from contoso_tui.dialogs.steps import reason_form

        name = self.page.deal.customer if self.page is not None else ""

        async def submit(values: dict[str, str]) -> bool:
            await self.change(stages.reopen, self.deal_id, values["reason"])
            return True

        form = reason_form(
            f"Reopen {ids.show_deal(self.deal_id)} {name}",
            ("The reason stays in its history.",),
            "Reopen",
            draft=self.draft_key(f"deal.move:{_REOPEN}", ids.show_deal(self.deal_id)),
        )
        if await self.ask(form, submit):
            await self.reload()
