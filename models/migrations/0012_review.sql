-- A pair that waits for a person keeps what each field was worth, as JSON pairs of field and bits; what was put off
-- goes to the end of the queue.
ALTER TABLE review_pair ADD COLUMN evidence TEXT NOT NULL DEFAULT '[]';
ALTER TABLE review_pair ADD COLUMN later_at INTEGER;
