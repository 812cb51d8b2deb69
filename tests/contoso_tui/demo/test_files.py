"""The generated files have the real exports' form and quirks, are repeatable, and hold nobody real."""

import csv
import re
import stat
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

from contoso_tui.demo import names, quirks
from contoso_tui.demo.cast import CAST, DEFAULT_LOGIN
from contoso_tui.demo.files import CONTACTS, LOYALTY, ONLINE, POS, REVIEWS, DemoFiles, write_files
from contoso_tui.demo.people import draw_people

TODAY = date(2026, 11, 18)
Rows = dict[str, list[dict[str, str]]]

HEADER_LINES = {
    CONTACTS: "ContactId,FirstName,LastName,FullName,DateOfBirth,Gender,EMail,Telephone,PostCode,StreetAddress,City,"
    "State,Country,CreatedOn,Headshot,Loyalty Tier,Email Subscriber,Income,Occupation,CustomerSatisfaction,"
    "CompanyName",
    LOYALTY: "LoyaltyId,ContactId,FirstName,LastName,FullName,DateOfBirth,Gender,EMail,Telephone,RewardPoints,"
    "CreditCard,CreatedOn",
    POS: "LoyaltyId,PurchaseId,ProductId,PurchasedOn,TotalPrice,RewardPointsAdded,ActivityTypeDisplay,Subject,Store",
    ONLINE: "ContactId,PurchaseId,ProductId,PurchasedOn,TotalPrice,ActivityTypeDisplay,Subject",
    REVIEWS: "ReviewId,UserId,ReviewText,ActivityTypeDisplay,ReviewRating,ReviewDate",
}


def read(files: DemoFiles) -> Rows:
    rows = {}
    for path in files.paths:
        with path.open(encoding="utf-8", newline="") as stream:
            rows[path.name] = list(csv.DictReader(stream))
    return rows


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> DemoFiles:
    return write_files(tmp_path_factory.mktemp("demo"), today=TODAY)


@pytest.fixture(scope="module")
def rows(files: DemoFiles) -> Rows:
    return read(files)


def us(text: str) -> date:
    month, day, year = map(int, text.split("/"))
    return date(year, month, day)


def share(hits: int, rows: list[dict[str, str]]) -> float:
    return hits / len(rows)


def test_header_lines_are_the_real_ones_with_the_optional_column_last(files: DemoFiles) -> None:
    for path in files.paths:
        assert path.read_text(encoding="utf-8").split("\n", 1)[0] == HEADER_LINES[path.name]


def test_counts_are_those_of_the_files(files: DemoFiles, rows: Rows) -> None:
    assert {name: files.counts[name] for name in rows} == {name: len(found) for name, found in rows.items()}
    assert len(rows[CONTACTS]) == 5000
    assert 4900 <= len(rows[LOYALTY]) <= 5100
    assert 11_500 <= len(rows[ONLINE]) <= 13_000
    assert 19_000 <= len(rows[POS]) <= 21_000
    assert files.counts["people"] == 5010


def test_keys_are_unique_in_each_file(rows: Rows) -> None:
    for name, key in (
        (CONTACTS, "ContactId"),
        (LOYALTY, "LoyaltyId"),
        (POS, "PurchaseId"),
        (ONLINE, "PurchaseId"),
        (REVIEWS, "ReviewId"),
    ):
        keys = [row[key] for row in rows[name]]
        assert len(set(keys)) == len(keys)
    declared = [row["ContactId"] for row in rows[LOYALTY] if row["ContactId"]]
    assert len(set(declared)) == len(declared)
    assert sum(re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", row["ContactId"]) is not None
               for row in rows[CONTACTS]) == 3  # fmt: skip


def test_equal_arguments_give_equal_bytes_and_other_seeds_other_people(tmp_path: Path) -> None:
    first, second, other = (
        write_files(tmp_path / folder, today=TODAY, seed=seed, people=400, accounts=30)
        for folder, seed in (("a", 3), ("b", 3), ("c", 4))
    )
    for one, two, three in zip(first.paths, second.paths, other.paths, strict=True):
        assert one.read_bytes() == two.read_bytes()
        assert one.read_bytes() != three.read_bytes()
    assert first.counts == second.counts


def test_files_are_private_even_where_open_ones_lay_before(tmp_path: Path) -> None:
    (tmp_path / CONTACTS).write_text("older\n" * 100_000)
    (tmp_path / CONTACTS).chmod(0o644)
    written = write_files(tmp_path, today=TODAY, people=10, accounts=2)
    assert [stat.S_IMODE(path.stat().st_mode) for path in written.paths] == [0o600] * 5
    assert "older" not in (tmp_path / CONTACTS).read_text()
    assert len(read(written)[CONTACTS]) == 10


