"""Match review: one incoming record, its candidates, what speaks for and against, decided by one key (ux 7.7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from contoso_tui import merge_words
from contoso_tui.host import ShellValues
from contoso_tui.screens import match_words as words
from contoso_tui.screens.filtering import Filtering
from contoso_tui.screens.match_page import Page, read_page, read_queue
from contoso_tui.store import Changed
from contoso_tui.widgets.list_view import LineList, heading
from contoso_tui.widgets.text_block import TextBlock
from models import ids
from models.errors import NotFoundError
from models.review import deciding, queue
from models.review.records import Candidate, CaseRow

QUEUE_CELLS, WIDE_FROM = 26, 120
_SHOWN_WITH = ("review_pair", "match_decision", "source_record", "customer", "import_run")
_DECIDES = ("item.open", "item.new", "match.never", "match.later", "match.all_alike")


class MatchScreen(Filtering):
    """The queue, the most telling first, and the record under its cursor; below 120 cells the record alone."""

    scope: ClassVar[str] = "match"
    DEFAULT_CSS = f"""
    MatchScreen #side {{ width: {QUEUE_CELLS}; height: 1fr; display: none; }}
    MatchScreen.-is-wide #side {{ display: block; }}
    MatchScreen #queue {{ height: 1fr; }}
    MatchScreen #page {{ width: 1fr; height: 1fr; }}
    """

    def __init__(self) -> None:
        super().__init__()
        self.list = LineList(id="queue", empty="Nothing waits")
        self.told = TextBlock(id="decided")
        self.text = TextBlock(id="page", fits=False)
        self.cases: list[CaseRow] = []
        self.page: Page | None = None
        self.place = 0
        self.alike: list[tuple[int, str, str]] = []
        self.answers: list[words.Answer] = []
        """Those of this user since the screen is open that nobody took back."""
        self._is_news = False
        """Whether the record came into view by somebody else's answer, and no key was pressed since."""

    # ---- frame

    def body(self) -> ComposeResult:
        """Lay out queue and record."""
        with Horizontal():
            with Vertical(id="side"):
                yield self.list
                yield self.told
            yield self.text

    def on_mount(self) -> None:
        """Read the queue."""
        self.set_class(self.app.size.width >= WIDE_FROM, "-is-wide")
        self.load()

    def on_resize(self) -> None:
        """Fit the new size."""
        self.set_class(self.app.size.width >= WIDE_FROM, "-is-wide")
        self.show_page()

    @property
    def active_list(self) -> LineList:
        """The queue; its cursor says which record is shown."""
        return self.list

    @property
    def candidate(self) -> Candidate | None:
        """The chosen candidate."""
        return self.page.case.candidates[self.place] if self.page is not None else None

    # ---- reading

    @work(exclusive=True, group="queue")
    async def load(self, *, is_news: bool = False) -> None:
        """Read the queue and the record under the cursor; `is_news`: somebody else changed something."""
        before = self.page
        await self.reload()
        if is_news and before is not None and self.page is not None:
            self._is_news = self.page.case.incoming.record_id != before.case.incoming.record_id

    async def reload(self, place: int | None = None) -> None:
        """Read the queue again; the cursor goes to `place`, else stays on its record or the one that took its place."""
        pair_ids = [pair for one in self.answers for pair in one.pair_ids]
        self.cases, decided = await self.read(read_queue, pair_ids)
        self.answers = [one for one in self.answers if one.word == "later" or one.pair_ids[0] in decided]
        self.told.show(words.decided_rows(self.answers))
        self.show_queue()
        if place is not None:
            self.list.move_to(place)
        await self._read_page()

    def show_queue(self) -> None:
        """Draw the queue."""
        rows = words.queue_rows(self.cases, self.filter_text)
        self.list.show(rows, self.list.current)
        self.tell_found(f"{len(rows)} match" + ("es" if len(rows) == 1 else ""))

    async def _read_page(self) -> None:
        current = self.list.current
        page = None
        if isinstance(current, int):
            try:
                page = await self.read(read_page, self.host.actor, current)
            except NotFoundError:
                # Decided between two reads: nothing of it is shown, nor taken for an empty queue by the next key.
                await self.reload()
                return
        if self.list.current != current:
            # The cursor went on meanwhile; what it stands on is being read.
            return
        before = self.page.case.incoming.record_id if self.page is not None else None
        if page is None or page.case.incoming.record_id != before:
            self.place = 0
        self.page, self.alike = page, []
        if page is not None:
            self.place = min(self.place, len(page.case.candidates) - 1)
        self.show_page()
        self._find_alike()

    @work(exclusive=True, group="alike")
    async def _find_alike(self) -> None:
        chosen = self.candidate
        if chosen is not None:
            self.alike = await self.read(queue.list_alike, chosen.pair_id)
            self.show_page()

    @work(exclusive=True, group="page")
    async def _show_current(self) -> None:
        await self._read_page()

    def show_page(self) -> None:
        """Draw the record."""
        width = self.app.size.width - (QUEUE_CELLS if self.app.size.width >= WIDE_FROM else 0)
        page = self.page
        if page is None:
            undo = self.host.keymap.key("app.undo")
            told = "Nothing matches" if self.filter_text else f"Nothing to review. {undo} takes back the last answer"
            self.text.show([heading(f" {told}", "dim")])
        else:
            alike = words.alike_words(len(self.alike), self.host.keymap.key("match.all_alike"))
            below = words.below(page.case, self.place, page, alike, width)
            self.text.show([*words.table(page.case, self.place, width), *below])
        shown = f"/{self.filter_text}" if self.filter_text else "most telling first"
        place = f"{min(self.list.cursor + 1, self.list.count)} of {self.list.count}" if self.list.count else "0"
        self.show_place(shown, f"{place}  {self.host.actor.login} ")
        self.show_keys()
        self.show_facts()

    def facts(self) -> list[str]:
        """Return how far one is."""
        told = words.progress(words.count_answers(self.answers), len(self.cases), self.app.size.width)
        return [told] if told else []

    def filter_changed(self) -> None:
        """Show whose name matches."""
        self.show_queue()
        self._show_current()

    @on(LineList.Highlighted)
    def _highlighted(self) -> None:
        shown = self.page.case.incoming.record_id if self.page is not None else None
        if self.list.current != shown:
            self._show_current()

    def database_changed(self, changed: Changed) -> None:
        """Read again when pairs, or whom they are of, changed: by an answer, an undo, an import."""
        if any(changed.ids(table) for table in _SHOWN_WITH):
            login = self.host.actor.login
            self.load(is_news=any(changed.by_others(login, table) for table in _SHOWN_WITH))

    # ---- what can be done

    def why_not(self, command_id: str) -> str | None:
        """Say why the pair can't be decided by this user, or not like that."""
        chosen = self.candidate
        if command_id in (*_DECIDES, "match.pick", "customer.open", "screen.view") and chosen is None:
            return "Nothing to review here"
        if self.page is not None and chosen is not None and command_id in _DECIDES and command_id != "match.later":
            if reason := self.page.refusals[chosen.pair_id]:
                return reason
            if command_id == "item.open" and (refusal := self.page.plans[chosen.pair_id].refusal):
                return refusal
            if command_id == "match.all_alike" and not self.alike:
                return "No other pair relates in the same way"
        return super().why_not(command_id)

    def row_labels(self) -> Mapping[str, str]:
        """Return the words of the keys here."""
        answers = words.answers(self.page, self.candidate)
        return answers | {"item.new": "new customer", "screen.view": "rows", "match.pick": "pick"}

    def row_spans(self) -> Mapping[str, int]:
        """Return how many candidates have a digit."""
        return {"match.pick": 9}

    def shell_values(self) -> ShellValues:
        """Fill the places of shell forms."""
        chosen = self.candidate
        if chosen is None:
            return {}
        return {"id": ids.show_match(chosen.pair_id), "customer": ids.show_customer(chosen.side.customer_id)}

    def copy_texts(self) -> Mapping[str, str]:
        """Return what can be copied of the chosen pair."""
        chosen = self.candidate
        if chosen is None:
            return {}
        return {"i": ids.show_match(chosen.pair_id), "n": chosen.side.name, "l": self.text.text}

    # ---- keys

    async def run_command(self, command_id: str, key: str = "") -> None:
        """Run a command; an answer meant for a record that somebody else has just settled is not given to the next."""
        is_news, self._is_news = self._is_news, False
        if is_news and command_id in _DECIDES:
            self.refuse("Somebody else settled the record before: this is the next one, press again")
        else:
            await super().run_command(command_id, key)

    def action_match_pick(self, key: str) -> None:
        """Choose a candidate by its number."""
        self._choose(int(key) - 1)

    def action_list_left(self) -> None:
        """Choose the candidate to the left."""
        self._choose(self.place - 1)

    def action_list_right(self) -> None:
        """Choose the candidate to the right."""
        self._choose(self.place + 1)

    def _choose(self, place: int) -> None:
        if self.page is None or place == self.place:
            return
        count = len(self.page.case.candidates)
        if not 0 <= place < count:
            self.refuse(f"There is no candidate {place + 1}; there are {count}")
            return
        self.place, self.alike = place, []
        self.show_page()
        self._find_alike()

    @work
    async def action_item_open(self) -> None:
        """Join the record with the chosen candidate, after asking what only a person can say."""
        page, chosen = self.page, self.candidate
        if page is None or chosen is None:
            return
        plan = page.plans[chosen.pair_id]
        if not plan.questions:
            await self._decided("linked", deciding.join, [chosen.pair_id])
            return

        async def submit(values: dict[str, Any]) -> bool:
            given = {name: value for name, value in values.items() if value}
            await self._decided("linked", deciding.join, [chosen.pair_id], **given)
            return True

        await self.ask(merge_words.form(plan, "Link · what both have", "Link"), submit)

    @work
    async def action_item_new(self) -> None:
        """Decide that the record is none of the candidates."""
        if self.page is not None:
            await self._decided("new", deciding.apart, [one.pair_id for one in self.page.case.candidates])

    @work
    async def action_match_never(self) -> None:
        """Decide that the record and the chosen candidate are never the same."""
        if self.candidate is not None:
            await self._decided("never", deciding.apart, [self.candidate.pair_id])

    @work
    async def action_match_later(self) -> None:
        """Put the record at the end of the queue."""
        if self.page is not None:
            await self._decided("later", deciding.later, [one.pair_id for one in self.page.case.candidates])

    @work
    async def action_match_all_alike(self) -> None:
        """Give the same answer to all that relate in the same way, after listing them."""
        chosen = self.candidate
        if chosen is None:
            return
        alike = list(self.alike)
        count = len(alike) + 1
        lines = [
            f"{ids.show_match(chosen.pair_id)} {chosen.side.name} and {len(alike)} more that relate in the same way:"
        ]
        lines += [f"  {ids.show_match(pair)}  {left} / {right}" for pair, left, right in alike[:10]]
        lines += [f"  and {len(alike) - 10} more"] if len(alike) > 10 else []
        answers = {"cancel": "Cancel", "link": f"Link {count}", "never": f"Never {count}", "later": f"Later {count}"}
        answer = await self.confirm("The same for all alike", lines, answers)
        pair_ids = [chosen.pair_id, *(pair for pair, _, _ in alike)]
        if answer == "link":
            await self._decided("linked", deciding.join, pair_ids)
        elif answer == "never":
            await self._decided("never", deciding.apart, pair_ids)
        elif answer == "later":
            await self._decided("later", deciding.later, pair_ids)

    async def _decided(self, word: str, decide: Any, pair_ids: Sequence[int], **answers: str) -> None:
        """Carry a decision out, count it and go on with the next record."""
        place, page = self.list.cursor, self.page
        await self.change(decide, list(pair_ids), **answers)
        if page is not None:
            self.answers.append(words.answer_of(page.case, pair_ids, word))
        # What is left for later goes to the end of the queue, alone.
        await self.reload(place if word == "later" else None)

    def action_customer_open(self) -> None:
        """Open the candidate's customer."""
        if self.candidate is not None:
            self.host.open_goal(ids.show_customer(self.candidate.side.customer_id))

    @work
    async def action_screen_view(self) -> None:
        """Show both rows whole, as they came."""
        from contoso_tui.dialogs.show_text import ShowText

        chosen = self.candidate
        if self.page is not None and chosen is not None:
            pair = (self.page.case.incoming, chosen.side)
            text = await self.read(queue.rows_as_text, self.host.actor, pair)
            await self.app.push_screen_wait(ShowText(text, ids.show_match(chosen.pair_id)))

    def action_app_back(self) -> None:
        """Clear the filter, else go back."""
        if not self.clear_filter():
            super().action_app_back()

    def action_app_refresh(self) -> None:
        """Read everything again."""
        super().action_app_refresh()
        self.load()
