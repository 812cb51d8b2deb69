"""The demo's catalogue of materials, a data sheet for each product, and what the staff sent of it."""

from __future__ import annotations

import datetime as dt

from contoso_tui.demo.cast import DEFAULT_LOGIN
from contoso_tui.demo.script import Script
from models.database import execute
from models.deals import products
from models.errors import RefusedError
from models.materials import catalogue, sending
from models.people.records import Actor

_COMPANY = ("Contoso Home Security at a glance", "Terms of monitoring plans")
_SENT_AGO = (12, 6, 3)
_PAGE_HEIGHT, _LINE = 792, 20


def stock(maker: Actor, now: dt.datetime) -> None:
    """Let operations add what can be sent."""
    for product in products.list_products():
        title = f"{product.name} data sheet"
        text = [title, "", f"Product code {product.code}", "Made-up text of a demo."]
        catalogue.add(maker, now, f"{title}.pdf", pdf(text), product_names=[product.code])
    for title in _COMPANY:
        catalogue.add(maker, now, f"{title}.pdf", pdf([title, "", "Made-up text of a demo."]))


def plan(script: Script) -> None:
    """Let the default user send what fits to some of the deals that have lines then."""
    actor = script.actors[DEFAULT_LOGIN]
    for place, days_ago in enumerate(_SENT_AGO):

        def happen(now: dt.datetime, place: int = place) -> None:
            row = execute(
                "SELECT d.id FROM deal d WHERE d.owner_id = ? AND d.outcome = 'open' AND EXISTS"
                " (SELECT 1 FROM deal_line l WHERE l.deal_id = d.id) ORDER BY d.id LIMIT 1 OFFSET ?",
                (actor.id, place * 3),
            ).fetchone()
            if row is not None:
                _send(actor, now, row[0])

        script.add(script.moment(days_ago), happen)


def _send(actor: Actor, now: dt.datetime, deal_id: int) -> None:
    try:
        about = sending.offer(0, deal_id)
    except RefusedError:
        # Whoever has no address, or asked not to be contacted, gets nothing in a demo either.
        return
    chosen = [one.material.id for one in about.offers if one.is_chosen]
    if chosen:
        email = sending.compose(actor, about, chosen, about.recipients[0])
        sending.handed_over(actor, now, about, chosen, about.recipients[0], email, handed_to="the mail program")


def pdf(lines: list[str]) -> bytes:
    """Return a page with these lines of ASCII, the first one large, as the smallest PDF that viewers open."""
    shown = []
    for place, line in enumerate(lines):
        plain = line.encode("ascii", "replace").decode().replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        size, y = (18 if not place else 11), _PAGE_HEIGHT - 72 - place * _LINE
        shown.append(f"BT /F1 {size} Tf 72 {y} Td ({plain}) Tj ET")
    content = "\n".join(shown).encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    made, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n%b" % (len(objects) + 1, table)
    end = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return made + end % (len(objects) + 1, start)
