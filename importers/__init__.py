"""Four sources in, one customer out."""
