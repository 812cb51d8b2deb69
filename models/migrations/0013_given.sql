-- What a line gives away, in basis points of the list price: its discount, or more where a lower price was typed.
-- Some databases had it from the fifth step on, others not at all.
DROP VIEW IF EXISTS quote_line_given;
CREATE VIEW quote_line_given AS
SELECT l.id AS line_id, l.quote_id,
    max(l.discount_bp, CASE WHEN p.currency = 'USD' AND p.price_minor > 0
        THEN 10000 - (l.price_minor * d.usd_rate_micros + 500000) / 1000000 * (10000 - l.discount_bp) / p.price_minor
        ELSE 0 END) AS given_bp
FROM quote_line l JOIN quote q ON q.id = l.quote_id JOIN deal d ON d.id = q.deal_id JOIN product p ON p.id = l.product_id;