def test_nobody_can_be_reached(rows: Rows) -> None:
    people = rows[CONTACTS] + rows[LOYALTY]
    assert all(
        re.fullmatch(r"[a-z]+_[a-z]+\d*@[a-z]+\.example|[a-z]+\d+@till\.example|", row["EMail"]) for row in people
    )
    for row in people:
        plain = row["Telephone"].split("x")[0]
        assert not plain or re.search(r"5550\d{3}$", re.sub(r"\D", "", plain)), row["Telephone"]
    assert all(row["Headshot"].startswith("https://pictures.contoso.example/") for row in rows[CONTACTS])


def test_emails_are_unique_in_each_file(rows: Rows) -> None:
    for name in (CONTACTS, LOYALTY):
        assert Counter(row["EMail"] for row in rows[name] if row["EMail"]).most_common(1)[0][1] == 1


def test_names_are_diverse(rows: Rows) -> None:
    people = rows[CONTACTS]
    assert len({row["FirstName"] for row in people}) > 120
    assert len({row["LastName"] for row in people}) > 500
    assert any(not row["LastName"].isascii() and not row["FirstName"].isascii() for row in people)
    assert any("'" in row["LastName"] for row in people)
    assert any(" " in row["LastName"] for row in people)
    assert any("-" in row["LastName"] for row in people)
    assert any(count > 1 for count in Counter((r["FirstName"], r["LastName"]) for r in people).values())


def test_pools_give_distinct_addresses() -> None:
    for pool in ((*names.WOMEN, *names.MEN), names.SURNAMES):
        folded = Counter(map(names.fold, pool))
        assert [name for name, count in folded.items() if count > 1 or not name] == []


def test_accounts_have_one_to_four_people_of_one_domain_and_address(files: DemoFiles, rows: Rows) -> None:
    colleagues: dict[str, list[dict[str, str]]] = {}
    for row in rows[CONTACTS]:
        if row["CompanyName"]:
            colleagues.setdefault(row["CompanyName"].strip().casefold(), []).append(row)
    assert len(colleagues) == files.counts["accounts"] == 300
    assert {len(group) for group in colleagues.values()} == {1, 2, 3, 4}
    assert sum(map(len, colleagues.values())) == files.counts["account_people"]
    domains = [{row["EMail"].split("@")[1] for row in group} for group in colleagues.values()]
    assert all(len(found) == 1 for found in domains)
    assert len(set.union(*domains)) == 300
    assert all(len({(row["StreetAddress"], row["PostCode"]) for row in group}) == 1 for group in colleagues.values())
    assert any(len({row["CompanyName"] for row in group}) > 1 for group in colleagues.values())


def test_loyalty_points_at_contacts_but_for_a_few(rows: Rows) -> None:
    contacts = {row["ContactId"]: row for row in rows[CONTACTS]}
    emails = {row["EMail"] for row in rows[CONTACTS]}
    shared = [row for row in rows[LOYALTY] if row["ContactId"] in contacts]
    undeclared = [row for row in rows[LOYALTY] if row["ContactId"] not in contacts]
    assert share(len(shared), rows[LOYALTY]) > 0.98
    assert sum(row["EMail"] in emails for row in undeclared) >= 20
    # Ten elsewhere known, ten with another address, ten of whom only the name is known, and ten a telephone besides.
    assert sum(row["EMail"] not in emails for row in undeclared) == 40
    assert sum(not row["DateOfBirth"] for row in undeclared) == 20
    for row in shared:
        contact = contacts[row["ContactId"]]
        assert (contact["FirstName"], contact["LastName"]) == (row["FirstName"], row["LastName"])
    born = sum(
        bool(contacts[row["ContactId"]]["DateOfBirth"])
        and us(contacts[row["ContactId"]]["DateOfBirth"]).isoformat() != row["DateOfBirth"]
        for row in shared
    )
    gender = sum(contacts[row["ContactId"]]["Gender"] != row["Gender"] for row in shared)
    assert (born, gender) == (4, 2)
    assert sum(not row["DateOfBirth"] for row in rows[CONTACTS]) == 2
    assert sum(not row["Telephone"] for row in rows[LOYALTY]) == 12


@pytest.mark.parametrize(("name", "swapped", "wrong"), [(CONTACTS, 0.204, 0.188), (LOYALTY, 0.150, 0.142)])
def test_full_names_are_as_dirty_as_the_real_ones(rows: Rows, name: str, swapped: float, wrong: float) -> None:
    found: Counter[str] = Counter()
    for row in rows[name]:
        given, surname, full = row["FirstName"], row["LastName"], row["FullName"]
        plain = f"{given} {surname}"
        if full == plain:
            found["clean"] += 1
        elif full == f"{surname} {given}":
            found["swapped"] += 1
        elif full.casefold() == plain.casefold():
            found["case"] += 1
        else:
            assert len(full) == len(plain)
            assert sum(a != b for a, b in zip(full, plain, strict=True)) == 1, row
            found["wrong"] += 1
    assert share(found["swapped"], rows[name]) == pytest.approx(swapped, abs=0.02)
    assert share(found["wrong"], rows[name]) == pytest.approx(wrong, abs=0.02)
    assert 1 <= found["case"] <= 15


