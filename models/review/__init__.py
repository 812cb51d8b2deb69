"""Pairs of records that may be one customer: the queue, what speaks for and against, deciding them (rules 4.3)."""
