"""Reading a process file: all that is wrong is told at once, by line, with what may have been meant."""

from __future__ import annotations

import re
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import process, process_file
from models.process_file import BadProcessError, list_faults
from models.toml_lines import key_lines, line_of

WHOLE = process.shipped_text()
# Without its questionnaires, which name stages that these tests rename.
SHIPPED = WHOLE[: WHOLE.index("[[assessment]]")] + WHOLE[WHOLE.index("[[programme]]") :]


def edited(old: str, new: str) -> str:
    assert SHIPPED.count(old) >= 1
    return SHIPPED.replace(old, new, 1)


def only_fault(text: str) -> str:
    faults = list_faults(text)
    assert len(faults) == 1, faults
    return faults[0].text


def line(text: str, beginning: str) -> int:
    return next(n for n, row in enumerate(text.splitlines(), 1) if row.startswith(beginning))


def test_contosos_own_process_is_right() -> None:
    assert list_faults(WHOLE) == []
    assert process_file.read(WHOLE)["tech_check_limit_usd"] == "20000.00"


def test_every_wrong_line_is_told_at_once_in_their_order() -> None:
    text = (
        edited("quote_valid_days = 30", 'quote_valid_days = "a month"')
        .replace("probability = 25", "probability = 250")
        .replace('required = ["lines"]', 'required = ["line"]')
        .replace("points = 12, ", "ponits = 12, ")
    )
    with pytest.raises(BadProcessError) as caught:
        process_file.read(text, "new.toml")
    told = {fault.line: fault.text for fault in caught.value.faults if "missing" not in fault.text}
    assert told == {
        line(text, "quote_valid_days"): "quote_valid_days must be a whole number from 1 to 3,650, not 'a month'",
        line(text, "probability = 250"): "probability must be a whole number from 0 to 100, not 250",
        line(text, "discovery_meeting"): "ponits is not known here; did you mean points?",
    }
    assert [fault.line for fault in caught.value.faults] == sorted(fault.line for fault in caught.value.faults)
    assert "new.toml has 4 errors; the process in force stays as it is\n  line 5: quote_valid_days" in str(caught.value)
    # Conditions are compared where the stages are right otherwise.
    assert only_fault(edited('required = ["lines"]', 'required = ["line"]')) == (
        "there is no condition 'line'; did you mean lines?"
    )


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('company_timezone = "America/Denver"\n', "", "company_timezone is missing"),
        ("America/Denver", "America/Devner", "company_timezone must be a time zone"),
        ('"20000.00"', "20000.0", 'tech_check_limit_usd must be an amount in quotes, such as "20000.00"'),
        (
            "points_quota = 500",
            "points_quota = true",
            "points_quota must be a whole number from 0 to 100,000, not true",
        ),
        ("points_quota", "points_qouta", "points_qouta is not known here; did you mean points_quota?"),
        ('id = "develop"', 'id = "qualify"', "there are two with the id 'qualify'"),
        ('id = "develop"', 'id = "Develop!"', "id must be an id of lower-case letters"),
        ("probability = 90", "probability = 90\ntech_check = true", "a pipeline has one tech check at most"),
        ('price = "price"\n', "price = 7\n", "price must be a text in quotes, not 7"),
        ('default_for = ["letter"]', 'default_for = ["call"]', "call already takes follow_up by itself"),
        ('default_for = ["letter"]', 'default_for = ["pigeon"]', "default_for must be a list of call, email"),
        (
            'activity_type = "lead_call"',
            'activity_type = "leed_call"',
            "there is no activity type 'leed_call'; did you",
        ),
        ('email_subject = "Contoso Home Security for {account}"\n', "", "an email step needs email_subject"),
        (
            'channel = "call"\nname = "Appointment',
            'channel = "fax"\nname = "Appointment',
            "channel must be one of call",
        ),
        ('code = "THERMOSTAT"', 'code = "DOORBELL"', "there are two with the code 'DOORBELL'"),
        ('billing = "monthly"', 'billing = "weekly"', "billing must be one of one_off, monthly, not 'weekly'"),
    ],
)
def test_what_is_wrong_is_said_in_words(old: str, new: str, told: str) -> None:
    assert only_fault(edited(old, new)).startswith(told)