def shape(phone: str) -> str:
    plain, mark, extension = phone.partition("x")
    return re.sub(r"\d", "9", plain) + (f"x{len(extension)}" if mark else "")


def test_telephones_have_twenty_shapes_and_lost_zeros(rows: Rows) -> None:
    shapes = Counter(shape(row["Telephone"]) for row in rows[CONTACTS])
    lost = shapes.pop("9" * 9)
    bases = ("999-999-9999", "999.999.9999", "(999)999-9999", "9" * 10, "999-999-999-9999")
    assert set(shapes) == {base + extension for base in bases for extension in ("", "x3", "x4", "x5")}
    assert 35 <= lost <= 55
    loyalty = {row["ContactId"]: row["Telephone"] for row in rows[LOYALTY]}
    for row in rows[CONTACTS]:
        if shape(row["Telephone"]) == "9" * 9 and row["ContactId"] in loyalty:
            assert loyalty[row["ContactId"]] == "0" + row["Telephone"]
    assert share(sum(phone.startswith("+1-") for phone in loyalty.values()), rows[LOYALTY]) == pytest.approx(
        0.164, abs=0.03
    )


def test_no_two_of_a_million_people_share_a_telephone() -> None:
    numbers = {quirks.area_and_line(number) for number in range(0, 1_000_000, 7)}
    numbers |= {quirks.area_and_line(number) for number in range(100_000)}
    drawn = len(range(0, 1_000_000, 7)) + 100_000 - len(range(0, 100_000, 7))
    assert len(numbers) == drawn
    assert {line[:2] for _, line in map(quirks.area_and_line, range(5000))} == {"01"}


def test_towns_have_the_trailing_space_and_the_lost_dash(rows: Rows) -> None:
    towns = Counter(row["City"] for row in rows[CONTACTS])
    assert 0 < sum(count for town, count in towns.items() if town.endswith(" ")) < 150
    assert 0 < sum(count for town, count in towns.items() if "?" in town) < 100
    assert len(towns) > 40
    assert Counter(row["Country"] for row in rows[CONTACTS])["Canada"] <= 1
    assert not any(row["PostCode"].startswith("0") for row in rows[CONTACTS])


def test_purchases_attach_but_for_the_orphans(files: DemoFiles, rows: Rows) -> None:
    contacts = {row["ContactId"] for row in rows[CONTACTS]}
    members = {row["LoyaltyId"]: row["ContactId"] for row in rows[LOYALTY]}
    known = contacts | set(members.values())
    orphans = sum(row["ContactId"] not in known for row in rows[ONLINE])
    orphans += sum(row["LoyaltyId"] not in members for row in rows[POS])
    assert orphans == files.counts["orphans"] == 2
    assert any(row["ContactId"] not in contacts and row["ContactId"] in known for row in rows[ONLINE])
    buyers = {row["ContactId"] for row in rows[ONLINE]}
    assert share(sum(contact not in buyers for contact in contacts), rows[CONTACTS]) == pytest.approx(0.176, abs=0.02)


def test_reviews_are_of_contacts_but_for_one_writer_and_in_the_past(rows: Rows) -> None:
    contacts = {row["ContactId"] for row in rows[CONTACTS]}
    assert 4_000 <= len(rows[REVIEWS]) <= 5_000
    assert len({row["UserId"] for row in rows[REVIEWS]} - contacts) <= 1
    stars = Counter(row["ReviewRating"] for row in rows[REVIEWS])
    assert set(stars) == {"1", "2", "3", "4", "5"}
    assert max(us(row["ReviewDate"]) for row in rows[REVIEWS]) <= TODAY


def test_some_share_surname_and_address_and_nothing_else(rows: Rows) -> None:
    homes: dict[tuple[str, str, str], list[dict[str, str]]] = {}
    for row in rows[CONTACTS]:
        if not row["CompanyName"]:
            homes.setdefault((row["LastName"], row["StreetAddress"], row["PostCode"]), []).append(row)
    shared = [home for home in homes.values() if len(home) > 1]
    assert 80 <= len(shared) <= 130
    for home in shared:
        assert len({row["EMail"] for row in home}) == len({row["Telephone"] for row in home}) == len(home)


