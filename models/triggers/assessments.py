"""What the database refuses of questionnaires, assessments and buying centres (rules 5.5, 7)."""

from __future__ import annotations

from models.triggers.parts import differ, refuse

_FIXED = (
    *("deal_id", "questionnaire_id", "submission", "answers", "score", "is_held"),
    *("result", "waits_for", "note", "entered_at", "entered_by"),
)
# The answers that were given, one row each: its points, and whether it keeps the deal where it is.
_GIVEN = (
    "FROM questionnaire q, json_each(q.content, '$.question') k, json_each(NEW.answers) n,"
    " json_each(k.value, '$.answer') a WHERE q.id = NEW.questionnaire_id"
    " AND n.key = json_extract(k.value, '$.id') AND a.key = n.value"
)
_SCORE = f"(SELECT coalesce(sum(json_extract(a.value, '$.points')), 0) {_GIVEN})"
_QUESTIONS = "(SELECT json_array_length(content, '$.question') FROM questionnaire WHERE id = NEW.questionnaire_id)"
_HOLDS = (
    "(SELECT CASE op WHEN '>' THEN NEW.score > threshold WHEN '>=' THEN NEW.score >= threshold"
    " ELSE NEW.score = threshold END FROM questionnaire WHERE id = NEW.questionnaire_id)"
)
_KNOCKED_OUT = f"EXISTS (SELECT 1 {_GIVEN} AND json_extract(a.value, '$.knock_out') = 1)"
_IS_UNDO = "coalesce((SELECT kind FROM action WHERE id = crm_action()) IN ('undo', 'redo'), 0)"


def statements() -> list[str]:
    """Return the triggers of assessments and buying centres."""
    return [*_questionnaires(), *_assessments(), *_people()]


def _questionnaires() -> list[str]:
    return [
        refuse("questionnaire_fixed", "BEFORE UPDATE ON questionnaire", "1", "CRM601"),
        refuse("questionnaire_kept", "BEFORE DELETE ON questionnaire", "1", "CRM601"),
    ]


def _assessments() -> list[str]:
    true_score = (
        f"NEW.score IS NOT {_SCORE} OR (SELECT count(*) {_GIVEN}) <> {_QUESTIONS}"
        f" OR (SELECT count(*) FROM json_each(NEW.answers)) <> {_QUESTIONS}"
        f" OR NEW.is_held IS NOT ({_HOLDS} AND NOT {_KNOCKED_OUT})"
        " OR (NEW.result IN ('moved', 'waits', 'proposed') AND NOT NEW.is_held)"
    )
    of_deal = (
        "NEW.entered_by IS NOT crm_actor() OR NOT EXISTS (SELECT 1 FROM deal d JOIN questionnaire q"
        " ON q.pipeline = d.pipeline WHERE d.id = NEW.deal_id AND q.id = NEW.questionnaire_id AND d.outcome = 'open')"
    )
    return [
        refuse("assessment_fixed", "BEFORE UPDATE ON assessment", differ(_FIXED), "CRM602"),
        # Undo takes the whole action back; nothing else makes answers vanish.
        refuse("assessment_kept", "BEFORE DELETE ON assessment", f"NOT {_IS_UNDO}", "CRM602"),
        refuse("assessment_true", "BEFORE INSERT ON assessment", true_score, "CRM603"),
        refuse("assessment_of_deal", "BEFORE INSERT ON assessment", of_deal, "CRM604"),
    ]


def _people() -> list[str]:
    elsewhere = (
        "NEW.person_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM person p JOIN deal d ON d.customer_id = p.account_id"
        " WHERE p.id = NEW.person_id AND d.id = NEW.deal_id)"
    )
    astray = (
        "NEW.influences_id IS NOT NULL AND (NEW.influences_id = NEW.id OR NOT EXISTS"
        " (SELECT 1 FROM deal_person o WHERE o.id = NEW.influences_id AND o.deal_id = NEW.deal_id))"
    )
    return [
        refuse("deal_person_own", "BEFORE INSERT ON deal_person", elsewhere, "CRM611"),
        refuse("deal_person_own_u", "BEFORE UPDATE OF person_id, deal_id ON deal_person", elsewhere, "CRM611"),
        refuse("deal_person_stays", "BEFORE UPDATE OF deal_id ON deal_person", "NEW.deal_id <> OLD.deal_id", "CRM611"),
        refuse("deal_person_near", "BEFORE INSERT ON deal_person", astray, "CRM612"),
        refuse("deal_person_near_u", "BEFORE UPDATE OF influences_id ON deal_person", astray, "CRM612"),
    ]
