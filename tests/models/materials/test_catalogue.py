"""The catalogue of materials: who keeps it, what is taken in, and what stays as it was."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from models import journal, undo
from models.database import execute
from models.errors import NotAllowedError, NotFoundError, RefusedError, UsageError
from models.materials import catalogue, files, sending
from tests.flows import hostile
from tests.models.conftest import Book

PDF = b"%PDF-1.4 doorbell"


def add(book: Book, name: str = "Doorbell data sheet", content: bytes = PDF, *products: str, **more: bool) -> int:
    return catalogue.add(book.olga, book.now, f"{name}.pdf", content, name=name, product_names=products, **more)


def test_a_document_is_kept_with_name_kind_size_and_hash_and_what_is_in_it(book: Book) -> None:
    made = add(book, "Doorbell data sheet", PDF, "DOORBELL", "thermostat")
    found = catalogue.get(made)
    assert (found.name, found.file_name, found.media_type) == (
        "Doorbell data sheet",
        "Doorbell data sheet.pdf",
        "application/pdf",
    )
    assert (found.bytes, len(found.sha256), found.is_active, found.added_by) == (len(PDF), 64, True, "olga")
    assert [name.split()[-1].casefold() for name in found.products] == ["doorbell", "thermostat"]
    assert catalogue.read_content(made) == PDF
    assert catalogue.find("doorbell") == found
    assert [one.id for one in catalogue.list_materials(product="thermostat")] == [made]
    assert catalogue.list_materials(product="installation") == []


def test_only_sales_operations_keep_it_whoever_writes(book: Book) -> None:
    made = add(book)
    for login in ("max", "ana", "uma", "sid"):
        with pytest.raises(NotAllowedError):
            catalogue.add(book.actors[login], book.now, "a.pdf", b"x")
        with pytest.raises(NotAllowedError):
            catalogue.retire(book.actors[login], book.now, made)
    for sql in (
        "UPDATE material SET active = 0",
        "DELETE FROM material",
        "INSERT INTO material_content VALUES ('" + "0" * 64 + "', x'00')",
        "INSERT INTO material_product (material_id, product_id) VALUES (1, 1)",
    ):
        with pytest.raises(RefusedError, match="Only sales operations"), journal.action(book.ana, book.now, "a", "a"):
            execute(sql)


def test_what_was_added_stays_as_it_was(book: Book) -> None:
    add(book)
    for sql in (
        "UPDATE material_content SET content = x'00'",
        "DELETE FROM material_content",
        "INSERT OR REPLACE INTO material_content SELECT sha256, x'00' FROM material_content",
        "UPDATE material SET file_name = 'virus.exe'",
        "UPDATE material SET sha256 = sha256 || '0', bytes = 1",
        "INSERT INTO material (name, file_name, media_type, bytes, sha256, added_at, added_by)"
        " SELECT 'other', file_name, media_type, bytes + 1, sha256, 0, '' FROM material",
    ):
        with pytest.raises(RefusedError, match="stays as it was added"), journal.action(book.olga, book.now, "a", "a"):
            execute(sql)


def test_a_retired_one_is_offered_no_more_and_both_are_undone(book: Book) -> None:
    made = add(book)
    catalogue.retire(book.olga, book.now, made)
    assert catalogue.list_materials() == []
    assert [one.is_active for one in catalogue.list_materials(retired=True)] == [False]
    with pytest.raises(RefusedError, match="retired already"):
        catalogue.retire(book.olga, book.now, made)
    undo.undo(book.olga, book.now)
    assert [one.id for one in catalogue.list_materials()] == [made]
    undo.undo(book.olga, book.now)
    assert catalogue.list_materials(retired=True) == []
    undo.redo(book.olga, book.now)
    assert catalogue.read_content(made) == PDF


def test_a_newer_file_takes_the_place_of_the_older_with_its_products_when_asked_to(book: Book) -> None:
    old = add(book, "Price list", b"old", "DOORBELL")
    with pytest.raises(RefusedError, match="--replace"):
        add(book, "price LIST", b"new")
    new = add(book, "Price list", b"new", replace=True)
    assert [one.id for one in catalogue.list_materials()] == [new]
    assert catalogue.get(new).products == catalogue.get(old).products != ()
    assert catalogue.find("price list", retired=True).id == new
    undo.undo(book.olga, book.now)
    assert [one.id for one in catalogue.list_materials()] == [old]


def test_undoing_a_retirement_is_refused_where_another_has_the_name_now(book: Book) -> None:
    catalogue.retire(book.olga, book.now, add(book))
    retired = undo.list_actions(book.olga)[0].id
    add(book, content=b"newer")
    with pytest.raises(RefusedError, match="a material of that name"):
        undo.undo(book.olga, book.now, retired)


def test_the_same_document_under_another_name_is_refused(book: Book) -> None:
    add(book)
    with pytest.raises(RefusedError, match="there already as Doorbell data sheet"):
        add(book, "Another name")


def test_it_is_found_by_name_file_and_number_or_says_what_there_is(book: Book) -> None:
    with pytest.raises(NotFoundError, match="no materials yet"):
        catalogue.find("door")
    first, second = add(book, "Door chime", b"1"), add(book, "Door lock", b"2")
    assert catalogue.find("DOOR CHIME.pdf").id == catalogue.find(str(first)).id == catalogue.find("chime").id == first
    assert catalogue.find("lock").id == second
    with pytest.raises(NotFoundError, match="Several materials fit 'door': there are Door chime, Door lock"):
        catalogue.find("door")
    with pytest.raises(NotFoundError, match="No material fits 'window'"):
        catalogue.find("window")
    for material in (first, second):
        catalogue.retire(book.olga, book.now, material)
    assert catalogue.find("lock", retired=True).id == second
    with pytest.raises(NotFoundError, match="Several materials fit 'door': there are Door chime, Door lock"):
        catalogue.find("door", retired=True)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.pdf", b"", "is empty"),
        ("a.pdf", b"x" * (files.MAX_BYTES + 1), "has 10 MB, and a material at most 10 MB: mail servers refuse more"),
        ("setup.exe", b"x", "setup.exe is no document that customers can open: pdf"),
        ("page.html", b"x", "no document"),
        ("noending", b"x", "no document"),
        ("x" * 90 + ".pdf", b"x", "at most 80 characters"),
    ],
)
def test_what_is_no_document_for_customers_is_refused_in_a_sentence(
    book: Book, name: str, content: bytes, words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        catalogue.add(book.olga, book.now, name, content)
    assert execute("SELECT count(*) FROM material_content").fetchone() == (0,)


def test_the_database_holds_no_larger_one(book: Book) -> None:
    with pytest.raises(Exception, match="CHECK"), journal.action(book.olga, book.now, "a", "a"):
        execute("INSERT INTO material_content VALUES (?, zeroblob(?))", ("0" * 64, files.MAX_BYTES + 1))


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ana\\Price list.pdf", "Price list.pdf"),
        (".hidden.pdf", "hidden.pdf"),
        ("sheet.pdf   ", "sheet.pdf"),
        ("sheet .pdf.", "sheet.pdf"),
        ("a\r\nBcc: x@y.pdf", "a__Bcc_ x@y.pdf"),
        ("\x1b]0;owned\x07.pdf", "_]0;owned_.pdf"),
        ("sheet\u202efdp.exe", "sheetfdp.exe"),
        ('<|"*?>.pdf', "______.pdf"),
        ("\udcff\udcfe.pdf", "__.pdf"),
        ("東京 案内.pdf", "東京 案内.pdf"),
        ("..", "document"),
        ("", "document"),
        ("L" * 300 + ".pdf", "L" * 96 + ".pdf"),
    ],
)
def test_a_files_name_is_made_harmless(name: str, kept: str) -> None:
    assert files.clean_name(name) == kept


@pytest.mark.parametrize("text", hostile.TEXTS)
def test_no_name_keeps_what_commands_a_terminal_or_leads_elsewhere(book: Book, text: str) -> None:
    name = files.clean_name(f"{text}.pdf")
    assert name.isprintable()
    assert not set(name) & set("/\\")
    assert 1 <= len(name) <= 100
    assert name == files.clean_name(name)
    made = catalogue.add(book.olga, book.now, f"{text}.pdf", b"x", name=f"Sheet {text}"[:40])
    found = catalogue.get(made)
    assert found.file_name == name
    assert found.name.isprintable()


def test_a_file_is_read_by_its_contents_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "Sheet.pdf"
    path.write_bytes(PDF)
    assert files.read(path) == ("Sheet.pdf", PDF)
    (tmp_path / "empty.pdf").touch()
    os.mkfifo(tmp_path / "pipe.pdf")
    large = tmp_path / "large.pdf"
    with large.open("wb") as file:
        file.truncate(files.MAX_BYTES + 1)
    (tmp_path / "folder.pdf").mkdir()
    for name, words in (
        ("empty.pdf", "is empty"),
        ("pipe.pdf", "is no file"),
        ("large.pdf", "at most 10 MB"),
        ("folder.pdf", "folder.pdf can't be read: Is a directory"),
        ("absent.pdf", "can't be read: No such file"),
        ("a\x00b.pdf", "can't be one"),
    ):
        with pytest.raises(UsageError, match=words):
            files.read(tmp_path / name)


def test_what_was_sent_of_it_keeps_it(book: Book) -> None:
    made = add(book)
    about = sending.offer(book.account())
    email = sending.compose(book.ana, about, [made], about.recipients[0])
    sending.handed_over(book.ana, book.now, about, [made], about.recipients[0], email, handed_to="mutt")
    with pytest.raises(RefusedError, match="Work hangs on"):
        undo.undo(book.olga, book.now)
    for sql in ("DELETE FROM sent_material", "UPDATE sent_material SET material_id = material_id"):
        with pytest.raises(RefusedError, match="kept as it was sent"), journal.action(book.olga, book.now, "a", "a"):
            execute(sql)


def test_a_connection_without_a_user_writes_none_of_it(book: Book) -> None:
    add(book)
    with sqlite3.connect(book.path) as raw:
        for table in ("material", "material_content", "material_product", "sent_material", "follow_up"):
            with pytest.raises(sqlite3.Error, match="no such function: crm_"):
                raw.execute(f"INSERT INTO {table} DEFAULT VALUES")
