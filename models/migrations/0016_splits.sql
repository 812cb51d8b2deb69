-- Which side of a pair has changed so that it looks like somebody else's than the customer's both are with; NULL where the
-- question is whether two customers are one.
ALTER TABLE review_pair ADD COLUMN splits TEXT CHECK (splits IN ('left', 'right'));
