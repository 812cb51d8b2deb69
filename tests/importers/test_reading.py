import codecs
import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importers import decoding
from importers.reading import read_header, read_table
from models.errors import RefusedFile

SPECTRUM = [
    "comma_in_quotes", "empty", "empty_crlf", "escaped_quotes", "json", "location_coordinates", "newlines",
    "newlines_crlf", "quotes_and_newlines", "simple", "simple_crlf", "utf8",
]  # fmt: skip


@pytest.mark.parametrize("name", SPECTRUM)
def test_csv_spectrum_reads_as_its_json_says(real_files: Path, name: str) -> None:
    folder = real_files / "csv-spectrum"
    wanted = json.loads((folder / "json" / f"{name}.json").read_text(encoding="utf-8"))
    if name == "location_coordinates":
        # Its JSON is one object, not a list, and has another phone number than its CSV.
        wanted = [wanted | {"Contact Phone Number": "2095257564"}]
    assert read_table(folder / "csvs" / f"{name}.csv").frame.to_dict("records") == wanted


@pytest.mark.parametrize(
    ("encoding", "mark", "found"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8", codecs.BOM_UTF8, "utf-8-sig"),
        ("cp1252", b"", "cp1252"),
        ("utf-16-le", codecs.BOM_UTF16_LE, "utf-16"),
        ("utf-16-be", codecs.BOM_UTF16_BE, "utf-16"),
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encodings_delimiters_and_line_ends(write, encoding, mark, found, delimiter, end) -> None:
    rows = [["Name", "City"], ["Zoë", "Málaga"], ["Ann", " Bonn "]]
    text = end.join(delimiter.join(row) for row in rows) + end
    table = read_table(write("x.csv", mark + text.encode(encoding)))
    assert table.header == rows[0]
    assert table.frame.to_numpy().tolist() == rows[1:]
    assert (table.encoding, table.delimiter) == (found, delimiter)


def test_a_last_line_without_a_newline_is_whole(write) -> None:
    assert read_table(write("x.csv", "a,b\n1,2")).frame.to_numpy().tolist() == [["1", "2"]]


def test_a_header_alone_has_no_rows(write) -> None:
    table = read_table(write("x.csv", "a,b\r\n"))
    assert (table.header, len(table.frame), len(table.lines)) == (["a", "b"], 0, 0)


def test_lines_are_physical_past_quoted_newlines_and_blank_lines(write) -> None:
    table = read_table(write("x.csv", '\r\na,b\r\n1,"two\r\nlines"\r\n\r\n  \r\n3,4\r\n'))
    assert table.frame.to_numpy().tolist() == [["1", "two\r\nlines"], ["3", "4"]]
    assert table.lines.tolist() == [3, 7]


def test_a_quote_inside_a_field_is_a_character(write) -> None:
    table = read_table(write("x.csv", 'a,b\n5\'10" tall,2\n"q\n,q",3\n4,"say ""hi"""\n'))
    assert table.frame.to_numpy().tolist() == [["5'10\" tall", "2"], ["q\n,q", "3"], ["4", 'say "hi"']]
    assert table.lines.tolist() == [2, 3, 5]


def test_a_row_with_a_wrong_number_of_fields_is_reported_and_the_others_go_in(write) -> None:
    table = read_table(write("x.csv", "a,b\n1,2,3\n4\n5,6\n"))
    assert table.frame.to_numpy().tolist() == [["5", "6"]]
    assert [(bad.line, bad.reason, bad.row_skipped) for bad in table.bad] == [
        (2, "3 fields instead of 2", True),
        (3, "1 field instead of 2", True),
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b" \r\n\r\n", "empty"),
        (codecs.BOM_UTF16_LE, "empty"),
        (b"PK\x03\x04rest", "Excel"),
        (b"a,b\n1,\x002\n", "binary, not a CSV (line 2)"),
        ("a,b\n1,2\n".encode("utf-16-le"), "binary"),
        (b"hello\nworld\n", "not a CSV"),
        (b"a,b\n1,2\n\x81,3\n", "neither UTF-8 nor Windows text (line 3)"),
        ("a,b\nZoë,2\nZoë".encode()[:-1], "UTF-8 up to line 3, which is damaged"),
        (b"a,b,c\n1,2,3\n4,5\n", "last row (line 3) has 2 fields instead of 3"),
        (b"a,b,c\n1,2,3\n4,5", "last row (line 3) has 2 fields instead of 3"),
        (b'a,b\n1,2\n3,"four\n', "opened in line 3 is never closed"),
        (b'a,b\n1,5" x\n3,"four\n', "opened in line 3 is never closed"),
        (b'a,b\n1,"' + b"x" * 200_000 + b'\n2"3,4\n', "opened in line 2 is never closed"),
    ],
)
def test_refusals_name_the_file_and_the_line(write, content, words) -> None:
    with pytest.raises(RefusedFile) as refused:
        read_table(write("orders.csv", content))
    assert "orders.csv" in str(refused.value)
    assert words in str(refused.value)


def test_a_missing_file_is_refused(tmp_path) -> None:
    with pytest.raises(RefusedFile, match=r"none\.csv can't be read"):
        read_table(tmp_path / "none.csv")


def test_repeated_header_names_are_numbered(write) -> None:
    table = read_table(write("x.csv", "a,a,b\n1,2,3\n"))
    assert (table.header, list(table.frame.columns)) == (["a", "a", "b"], ["a", "a (2)", "b"])


def test_the_delimiter_line_of_a_spreadsheet_is_no_header(write) -> None:
    table = read_table(write("x.csv", "sep=;\r\na;b\r\n1,5;2\r\n"))
    assert (table.header, table.lines.tolist()) == (["a", "b"], [3])


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=6), st.sampled_from(["\n", "\r\n"]))
def test_whatever_the_csv_module_writes_is_read_back(tmp_path, rows, end) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerows([("a", "b", "c"), *rows])
    path = tmp_path / "x.csv"
    path.write_bytes(text.getvalue().encode())
    table = read_table(path)
    assert [tuple(row) for row in table.frame.to_numpy().tolist()] == rows
    assert table.bad == []


@pytest.mark.parametrize(
    ("content", "header"),
    [
        ("a,b\n1,2\n", ["a", "b"]),
        ("\r\na;b\r\n1;2\r\n", ["a", "b"]),
        ('c,"a\nb"\n1,2\n', ["c", "a\nb"]),
        ('a,5\'10" tall\n1,"two"\n', ["a", "5'10\" tall"]),
        ("a,b\r1,2\r", ["a", "b"]),
        ("a,b", ["a", "b"]),
    ],
)
def test_a_header_is_read_without_its_rows(write, content, header) -> None:
    path = write("x.csv", content)
    table, _ = read_header(path)
    assert table.header == header == read_table(path).header
    assert len(table.frame) == len(table.bad) == 0


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_header_is_read_from_the_beginning_of_a_large_file(write, encoding) -> None:
    rows = 200_000
    path = write("x.csv", ("Köln,b\n" + "Größe,2\n" * rows).encode(encoding))
    table, about = read_header(path)
    assert (table.header, table.delimiter) == (["Köln", "b"], ",")
    assert abs(about - rows) < rows / 100
    assert len(table.frame) == 0


@given(st.binary(max_size=40) | st.text(max_size=20).map(str.encode), st.integers(4, 12))
def test_damage_is_found_where_the_whole_would_show_it(content: bytes, piece: int) -> None:
    try:
        content.decode()
        wanted = None
    except UnicodeDecodeError as error:
        wanted = error.start
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(decoding, "_PIECE", piece)
        assert decoding._first_not_utf8(content) == wanted
