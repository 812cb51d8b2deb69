"""Deals: board, stages and gates, tech checks, lines and quotes."""
