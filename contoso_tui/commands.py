"""Every action once: id, keys, words, where it exists and how it is guarded.

Bindings, key row, `?`, palette and docs/keys.md are made from this table and nothing else. A screen adds a
method `action_<area>_<name>` for an id `area.name`; keys in force, with the user's changes, are in `keymap`.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Guard = Literal["", "undo", "dialog"]


class Command(NamedTuple):
    """One thing a user can do.

    `label` is the short verb of the key row, `title` the line of the palette, `help` the line of `?`.
    `guard` is "dialog" if it asks first, "undo" if `u` takes it back. `shell` is the command line that does
    the same, with `{deal}`-like places that the screen fills. With `takes_key` the action method gets the key.
    """

    id: str
    keys: tuple[str, ...]
    label: str
    title: str
    help: str
    guard: Guard = ""
    shell: str = ""
    takes_key: bool = False

    @property
    def area(self) -> str:
        """The part of the id before the dot; help and configuration group by it."""
        return self.id.split(".", 1)[0]

    @property
    def method(self) -> str:
        """Name of the method that carries it out."""
        return "action_" + self.id.replace(".", "_")


class Scope(NamedTuple):
    """What exists on one screen or in one part of it: `ids` besides those of everywhere, `row` for the key row."""

    title: str
    ids: tuple[str, ...]
    row: tuple[str, ...]
    with_everywhere: bool = True


class Goto(NamedTuple):
    """A second key after `g` and the screen it opens; `home` and `top` are places, not screens."""

    key: str
    screen: str
    label: str


DIGITS = ("1", "2", "3", "4", "5", "6", "7", "8", "9")

# One row a command, however long: a table is read and compared by columns.
# ruff: noqa: E501
# fmt: off
COMMANDS: tuple[Command, ...] = (
    Command("app.help", ("?", "f1"), "help", "Help for this screen", "help for this screen: searchable, enter runs the line", shell="contoso keys"),
    Command("app.palette", ("ctrl+p", ":"), "commands", "Commands, customers and deals", "commands, customers and deals in one box"),
    Command("app.back", ("escape",), "back", "Go back", "close the dialog, else clear the filter, else the marks, else go back"),
    Command("app.quit", ("ctrl+q",), "quit", "Quit", "quit; offers to keep drafts"),
    Command("app.leave", ("q",), "quit", "Quit from a home screen", "quit from a home screen; elsewhere the status row says 'esc goes back'"),
    Command("app.goto", ("g",), "go to", "Go to a screen…", "prefix; hint box after 300 ms"),
    Command("app.undo", ("u",), "undo", "Undo my last change", "undo my last change (a bulk change is one)", shell="contoso undo"),
    Command("app.redo", ("U",), "redo", "Redo", "redo", shell="contoso redo"),
    Command("app.refresh", ("r",), "refresh", "Take in others' changes", "take in what others changed"),
    Command("app.redraw", ("ctrl+l",), "redraw", "Draw the whole screen again", "draw the whole screen again"),
    Command("list.up", ("k", "up"), "up", "Up", "up"),
    Command("list.down", ("j", "down"), "down", "Down", "down"),
    Command("list.left", ("h", "left"), "left", "Left", "column, candidate or period to the left"),
    Command("list.right", ("l", "right"), "right", "Right", "the same to the right"),
    Command("list.page_up", ("pageup", "ctrl+u"), "page up", "Page up", "page up"),
    Command("list.page_down", ("pagedown", "ctrl+d"), "page down", "Page down", "page down"),
    Command("list.top", ("home",), "top", "First row", "first row (also g g)"),
    Command("list.bottom", ("G", "end"), "end", "Last row", "last row"),
    Command("list.filter", ("/",), "filter", "Filter what is shown", "filter what is shown; enter keeps it, esc clears it"),
    Command("pane.next", ("tab",), "next pane", "Next pane", "next pane"),
    Command("pane.previous", ("shift+tab",), "pane back", "Previous pane", "previous pane"),
    Command("item.open", ("enter",), "open", "Open", "open, choose, accept what is highlighted", shell="contoso open {id}"),
    Command("item.mark", ("space",), "mark", "Mark and go down", "mark and go down; an action then takes the marked rows, or says why not"),
    Command("item.mark_all", ("*",), "mark all", "Mark all shown", "mark all shown; again: none"),
    Command("item.copy", ("y",), "copy", "Copy…", "copy menu: i id, n name, e email, p phone, l line, j JSON"),
    Command("item.show_text", ("Y",), "as text", "Show as plain text", "show that text full width without borders, to select by hand"),
    Command("item.new", ("n",), "new", "New…", "new one of what is listed"),
    Command("item.edit", ("e",), "edit", "Edit…", "edit the field or record"),
    Command("item.editor", ("E", "f2"), "editor", "Long text in the editor", "long text in $EDITOR"),
    Command("screen.view", ("v",), "view", "Next view of this screen", "next view of this screen"),

    Command("activity.log", ("a",), "log", "Log an activity…", "log a call, email, meeting or note (scores points)", "undo", "contoso log {id} call -m -"),
    Command("step.set", ("s",), "step", "Set the next step…", "set the next step and its date", "undo", 'contoso deal step {id} "TEXT" --on DATE'),
    Command("step.done", ("d",), "done", "Step done", "step done; asks for the next one", "undo", "contoso agenda done {id}"),
    Command("step.snooze", ("z",), "snooze", "Snooze the step…", "snooze: 1 d, 3 d, w week, or a date", "undo", "contoso agenda snooze {id} 3d"),
    Command("step.skip", ("x",), "skip", "Skip this nurture step…", "skip this nurture step, with a reason", "dialog", "contoso nurture skip {id} --reason R"),
    Command("step.move", ("m",), "move", "Hand over, pause or leave nurture…", "hand over, pause, or leave the programme", "dialog", "contoso nurture pause {id}"),
    Command("deal.forward", (">", "L", "shift+right"), "move", "Move to the next stage", "to the next stage; opens the gate if something is missing", "undo", "contoso deal move {deal} {next_stage}"),
    Command("deal.backward", ("<", "H", "shift+left"), "back", "Move to the previous stage…", "to the previous stage, with a reason", "dialog", "contoso deal move {deal} {previous_stage} --reason R"),
    Command("deal.move", ("m",), "move to", "Move to stage, owner or team…", "picker: stage, owner, or who is on the team", "undo", "contoso deal move {deal} STAGE"),
    Command("deal.techcheck", ("t",), "tech", "Tech check…", "tech check: sign, ask for it, or read it", shell="contoso techcheck show {deal}"),
    Command("deal.assess", ("c",), "assess", "Assessment of this stage…", "assessment of this stage (score card)", "undo", "contoso assess do {deal}"),
    Command("deal.ideas", ("i",), "ideas", "Suggested activities…", "suggested activities of this stage (ideas)", "undo", "contoso deal ideas {deal}"),
    Command("deal.quote", ("b",), "quote", "Current quote", "current quote (bid); makes a draft if there is none", "undo", "contoso quote new {deal}"),
    Command("deal.won", ("w",), "won", "Deal won…", "won dialog", "dialog", "contoso deal won {deal}"),
    Command("deal.lost", ("x",), "lost", "Deal lost…", "lost dialog, reason needed (or not a fit)", "dialog", "contoso deal lost {deal} --reason R --by WHO"),
    Command("material.send", ("D",), "materials", "Send materials…", "send documents and data sheets by email, those of the deal's products first", "dialog", "contoso material send {id}"),
    Command("deal.next", ("J",), "next deal", "Next deal of the board", "next deal of the board"),
    Command("deal.previous", ("K",), "deal before", "Previous deal of the board", "previous deal"),
    Command("customer.open", ("o",), "customer", "Open the customer", "customer 360", shell="contoso customer show {customer}"),
    Command("customer.merge", ("M",), "merge", "Merge two customers", "make two customers one: the two marked, or this one and another", "dialog", "contoso customer merge {customer} ID"),
    Command("customer.split", ("x",), "split off", "Split this source row off", "make a customer of its own of this source row; part one that was merged", "dialog", "contoso customer split {customer} SOURCE:KEY"),
    Command("customer.sources", ("S",), "sources", "Source rows of this customer", "source rows of this customer, as they came", shell="contoso customer show {customer}"),
    Command("nurture.enrol", ("N",), "nurture", "Start nurture…", "start nurture (corporate accounts only), shows the dates first", "dialog", "contoso nurture start {customer}"),
    Command("nurture.pause", ("z",), "pause", "Pause or resume nurture", "pause or resume nurture", "undo", "contoso nurture pause {customer}"),
    Command("nurture.leave", ("x",), "leave", "Leave nurture…", "leave nurture, with a reason", "dialog", "contoso nurture end {customer} --reason R"),
    Command("timeline.kinds", ("f",), "kinds", "Kinds and sources shown…", "kinds and sources shown"),
    Command("board.column", DIGITS, "column", "Go to a column", "go to that column", takes_key=True),
    Command("board.fold", ("-",), "fold", "Fold or unfold this column", "fold or unfold this column"),
    Command("board.pane", ("p",), "pane", "Side pane", "side pane: nurture agenda, preview, off"),
    Command("board.views", ("V",), "views", "Choose a view of the board…", "choose one of all views, also of other pipelines", shell="contoso open board --view NAME"),
    Command("screen.tab", DIGITS[:7], "tab", "Go to a tab", "tab, section or grouping", takes_key=True),
    Command("match.pick", DIGITS, "pick", "Choose the candidate", "choose the candidate", takes_key=True),
    Command("match.never", ("x",), "never", "Never the same", "never the same (remembered)", "undo", "contoso match apart {id}"),
    Command("match.later", ("z",), "later", "Leave for later", "leave for later", "undo", "contoso match later {id}"),
    Command("match.all_alike", ("A",), "all alike", "The same for all alike…", "same decision for all rows alike; lists them first", "dialog", "contoso match join {id} --alike"),
    Command("import.files", ("i",), "import", "Import files…", "import files", "undo", "contoso import DIR"),
    Command("import.close", (">",), "close", "Close the import…", "close the import: ends its undo", "dialog", "contoso import close {import}"),
    Command("import.revert", ("x",), "revert", "Take back an import…", "take back a whole import; type its number", "dialog", "contoso import revert {import}"),
    Command("record.assign", ("m",), "assign", "Assign or label…", "picker: state or person", "undo", "contoso customer assign {customer} USER"),
    Command("person.remove", ("x",), "take off", "Take this person off the deal", "take this person off the deal", "undo", "contoso deal people {deal} rm NAME"),
    Command("line.remove", ("x",), "remove", "Remove this line", "remove the line of a draft", "undo", "contoso deal line {deal} rm {line}"),
    Command("line.discount", ("%",), "discount", "Discount…", "discount for this line or the marked ones", "undo", "contoso deal line {deal} set {line} discount=N"),
    Command("line.down", ("J",), "line down", "Move the line down", "line down", "undo"),
    Command("line.up", ("K",), "line up", "Move the line up", "line up", "undo"),
    Command("quote.forward", (">",), "send", "Send the quote or record the answer…", "draft: send; sent: record the answer", "dialog", "contoso quote send {quote}"),
    Command("quote.revise", ("N",), "revise", "New revision of this quote", "new revision from this one", "undo"),
    Command("quote.state", ("m",), "state", "Accepted, rejected or cancelled…", "picker: accepted, rejected, cancelled", "dialog", "contoso quote accept {quote}"),

    Command("quote.approve", ("A",), "approval", "Ask for, or give, approval of the discount…", "ask for, or give, approval of the discount", "dialog", "contoso quote approve {quote}"),
    Command("record.forward", (">",), "next state", "Next state…", "next state: ship, invoice, note a payment", "undo", "contoso order ship {id}"),
    Command("order.calloff", ("N",), "call off", "New order from this contract…", "new order from this contract", "undo", "contoso contract calloff {id}"),

    Command("draft.drop", ("x",), "drop", "Drop this draft", "drop this draft", "undo"),
    Command("draft.restore", ("u",), "bring back", "Bring back the dropped draft", "bring back the draft that was dropped last"),

    Command("dialog.close", ("escape",), "close", "Close", "leave the text field; again: close and keep the draft"),
    Command("dialog.help", ("f1",), "help", "Help for this dialog", "help for this dialog"),
    Command("dialog.save", ("ctrl+s",), "save", "Save", "save from anywhere"),
    Command("dialog.next", ("tab", "enter"), "next", "Next field", "next field; enter on the last goes to the button"),
    Command("dialog.previous", ("shift+tab",), "back", "Previous field", "previous field"),
    Command("dialog.up", ("up",), "up", "Choice above", "choice above"),
    Command("dialog.down", ("down",), "down", "Choice below", "choice below"),
    Command("dialog.left", ("left",), "left", "Choice to the left", "choice to the left"),
    Command("dialog.right", ("right",), "right", "Choice to the right", "choice to the right"),
    Command("dialog.yes", ("y",), "yes", "Yes", "yes, where the field is a yes/no question"),
    Command("dialog.no", ("n",), "no", "No", "no, where the field is a yes/no question"),
    Command("dialog.editor", ("f2",), "editor", "This field in the editor", "this field in $EDITOR"),
)
# fmt: on

BY_ID: dict[str, Command] = {command.id: command for command in COMMANDS}

_EVERYWHERE_AREAS = ("app", "list", "pane", "item")
EVERYWHERE: tuple[str, ...] = (
    *(command.id for command in COMMANDS if command.area in _EVERYWHERE_AREAS),
    "screen.view",
)

_STEP = ("step.set", "step.done", "step.snooze")
_NURTURE_STEP = (*_STEP, "step.skip", "step.move")
_DEAL = (
    "deal.forward", "deal.backward", "deal.move", "deal.techcheck", "deal.assess", "deal.quote", "deal.ideas", "deal.won",
    "deal.lost", "material.send",
)  # fmt: skip
_LINES = ("line.remove", "line.discount", "line.down", "line.up")

# fmt: off
SCOPES: dict[str, Scope] = {
    "everywhere": Scope("Everywhere", (), ("item.open", "list.filter", "app.undo")),
    "board": Scope(
        "Board", (*_DEAL, *_STEP, "activity.log", "customer.open", "board.column", "board.fold", "board.pane", "board.views"),
        ("item.open", "deal.forward", "step.set", "deal.techcheck", "activity.log", "item.mark", "list.filter", "app.undo", "deal.quote", "deal.assess", "deal.won", "deal.lost", "customer.open", "deal.ideas", "board.pane", "screen.view")),
    "pane": Scope(
        "Nurture pane", (*_NURTURE_STEP, "activity.log", "customer.open", "board.pane"),
        ("step.done", "step.snooze", "step.skip", "activity.log", "item.open", "customer.open", "pane.next", "app.undo")),
    "deal": Scope(
        "Deal", (*_DEAL, *_STEP, "activity.log", "deal.next", "deal.previous", "customer.open", "timeline.kinds", "screen.tab"),
        ("deal.forward", "step.set", "deal.techcheck", "activity.log", "deal.quote", "deal.assess", "item.edit", "customer.open", "app.back", "deal.won", "deal.lost", "deal.ideas", "app.undo", "timeline.kinds", "step.done", "material.send")),
    "agenda": Scope(
        "Agenda", (*_NURTURE_STEP, "activity.log", "deal.techcheck", "customer.open", "screen.tab"),
        ("step.done", "step.snooze", "step.skip", "activity.log", "item.open", "customer.open", "screen.view", "app.undo", "list.filter", "step.move")),
    "customers": Scope(
        "Customers", ("activity.log", "record.assign", "customer.merge", "material.send", "nurture.enrol"),
        ("item.open", "list.filter", "activity.log", "record.assign", "nurture.enrol", "item.mark", "item.new", "screen.view", "app.undo")),
    "customer": Scope(
        "Customer", ("activity.log", "record.assign", "customer.sources", "customer.merge", "material.send", "nurture.enrol", "nurture.pause", "nurture.leave", "timeline.kinds", "screen.tab"),
        ("activity.log", "item.new", "item.edit", "timeline.kinds", "nurture.enrol", "customer.sources", "record.assign", "app.back", "app.undo")),
    "source_rows": Scope("Source rows", ("customer.split",), ("item.open", "customer.split", "app.back", "app.undo"), with_everywhere=False),
    "lines": Scope("Lines", _LINES, ("item.new", "item.edit", *_LINES, "app.undo"), with_everywhere=False),
    "points": Scope(
        "Points", ("activity.log", "screen.tab"),
        ("screen.tab", "screen.view", "activity.log", "item.open", "item.copy", "list.filter", "app.back", "app.undo")),
    "people": Scope("People on a deal", ("person.remove",), ("item.new", "item.edit", "person.remove", "app.undo"), with_everywhere=False),
    "order_rows": Scope("Orders of a deal", ("record.forward", "order.calloff"), ("item.open", "record.forward", "order.calloff", "app.back", "app.undo"), with_everywhere=False),
    "match": Scope(
        "Match review", ("match.pick", "match.never", "match.later", "match.all_alike", "customer.open"),
        ("match.pick", "item.open", "item.new", "match.later", "match.never", "match.all_alike", "customer.open", "screen.view", "app.undo", "list.filter")),
    "imports": Scope(
        "Imports", ("import.files", "import.close", "import.revert"),
        ("item.open", "import.files", "import.close", "import.revert", "list.filter")),
    "quotes": Scope(
        "Quotes", ("customer.open", "quote.forward", "quote.state", "quote.approve"),
        ("item.open", "quote.forward", "quote.state", "quote.approve", "customer.open", "list.filter", "screen.view", "app.undo")),
    "quote": Scope(
        "Quote", (*_LINES, "quote.forward", "quote.revise", "quote.state", "quote.approve", "customer.open"),
        ("quote.forward", "item.new", "item.edit", "line.remove", "line.discount", "quote.revise", "quote.state", "quote.approve", "customer.open", "app.back", "app.undo", "screen.view", "item.copy", "line.down", "line.up")),
    "orders": Scope(
        "Orders, contracts, invoices", ("record.forward", "order.calloff", "customer.open", "screen.tab"),
        ("screen.tab", "item.open", "record.forward", "order.calloff", "customer.open", "list.filter", "screen.view", "app.undo", "item.copy")),
    "drafts": Scope("Drafts", ("draft.drop", "draft.restore"), ("draft.drop", "draft.restore"), with_everywhere=False),
    "dialog": Scope(
        "Dialog", tuple(command.id for command in COMMANDS if command.area == "dialog"),
        ("dialog.next", "dialog.previous", "dialog.save", "dialog.help", "dialog.close"), with_everywhere=False),
}
# fmt: on

GOTO: tuple[Goto, ...] = (
    Goto("b", "board", "board"),
    Goto("a", "agenda", "agenda"),
    Goto("c", "customers", "customers"),
    Goto("q", "quotes", "quotes"),
    Goto("p", "points", "points"),
    Goto("o", "orders", "orders, contracts, invoices"),
    Goto("m", "match", "match, who may be one"),
    Goto("i", "imports", "imports"),
    Goto("h", "home", "home screen"),
    Goto("g", "top", "top of the list"),
)

AREA_TITLES: dict[str, str] = {
    "deal": "Deal", "step": "Next step", "activity": "Activity", "board": "Board", "customer": "Customer",
    "nurture": "Nurture", "record": "Record", "timeline": "Timeline", "quote": "Quote", "line": "Lines", "material": "Materials", "order": "Orders", "person": "People",
    "match": "Match review", "import": "Imports", "screen": "Screen", "item": "Row under the cursor", "list": "Moving", "pane": "Panes",
    "app": "Everywhere", "dialog": "Dialog", "draft": "Drafts",
}  # fmt: skip


def ids_of(scope: str) -> tuple[str, ...]:
    """Return the ids of a scope in the order of help: its own, then those of everywhere."""
    found = SCOPES[scope]
    return (*found.ids, *EVERYWHERE) if found.with_everywhere else found.ids