@pytest.mark.parametrize(
    ("added", "told"),
    [
        ('[discount_limits]\nrepresentative = "10"\nmanager = 100', ""),
        ("[discount_limits]\nrepresentative = 110", "representative must be a percentage from 0 to 100"),
        ("[discount_limits]\nrepresentativ = 10", "representativ is not known here; did you mean representative?"),
        ('[owner_assignment]\nindividual = ["territory", "fewest"]', ""),
        ('[owner_assignment]\nindividual = ["lottery"]', "individual must be a list of territory, fewest"),
        ('[[assessment]]\nstage = "qualify"\nrule = "> 60"', "question is missing"),
        (
            '[[assessment]]\nstage = "qualfy"\nrule = "> 60"\n[[assessment.question]]\nid = "a"\ntext = "A?"\n'
            'answer = [{ text = "yes", points = 70 }]',
            "sales has no stage 'qualfy'; did you mean qualify?",
        ),
        (
            '[[assessment]]\nstage = "qualify"\nrule = "more than 60"\n[[assessment.question]]\nid = "a"\ntext = "A?"\n'
            'answer = [{ text = "yes", points = 70 }]',
            "rule must be a rule such as",
        ),
        (
            '[[assessment]]\nstage = "qualify"\nrule = "> 60"\n[[assessment.question]]\nid = "a"\ntext = "A?"\n'
            'field = "owner"\nanswer = [{ text = "yes", points = 70, knock_out = false }]',
            "an answer can't fill 'owner'; there are need",
        ),
        (
            '[[assessment]]\nstage = "qualify"\nrule = "> 60"\n[[assessment.question]]\nid = "a"\ntext = "A?"\n'
            'answer = [{ text = "yes", points = 60 }]',
            "no answers reach > 60: the best are worth 60",
        ),
        (
            '[[assessment]]\nstage = "qualify"\nrule = "= 60"\n[[assessment.question]]\nid = "a"\ntext = "A?"\n'
            'field = "budget"\nanswer = [{ text = "yes", points = 60, value = "plenty" }]',
            "value must be an amount in quotes",
        ),
    ],
)
def test_what_a_file_may_say_besides(added: str, told: str) -> None:
    heading = added.splitlines()[0]
    # A table that the shipped file has too takes its place.
    shipped = re.sub(rf"^{re.escape(heading)}\n(?:[^\[\n].*\n)*", "", SHIPPED, flags=re.MULTILINE)
    faults = list_faults(f"{shipped}\n{added}\n")
    assert [fault.text[: len(told)] for fault in faults] == ([told] if told else [])


def test_a_stage_that_requires_an_assessment_has_one() -> None:
    text = edited('assessment = "optional"', 'assessment = "required"')
    assert only_fault(text) == "qualify requires an assessment, and no [[assessment]] is for it"
    assert list_faults(WHOLE.replace('assessment = "optional"', 'assessment = "required"')) == []


def test_a_file_that_is_no_toml_names_the_line() -> None:
    faults = list_faults(edited("quote_valid_days = 30", "quote_valid_days = "))
    assert [(fault.line, fault.text) for fault in faults] == [(5, "this is no TOML: Invalid value")]
    assert list_faults("[[pipeline]")[0].line == 1
    assert list_faults('company_timezone = "America')[0].text.startswith("this is no TOML")


def test_one_stage_and_ten_are_too_few_and_too_many() -> None:
    head = SHIPPED[: SHIPPED.index("[[pipeline]]")]
    tail = SHIPPED[SHIPPED.index("[lost_reasons]") :]

    def stages(count: int) -> str:
        one = '[[pipeline.stage]]\nid = "s{0}"\nname = "S{0}"\nprobability = 10\n'
        return f'{head}[[pipeline]]\nid = "p"\nname = "P"\n{"".join(one.format(n) for n in range(count))}{tail}'

    assert only_fault(stages(1)) == "p has 1 stages; a board shows 2 to 9"
    assert only_fault(stages(10)) == "p has 10 stages; a board shows 2 to 9"
    assert list_faults(stages(2)) == list_faults(stages(9)) == []


def test_keys_are_found_on_their_lines_whatever_stands_around_them() -> None:
    text = (
        "# comment = 1\n"
        'a = """\nb = 2\n"""  # c = 3\n'
        "list = [\n  1, # ]\n  2,\n]\n"
        '[t."x y"]\nk = {z = 1, q = "]"}\n'
        "[[m]]\nn = 1\n[[m.o]]\np = 1\n[[m.o]]\np.q = 2\n[[m]]\nn = '''\n[[m]]\n'''\n"
    )
    tomllib.loads(text)
    lines = key_lines(text)
    assert lines == {
        ("a",): 2,
        ("list",): 5,
        ("t", "x y"): 9,
        ("t", "x y", "k"): 10,
        ("m", 0): 11,
        ("m", 0, "n"): 12,
        ("m", 0, "o", 0): 13,
        ("m", 0, "o", 0, "p"): 14,
        ("m", 0, "o", 1): 15,
        ("m", 0, "o", 1, "p"): 16,
        ("m", 0, "o", 1, "p", "q"): 16,
        ("m", 1): 17,
        ("m", 1, "n"): 18,
    }
    assert line_of(("m", 1, "nothing", 3), lines) == 17
    assert line_of(("zzz",), lines) == 1


@given(st.text(max_size=200))
def test_no_text_whatever_makes_reading_fail_otherwise(text: str) -> None:
    for fault in list_faults(text):
        assert fault.line >= 1
        assert fault.text


@given(st.integers(min_value=0, max_value=len(SHIPPED) - 1), st.text(max_size=3))
def test_a_slip_anywhere_is_told_or_harmless(place: int, slip: str) -> None:
    text = SHIPPED[:place] + slip + SHIPPED[place + 1 :]
    last = text.count("\n") + 1
    assert all(1 <= fault.line <= last for fault in list_faults(text))
