"""Which customer each incoming record belongs to: declared keys, companies, evidence; nothing here writes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from importers import companies, grouping, match_memory, matching
from importers.companies import Company, CompanyRow
from importers.existing import Known
from importers.grouping import key_of as _key
from importers.helper import ALONE, Helper
from importers.incoming import Incoming, PersonRow
from importers.incoming import ident as _ident
from importers.review_pairs import Evidence, ReviewPair, reasons_with
from models.customers.entered import TYPED


@dataclass
class Links:
    """What linking found; the rows of the import carry their customer."""

    customers: list[list[PersonRow]] = field(default_factory=list)
    """The rows of each new customer, by its number."""
    reviews: list[ReviewPair] = field(default_factory=list)
    people: list[PersonRow] = field(default_factory=list)
    """Rows that each make a person of the account they belong to."""
    lesson: match_memory.Lesson | None = None
    """What is to be remembered of the people, if any are new or changed."""


def proposer(engine: str) -> matching.Propose:
    """Return what finds the pairs to compare: "own", or an engine of `splink_pairs`.

    Raises:
        UsageError: there is no such engine, or its packages aren't installed.
    """
    if engine == "own":
        return matching.candidate_pairs
    from importers.matching import splink_pairs

    return splink_pairs.proposer(engine)


class Linking:
    """Sets the customer of every new row; links that exist stay as they are. `explain` says why."""

    def __init__(
        self,
        incoming: Incoming,
        known: Known,
        propose: matching.Propose = matching.candidate_pairs,
        other: Helper = ALONE,
    ) -> None:
        self.links = Links()
        self._linker: _Linker | None = None
        if incoming.new or incoming.changed:
            # Without records there is nothing to remember, and maybe no database.
            memory = match_memory.read() if known.records else None
            groups = grouping.group(incoming, known, memory, propose, other)
            self._linker = _Linker(incoming, known, self.links, groups)
            self._linker.assign()

    def explain(self) -> Links:
        """Set rule, evidence and score of every new row, the pairs to review and the lesson."""
        if self._linker is not None:
            self._linker.explain()
        return self.links


class _Linker:
    def __init__(self, incoming: Incoming, known: Known, links: Links, groups: grouping.Groups) -> None:
        self._known, self._links, self._groups = known, links, groups
        self._cluster, self._partners, self._pairs = groups.group_of, groups.partners, groups.pairs
        self._new = {row.ident: row for row in incoming.new}
        self._changed = {row.ident: row for row in incoming.changed}
        self._customer_of = grouping.customers_of(known)
        self._company_of_row: dict[str, int] = {}
        self._company_of_cluster: dict[int, int] = {}
        self._refs: dict[int, int] = {}
        """The account of each company, once it has one."""

        self._existing: dict[int, list[int]] = defaultdict(list)
        self._member: dict[tuple[int, int], str] = {}

    def assign(self) -> None:
        for ident, cluster in self._cluster.items() if self._customer_of else ():
            if customer := self._customer_of.get(ident):
                self._member.setdefault((customer, cluster), ident)
                found = self._existing[cluster]
                if customer not in found:
                    found.append(customer)
        made = self._companies()
        self._assign(made)

    def explain(self) -> None:
        self._links.lesson = self._groups.learn()
        self._tell_evidence()
        self._review()
        self._tell_splits()

    def _companies(self) -> list[Company]:
        """Group the rows that name a company, with the accounts that are there."""
        idents = list(self._new)
        rows = [CompanyRow(at, *_company(row.fields)) for at, row in enumerate(self._new.values()) if row.is_corporate]
        taken: dict[int, str] = {}
        for account in self._known.accounts:
            emails, postcodes = frozenset(account.emails), frozenset(account.postcodes)
            for name in sorted(account.names):
                rows.append(CompanyRow(-account.customer_id, name, emails, postcodes, account.customer_id))
        for ident, row in self._changed.items():
            if row.is_corporate and row.customer:
                taken[-row.customer] = ident
                rows.append(CompanyRow(-row.customer, *_company(row.fields), row.customer))
        made, namesakes = companies.group(rows)
        for number, company in enumerate(made):
            for at in company.rows:
                self._company_of_row[idents[at]] = number
                self._company_of_cluster.setdefault(self._cluster[idents[at]], number)
            if company.account is not None:
                self._refs[number] = company.account
        record_of = {-customer: ident for ident, customer in reversed(self._customer_of.items()) if customer}
        for pair in namesakes:
            left, right = (
                idents[at] if at >= 0 else taken.get(at) or record_of.get(at) or _ident(TYPED, str(-at))
                for at in (pair.left, pair.right)
            )
            self._add_review(left, right, 0.0, "same company name, other domain and postcode")
        return made

    def _assign(self, made: list[Company]) -> None:
        """Give each new row its customer, in the order of the files."""
        refs: dict[int, int] = {}
        people: set[tuple[int, int]] = set()
        for ident, row in self._new.items():
            cluster = self._cluster[ident]
            existing = self._existing.get(cluster, [])
            number = self._company_of_row.get(ident)
            names_company = number is not None
            if number is None and not existing:
                number = self._company_of_cluster.get(cluster)
            if number is not None:
                row.customer = self._account(number, existing)
                if existing and row.customer not in existing:
                    self._conflict(ident, existing, f"the same person outside the account {made[number].name}")
            elif existing:
                row.customer = self._partner(ident, existing)
            else:
                if cluster not in refs:
                    refs[cluster] = self._make()
                row.customer = refs[cluster]
            if row.customer < 0:
                rows = self._links.customers[-1 - row.customer]
                row.rule = "company" if rows and names_company else "" if rows else "first"
                rows.append(row)
            elif names_company and row.customer not in existing:
                row.rule = "company"
            if names_company and (row.customer, cluster) not in people:
                people.add((row.customer, cluster))
                self._links.people.append(row)
        for ident in (*self._new, *self._changed):
            existing = self._existing.get(self._cluster[ident], [])
            if len(existing) > 1:
                self._conflict(ident, existing, "one person in two customers")

    def _account(self, number: int, existing: list[int]) -> int:
        """Return the account of a company: the one that is there, a customer who turns into it, or a new one."""
        if number not in self._refs:
            self._refs[number] = existing[0] if existing else self._make()
        return self._refs[number]

    def _make(self) -> int:
        self._links.customers.append([])
        return -len(self._links.customers)

    def _partner(self, ident: str, existing: list[int]) -> int:
        """Of several customers the record could join, take that of the record its key names, else the oldest."""
        for other in self._partners.get(ident, ()):
            if self._customer_of.get(other) in existing:
                return self._customer_of[other]
        return min(existing)

    def _tell_evidence(self) -> None:
        """Say of each row that joined another why: its key, or what agreed."""
        wanted = set()
        for ident, row in self._new.items():
            cluster = self._cluster[ident]
            if row.rule:
                row.evidence = "company name, domain or postcode" if row.rule == "company" else ""
            elif cluster in map(self._cluster.get, self._partners.get(ident, ())):
                row.rule, row.evidence = "declared", "contact id"
            else:
                row.rule = "match"
                wanted.add(ident)
        pairs = self._pairs[self._pairs["band"] == "automatic"]
        for why in reasons_with(pairs, wanted):
            for ident in (why.left, why.right):
                if ident in wanted and why.bits > (self._new[ident].score or float("-inf")):
                    self._new[ident].score, self._new[ident].evidence = round(why.bits, 1), why.agreed

    def _review(self) -> None:
        pairs = self._pairs[self._pairs["band"] == "review"]
        fresh = {*self._new, *self._changed}
        for why in reasons_with(pairs, fresh):
            if self._customer(why.left) == self._customer(why.right):
                # Two people of one account: no decision about customers is open.
                continue
            self._add_review(why.left, why.right, why.bits, why.text, why.evidence)

    def _tell_splits(self) -> None:
        """Ask about changed rows that fit none of their customer's others any more; they stay where they are."""
        accounts = {account.customer_id for account in self._known.accounts}
        members: dict[int, list[str]] = defaultdict(list)
        for ident in self._cluster:
            members[self._customer_of.get(ident, 0)].append(ident)
        for ident, row in self._changed.items():
            others = [other for other in members.get(row.customer, ()) if other != ident]
            if not others or row.customer in accounts or self._cluster[ident] in map(self._cluster.get, others):
                continue
            lines = {other: self._groups.resolution.explain(ident, other) for other in others}
            nearest = max(others, key=lambda other: sum(line.bits for line in lines[other]))
            evidence = tuple((line.field, round(line.bits, 1)) for line in lines[nearest])
            score = sum(worth for _, worth in evidence)
            self._add_review(ident, nearest, score, "its row has changed: one customer, or two", evidence, splits=True)

    def _customer(self, ident: str) -> int:
        """Return the customer that a record has now."""
        return self._customer_of[ident] if ident in self._customer_of else self._new[ident].customer

    def _conflict(self, ident: str, existing: list[int], reason: str) -> None:
        """Ask a person about records of one cluster that sit with different customers."""
        mine = self._customer(ident)
        cluster = self._cluster[ident]
        for customer in existing:
            if customer != mine:
                self._add_review(ident, self._member[customer, cluster], 0.0, reason)

    def _add_review(
        self, left: str, right: str, score: float, reason: str, evidence: Evidence = (), *, splits: bool = False
    ) -> None:
        pair = frozenset((_key(left), _key(right)))
        if pair in self._known.reviewed or len(pair) < 2:
            return
        if any(source == TYPED for source, _ in pair) and not self._is_told({left, right}):
            return
        self._known.reviewed.add(pair)
        self._links.reviews.append(ReviewPair(_key(left), _key(right), round(score, 1), reason, evidence, splits))

    def _is_told(self, sides: set[str]) -> bool:
        """Return whether these files tell of a side: about who was entered by hand only the import that meets them."""
        return any(side in self._new or side in self._changed for side in sides)


def _company(fields: dict[str, Any]) -> tuple[str, frozenset[str], frozenset[str]]:
    return (
        fields.get("company_name", ""),
        frozenset({fields.get("email", "")} - {""}),
        frozenset({fields.get("postcode", "")} - {""}),
    )
