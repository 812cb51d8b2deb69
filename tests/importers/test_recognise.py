import pytest

from importers.reading import read_table
from importers.recognise import find_files, open_files, recognise, refuse_contradictions
from importers.sources import get_source
from models.errors import RefusedFile

CONTACTS = "ContactId,FirstName,LastName,EMail\nK1,Ann,Moss,a@x.com\n"
LOYALTY = "LoyaltyId,ContactId,FirstName,RewardPoints\nL1,K1,Ann,5\n"
POS = "LoyaltyId,PurchaseId,PurchasedOn,TotalPrice\nL1,P1,2019-01-02,5\n"
ONLINE = "ContactId,PurchaseId,PurchasedOn,TotalPrice\nK1,O1,1/2/2019,5\n"


def test_real_files_are_recognised_and_ordered(real_files) -> None:
    opened = open_files([real_files / "ci-ilt" / "sources"])
    assert [found.source.code for found in opened.found] == ["con", "loy", "pos", "onl"]
    assert opened.ignored == []


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (CONTACTS, "con"),
        (LOYALTY, "loy"),
        (POS, "pos"),
        (ONLINE, "onl"),
        ("LastName,first name,LOYALTYID\nMoss,Ann,L1\n", "loy"),
        ("EMail,ContactId\na@x.com,K1\n", "con"),
        ("PurchaseId,PurchasedOn,RewardPointsAdded\nP1,2019-01-02,5\n", "pos"),
    ],
)
def test_a_source_is_known_by_its_columns_in_any_order(write, content, code) -> None:
    assert recognise(read_table(write("x.csv", content))).code == code


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("FirstName,LastName,EMail\nAnn,Moss,a@x.com\n", "lacks the column ContactId, the key of Contacts"),
        ("ContactId,FirstName,RewardPoints,CreditCard\nK1,Ann,5,Yes\n", "lacks the column LoyaltyId"),
        ("LoyaltyId,PurchasedOn,TotalPrice,RewardPointsAdded\nL1,2019-01-02,5,1\n", "lacks the column PurchaseId"),
        ("TicketId,OpenedBy,Rating\nR1,K1,5\n", "is none of Contacts, Loyalty scheme"),
    ],
)
def test_what_is_missing_is_said(write, content, words) -> None:
    with pytest.raises(RefusedFile, match=words) as refused:
        recognise(read_table(write("people.csv", content)))
    assert "people.csv" in str(refused.value)


def test_the_real_reviews_are_a_source(real_files) -> None:
    assert recognise(read_table(real_files / "ci-ilt" / "extra" / "WebReviews.csv")).code == "rev"


def test_people_of_another_system_are_refused(real_files) -> None:
    with pytest.raises(RefusedFile, match="lacks the column ContactId"):
        recognise(read_table(real_files / "ci-ilt" / "extra" / "ContosoCoffee_D365Contacts.csv"))


def test_a_named_source_needs_its_key_only(write) -> None:
    table = read_table(write("x.csv", "PurchaseId,TotalPrice\nP1,5\n"))
    assert recognise(table, "onl").code == "onl"
    with pytest.raises(RefusedFile, match="ContactId"):
        recognise(table, "con")


def test_a_folder_keeps_its_other_files_to_itself(write, tmp_path) -> None:
    for name, content in (("b.csv", ONLINE), ("a.TXT", CONTACTS), ("notes.txt", "hello\n"), ("z.csv", "x,y\n1,2\n")):
        write(name, content)
    write("photo.png", b"\x89PNG\x00")
    opened = open_files([tmp_path])
    assert [(found.source.code, found.path.name) for found in opened.found] == [("con", "a.TXT"), ("onl", "b.csv")]
    assert [(file.path.name, bool(file.reason)) for file in opened.ignored] == [("notes.txt", True), ("z.csv", True)]


def test_a_file_named_by_itself_is_refused(write) -> None:
    with pytest.raises(RefusedFile, match=r"z\.csv is none of"):
        open_files([write("z.csv", "x,y\n1,2\n")])


def test_a_broken_csv_in_a_folder_is_refused(write, tmp_path) -> None:
    write("a.csv", CONTACTS)
    write("b.csv", ONLINE + "K1,O2\n")
    with pytest.raises(RefusedFile, match=r"b\.csv is cut off"):
        [found.parse() for found in open_files([tmp_path]).found]


def test_a_path_counts_once_and_must_exist(write, tmp_path) -> None:
    path = write("a.csv", CONTACTS)
    assert find_files([path, tmp_path]) == [path]
    with pytest.raises(RefusedFile, match="is not there"):
        find_files([tmp_path / "none"])
    with pytest.raises(RefusedFile, match="can't be looked at: File name too long"):
        find_files([tmp_path / ("a" * 300)])


def test_an_empty_folder_is_refused(tmp_path) -> None:
    with pytest.raises(RefusedFile, match="to import"):
        find_files([tmp_path])


def parse(path, code="con"):
    return get_source(code).parse(read_table(path))


def test_two_files_of_one_source_that_contradict_are_refused(write) -> None:
    first = parse(write("a.csv", CONTACTS))
    second = parse(write("b.csv", CONTACTS.replace("a@x.com", "b@x.com")))
    with pytest.raises(RefusedFile, match=r"a\.csv line 2 and b\.csv line 2 contradict: ContactId K1"):
        refuse_contradictions([first, second])


def test_two_files_of_one_source_may_overlap_and_lack_columns(write) -> None:
    first = parse(write("a.csv", CONTACTS))
    second = parse(write("b.csv", "ContactId,EMail,Income\nK1,a@x.com,5\nK2,b@x.com,6\n"))
    other = parse(write("c.csv", LOYALTY.replace("L1", "K1")), "loy")
    refuse_contradictions([first, second, other])
