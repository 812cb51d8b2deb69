"""Widgets drawn by lines; they know records and styles, never the database."""
