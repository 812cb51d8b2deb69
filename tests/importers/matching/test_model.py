from __future__ import annotations

import json
from functools import cache

import numpy as np
import pandas as pd
import pytest

from importers.matching import Model, bands, priors, resolve
from importers.matching.blocking import candidate_pairs, rules_of
from importers.matching.comparison import compare, fields_of
from importers.matching.kinds import Dob, Field, Name
from importers.matching.learning import Learned, learn
from importers.matching.model import Mixture
from importers.matching.parts import KeyParts
from importers.matching.patterns import Patterns, pack
from importers.matching.sampling import Samples
from importers.matching.scoring import log_sum, posterior
from tests.importers.matching.made_people import KINDS, made_people
from tests.importers.matching.test_comparison import encoded


@cache
def learned() -> tuple[Patterns, Learned, Mixture]:
    """Patterns of the candidate pairs of made-up people, what was learned, and what learning began with."""
    people = made_people(400)
    rows = encoded(people.drop(columns="person").to_dict("records"))
    parts, fields = KeyParts(rows), fields_of(rows)
    ids = candidate_pairs(rows, parts).ids
    levels = compare(rows, ids // rows.size, ids % rows.size, fields)
    patterns, samples = Patterns.of(pack(levels, len(ids)), fields), Samples.draw(rows, parts, fields)
    few = Patterns.of(pack(levels, len(ids))[:9], fields)
    rules = rules_of(parts)
    return patterns, learn(patterns, rules, samples), learn(few, rules, samples).mixture


def test_every_distribution_adds_up_to_one_and_missing_says_nothing() -> None:
    for mixture in (learned()[1].mixture, learned()[2]):
        assert mixture.shares.sum() == pytest.approx(1)
        for rows in mixture.rows.values():
            assert (rows[:, 0] == 1).all()
            assert rows[:, 1:].sum(axis=1) == pytest.approx(np.ones(len(mixture.classes)))
            assert (rows > 0).all()


def test_twins_and_namesakes_are_rarer_than_other_relatives() -> None:
    mixture = learned()[1].mixture
    relative, twin, namesake = mixture.shares[mixture.households]
    assert twin <= priors.MOST_TWINS * relative + 1e-12
    assert namesake <= priors.MOST_NAMESAKES * relative + 1e-12


def test_learning_explains_the_pairs_better_than_what_it_began_with() -> None:
    patterns, found, begun = learned()

    def likelihood(mixture: Mixture) -> float:
        return float((log_sum(mixture.joint(patterns.levels), len(patterns)) * patterns.counts).sum())

    assert likelihood(found.mixture) > likelihood(begun)


def test_households_keep_their_names_and_birth_dates_and_learn_the_rest() -> None:
    _, found, begun = learned()
    households = begun.households
    for field in (Field.NAME, Field.DOB):
        assert (found.mixture.rows[field][households] == begun.rows[field][households]).all()
    assert (found.mixture.rows[Field.PHONE][households] != begun.rows[Field.PHONE][households]).any()


def test_strangers_are_purified_of_pairs_of_one_customer() -> None:
    _, found, begun = learned()
    rule = begun.classes.index("birth date, surname")
    # Half of these people are known twice, so most who share a surname's sound are one person.
    assert found.mixture.rows[Field.NAME][rule, Name.EXACT] < 0.5 * begun.rows[Field.NAME][rule, Name.EXACT]
    assert found.strangers[Field.DOB][Dob.EQUAL] < 1e-3


def test_a_kept_model_gives_the_same_scores() -> None:
    people = made_people(300)
    first = resolve(people, KINDS)
    kept = Model.from_json(first.model.to_json())
    second = resolve(people, KINDS, model=kept)
    pd.testing.assert_frame_equal(first.pairs, second.pairs, check_exact=True)
    pd.testing.assert_series_equal(first.customer_of, second.customer_of)
    assert kept.to_json() == first.model.to_json()


def test_a_kept_model_serves_other_records_and_fewer_columns() -> None:
    model = resolve(made_people(300), KINDS).model
    row = made_people(1).iloc[[0]].assign(source="a new source")
    pair = pd.concat([row, row], ignore_index=True)
    assert resolve(pair, KINDS, model=model).customer_of.tolist() == [0, 0]
    fewer = {name: KINDS[name] for name in ("given", "surname", "dob")}
    assert resolve(pair, fewer, model=model).customer_of.tolist() == [0, 0]


@pytest.mark.parametrize("text", ["[]", '{"version": 0}', "{}"])
def test_what_is_no_model_is_refused(text) -> None:
    json.loads(text)
    with pytest.raises(ValueError, match="no matching model"):
        Model.from_json(text)


def test_the_threshold_asks_for_hardly_any_wrong_pair() -> None:
    rng = np.random.default_rng(1)
    for mean in (0.0, 4.0, 9.0):
        nats = rng.normal(mean, 4, 3000)
        least = bands.threshold(nats)
        sure = nats[nats >= least]
        assert least >= bands.LEAST
        assert posterior(sure).mean() >= bands.WANTED
        just_below = nats[(nats < least) & (nats >= bands.LEAST)]
        if len(just_below):
            assert posterior(np.append(sure, just_below.max())).mean() < bands.WANTED
    assert bands.threshold(np.full(5, 9.0)) == bands.UNLEARNED