def test_dates_are_in_the_two_forms_and_none_is_in_the_future(rows: Rows) -> None:
    first = TODAY - timedelta(days=730)
    online = [row["PurchasedOn"] for row in rows[ONLINE]]
    assert all(re.fullmatch(r"[1-9]\d?/[1-9]\d?/\d{4}", day) for day in online)
    bought = [us(day) for day in online] + [date.fromisoformat(row["PurchasedOn"]) for row in rows[POS]]
    assert first <= min(bought) <= first + timedelta(days=20)
    assert max(bought) == TODAY
    assert max(us(row["CreatedOn"]) for row in rows[CONTACTS]) <= TODAY
    assert max(date.fromisoformat(row["CreatedOn"]) for row in rows[LOYALTY]) <= TODAY
    assert max(date.fromisoformat(row["DateOfBirth"]) for row in rows[LOYALTY] if row["DateOfBirth"]) <= TODAY


def test_prices_are_whole_dollars_and_one_product_has_one_unit_price(rows: Rows) -> None:
    totals: dict[str, set[int]] = {}
    for row in rows[ONLINE]:
        totals.setdefault(row["ProductId"], set()).add(int(row["TotalPrice"]))
    assert len(totals) > 250
    assert all(total % min(found) == 0 for found in totals.values() for total in found)
    assert all(30 <= int(row["TotalPrice"]) <= 195 for row in rows[POS])
    assert all(15 <= int(row["RewardPointsAdded"]) <= 420 for row in rows[POS])


@pytest.mark.parametrize("stores", [1, 4, 11])
def test_each_store_sells(tmp_path: Path, stores: int) -> None:
    found = read(write_files(tmp_path, today=TODAY, people=300, accounts=0, stores=stores))[POS]
    assert {row["Store"] for row in found} == {f"Contoso {town.name}" for town in names.STORE_TOWNS[:stores]}


def test_people_shop_mostly_where_they_live(rows: Rows) -> None:
    home = {row["ContactId"]: row["City"] for row in rows[CONTACTS]}
    lives = {row["LoyaltyId"]: home.get(row["ContactId"]) for row in rows[LOYALTY]}
    towns = {town.name for town in names.STORE_TOWNS}
    near = [
        row["Store"] == f"Contoso {lives[row['LoyaltyId']]}"
        for row in rows[POS]
        if lives.get(row["LoyaltyId"]) in towns
    ]
    assert sum(near) / len(near) > 0.8


@pytest.mark.parametrize(("people", "accounts"), [(1, 0), (1, 1), (7, 7), (10, 3), (1000, 333)])
def test_small_sets_keep_every_account(tmp_path: Path, people: int, accounts: int) -> None:
    found = read(write_files(tmp_path, today=TODAY, people=people, accounts=accounts))[CONTACTS]
    assert len(found) == people
    assert len({row["CompanyName"].strip().casefold() for row in found} - {""}) == accounts


@pytest.mark.parametrize(
    "wrong", [{"people": 0}, {"people": 5, "accounts": 6}, {"accounts": -1}, {"stores": 0}, {"stores": 12}]
)
def test_impossible_numbers_are_refused_before_anything_is_written(tmp_path: Path, wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"accounts|stores"):
        write_files(tmp_path / "new", today=TODAY, **wrong)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("size", [1, 2, 5, 2320, 4096])
def test_a_shuffled_order_has_each_number_once(size: int) -> None:
    order = names.Shuffled(size, 7)
    assert sorted(order[turn] for turn in range(size)) == list(range(size))
    assert order[size] == order[0]


def test_company_names_and_domains_stay_distinct_past_the_pool() -> None:
    company_names = names.CompanyNames(7)
    found = [company_names[number] for number in range(8000)]
    assert len({names.fold(name) for name in found}) == len(found)


def test_people_past_the_pool_of_names_keep_their_own_email() -> None:
    """The numbers of namesakes and of later rounds are what keeps an address one person's."""
    size = names.PersonNames(7).size
    drawn = draw_people(Random(7), 7, 0, [], TODAY)
    locals_seen = [person.email.split("@")[0] for person, _ in zip(drawn, range(size + 500), strict=False)]
    assert len(set(locals_seen)) == len(locals_seen)


def test_the_cast_plays_every_role_in_two_teams_with_one_manager_each() -> None:
    assert {role for user in CAST for role in user.roles} == {
        "representative", "executive", "consultant", "manager", "service", "operations",
    }  # fmt: skip
    assert len({user.login for user in CAST}) == len(CAST)
    managers = [user.team for user in CAST if "manager" in user.roles]
    assert sorted(managers) == sorted({user.team for user in CAST})
    assert len(managers) == 2
    default = next(user for user in CAST if user.login == DEFAULT_LOGIN)
    assert {"representative", "executive"} <= set(default.roles)
