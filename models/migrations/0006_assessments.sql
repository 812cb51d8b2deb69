-- Questionnaires with their versions, answers, and a deal's buying centre.

-- One version of a stage's questionnaire as it was put in force; it never changes, so that answers keep their meaning.
CREATE TABLE questionnaire (
    id INTEGER PRIMARY KEY,
    pipeline TEXT NOT NULL,
    stage TEXT NOT NULL,
    version INTEGER NOT NULL,
    op TEXT NOT NULL CHECK (op IN ('>', '>=', '=')),
    threshold INTEGER NOT NULL,
    -- JSON as the process file has it: question (id, text, field, answer (text, points, knock_out, value)), result.
    content TEXT NOT NULL,
    UNIQUE (pipeline, stage, version)
) STRICT;

-- A completed questionnaire: `answers` is a JSON object of question id to the answer's place from 0.
CREATE TABLE assessment (
    id INTEGER PRIMARY KEY,
    deal_id INTEGER NOT NULL REFERENCES deal (id),
    questionnaire_id INTEGER NOT NULL REFERENCES questionnaire (id),
    -- One filling-in has one of these however often it is sent.
    submission TEXT NOT NULL UNIQUE,
    answers TEXT NOT NULL,
    score INTEGER NOT NULL,
    is_held INTEGER NOT NULL CHECK (is_held IN (0, 1)),
    result TEXT NOT NULL CHECK (result IN ('moved', 'waits', 'proposed', 'below', 'knocked_out', 'elsewhere')),
    waits_for TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    entered_at INTEGER NOT NULL,
    entered_by TEXT NOT NULL
) STRICT;
CREATE INDEX assessment_deal ON assessment (deal_id);

-- The buying centre: one row for each person on a deal. Without `person_id` it is the customer (an individual), or
-- somebody who has no record of their own; `name` is kept in case the record goes.
CREATE TABLE deal_person (
    id INTEGER PRIMARY KEY,
    deal_id INTEGER NOT NULL REFERENCES deal (id),
    person_id INTEGER REFERENCES person (id) ON DELETE SET NULL,
    name TEXT NOT NULL CHECK (name <> ''),
    role TEXT NOT NULL CHECK (
        role IN ('economic_buyer', 'decision_maker', 'technical_evaluator', 'influencer', 'user', 'blocker')
    ),
    influence INTEGER NOT NULL DEFAULT 2 CHECK (influence BETWEEN 1 AND 3),
    attitude INTEGER NOT NULL DEFAULT 0 CHECK (attitude BETWEEN -1 AND 1),
    influences_id INTEGER REFERENCES deal_person (id)
) STRICT;
CREATE INDEX deal_person_deal ON deal_person (deal_id);
CREATE UNIQUE INDEX deal_person_once ON deal_person (deal_id, person_id) WHERE person_id IS NOT NULL;
CREATE INDEX deal_person_person ON deal_person (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX deal_person_influences ON deal_person (influences_id) WHERE influences_id IS NOT NULL;
