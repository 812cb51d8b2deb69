-- One box finds people by name, sound and slip, and customers by phone, whatever its punctuation.

-- Words of names of customers and people, each once, with how it sounds. One that nobody has any more finds nobody.
CREATE TABLE search_word (
    id INTEGER PRIMARY KEY,
    word TEXT NOT NULL UNIQUE,
    sound TEXT NOT NULL
) STRICT;
CREATE INDEX search_word_sound ON search_word (sound, word);

-- Each word with one letter left out: two words that are one slip apart meet here.
CREATE TABLE search_slip (
    left_over TEXT NOT NULL,
    word_id INTEGER NOT NULL REFERENCES search_word (id),
    PRIMARY KEY (left_over, word_id)
) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE person_search USING fts5 (
    name, content = 'person', content_rowid = 'id', detail = none, prefix = '1 2 3', tokenize = 'unicode61 remove_diacritics 2'
);

INSERT INTO person_search (person_search) VALUES ('rebuild');
INSERT INTO search_word (word, sound)
    SELECT t.term, crm_sound(t.term) FROM customer_word t, json_each(crm_words(t.term)) w WHERE w.value = t.term
    ON CONFLICT DO NOTHING;
INSERT INTO search_word (word, sound)
    SELECT w.value, crm_sound(w.value) FROM person p, json_each(crm_words(p.name)) w WHERE true
    ON CONFLICT DO NOTHING;
INSERT OR IGNORE INTO search_slip (left_over, word_id)
    SELECT substr(w.word, 1, n.value) || substr(w.word, n.value + 2), w.id
    FROM search_word w, json_each('[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23]') n WHERE n.value < length(w.word);

-- The last nine digits, as the importers compare them: country codes, trunk zeros and extensions aside.
CREATE INDEX customer_phone ON customer (
    substr(replace(replace(replace(replace(replace(replace(replace(
        substr(phone, 1, min(instr(lower(phone) || 'x', 'x'), instr(lower(phone) || 'e', 'e'),
            instr(phone || '#', '#'), instr(phone || ';', ';')) - 1),
        '-', ''), '.', ''), ' ', ''), '(', ''), ')', ''), '+', ''), '/', ''), -9)
) WHERE phone <> '';
CREATE INDEX person_phone ON person (
    substr(replace(replace(replace(replace(replace(replace(replace(
        substr(phone, 1, min(instr(lower(phone) || 'x', 'x'), instr(lower(phone) || 'e', 'e'),
            instr(phone || '#', '#'), instr(phone || ';', ';')) - 1),
        '-', ''), '.', ''), ' ', ''), '(', ''), ')', ''), '+', ''), '/', ''), -9)
) WHERE phone <> '';
CREATE INDEX person_email ON person (email COLLATE NOCASE) WHERE email <> '';
