"""What closed deals teach about open ones: it reads, and never changes anything (rules 7)."""
