"""The catalogue of materials, which sales operations keep: documents and data sheets by product."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import Any

from models import clock, journal
from models.database import execute
from models.deals import products
from models.errors import NotFoundError, RefusedError, UsageError
from models.materials import files
from models.materials.records import Material
from models.people.permissions import require_operations
from models.people.records import Actor

_NAME_CHARACTERS = 80
# Between names in one cell: no name holds it, as names are cleaned.
_BETWEEN = "\x1f"
_SELECT = (
    "SELECT m.id, m.name, m.file_name, m.media_type, m.bytes, m.sha256,"
    f" (SELECT group_concat(name, char({ord(_BETWEEN)})) FROM (SELECT p.name FROM material_product l"
    " JOIN product p ON p.id = l.product_id WHERE l.material_id = m.id ORDER BY p.name)),"
    " m.active, m.added_at, m.added_by FROM material m"
)


def list_materials(*, retired: bool = False, product: str = "") -> list[Material]:
    """Return the catalogue by name, retired ones only if asked; with `product` only what is of it.

    Raises:
        NotFoundError: no product fits.
    """
    where, params = "(m.active OR ?)", [int(retired)]
    if product.strip():
        where += " AND m.id IN (SELECT material_id FROM material_product WHERE product_id = ?)"
        params.append(products.find(product).id)
    rows = execute(f"{_SELECT} WHERE {where} ORDER BY m.name, m.id", params).fetchall()
    return [_material(row) for row in rows]


def _material(row: tuple[Any, ...]) -> Material:
    return Material(
        id=row[0],
        name=row[1],
        file_name=row[2],
        media_type=row[3],
        bytes=row[4],
        sha256=row[5],
        products=tuple(row[6].split(_BETWEEN)) if row[6] else (),
        is_active=bool(row[7]),
        added_at=clock.from_micros(row[8]),
        added_by=row[9],
    )


def get(material_id: int) -> Material:
    """Return one material, a retired one too.

    Raises:
        NotFoundError: there is none.
    """
    row = execute(f"{_SELECT} WHERE m.id = ?", (material_id,)).fetchone()
    if row is None:
        raise NotFoundError(f"There is no material {material_id}; contoso material list shows them")
    return _material(row)


def find(text: str, *, retired: bool = False) -> Material:
    """Return the material of this name, file name or number, or the only one whose name holds `text`.

    Raises:
        NotFoundError: none fits, or several do.
    """
    known = list_materials(retired=retired)
    wanted = text.strip().casefold()
    exact = [one for one in known if wanted in (one.name.casefold(), one.file_name.casefold(), str(one.id))]
    found = exact or [one for one in known if wanted and wanted in one.name.casefold()]
    # Of several of one name all but one are retired: the one in use is meant, else the newest.
    found = [one for one in found if one.is_active] or list({one.name.casefold(): one for one in found}.values())
    if len(found) == 1:
        return found[0]
    if not known:
        raise NotFoundError("There are no materials yet: sales operations add them, contoso material add FILE")
    names = ", ".join(one.name for one in found or known)
    raise NotFoundError(f"{'Several materials fit' if found else 'No material fits'} {text!r}: there are {names}")


def read_content(material_id: int) -> bytes:
    """Return what is in a material.

    Raises:
        NotFoundError: there is no such material.
    """
    row = execute(
        "SELECT c.content FROM material m JOIN material_content c ON c.sha256 = m.sha256 WHERE m.id = ?",
        (material_id,),
    ).fetchone()
    if row is None:
        raise NotFoundError(f"There is no material {material_id}; contoso material list shows them")
    return bytes(row[0])


def add(
    actor: Actor,
    now: dt.datetime,
    file_name: str,
    content: bytes,
    *,
    name: str = "",
    product_names: Sequence[str] = (),
    replace: bool = False,
) -> int:
    """Add a document and return its id; without a `name` it has its file's, without the ending.

    Of no product it goes with all. `replace` retires the one of the same name, in the same action.

    Raises:
        NotAllowedError: the actor isn't operations.
        UsageError: it is empty, too large, of no kind that customers can open, or its name is blank or too long.
        NotFoundError: no product fits.
        RefusedError: there is one of that name, or with the same content, in use.
    """
    require_operations(actor, "keep the materials")
    kept_name = files.clean_name(file_name)
    kind = files.media_type(kept_name)
    files.check_size(kept_name, len(content))
    title = _title(name or kept_name.rpartition(".")[0])
    chosen = {found.id: found for found in map(products.find, product_names)}
    sha256 = hashlib.sha256(content).hexdigest()
    before = next((one for one in list_materials() if one.name.casefold() == title.casefold()), None)
    if before is not None and not replace:
        raise RefusedError(f"There is a material {before.name} already: --replace takes its place")
    same = execute("SELECT name FROM material WHERE sha256 = ? AND active", (sha256,)).fetchone()
    if same is not None and (before is None or before.sha256 != sha256):
        raise RefusedError(f"The same document is there already as {same[0]}")
    with journal.action(actor, now, "material.add", f"Added material {title}") as made:
        if before is not None:
            execute("UPDATE material SET active = 0 WHERE id = ?", (before.id,))
            made.summary = f"Replaced material {title}"
        if execute("SELECT 1 FROM material_content WHERE sha256 = ?", (sha256,)).fetchone() is None:
            execute("INSERT INTO material_content (sha256, content) VALUES (?, ?)", (sha256, content))
        cursor = execute(
            "INSERT INTO material (name, file_name, media_type, bytes, sha256, added_at, added_by)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (title, kept_name, kind, len(content), sha256, clock.to_micros(now), actor.login),
        )
        material_id = int(cursor.lastrowid or 0)
        for product_id in chosen or (_products_of(before.id) if before is not None else ()):
            execute("INSERT INTO material_product (material_id, product_id) VALUES (?, ?)", (material_id, product_id))
    return material_id


def _title(name: str) -> str:
    """Return a name as lists show it, cleaned like a file's.

    Raises:
        UsageError: nothing is left of it, or it is too long.
    """
    title = files.plain(name)
    if not title:
        raise UsageError("A material needs a name: --name NAME")
    if len(title) > _NAME_CHARACTERS:
        raise UsageError(f"A material's name has at most {_NAME_CHARACTERS} characters: --name NAME")
    return title


def _products_of(material_id: int) -> list[int]:
    rows = execute("SELECT product_id FROM material_product WHERE material_id = ? ORDER BY id", (material_id,))
    return [row[0] for row in rows.fetchall()]


def retire(actor: Actor, now: dt.datetime, material_id: int) -> None:
    """Offer a material no more; what was sent of it stays.

    Raises:
        NotAllowedError: the actor isn't operations.
        NotFoundError: there is no such material.
        RefusedError: it is retired already.
    """
    require_operations(actor, "keep the materials")
    found = get(material_id)
    if not found.is_active:
        raise RefusedError(f"{found.name} is retired already")
    with journal.action(actor, now, "material.retire", f"Retired material {found.name}"):
        execute("UPDATE material SET active = 0 WHERE id = ?", (material_id,))
