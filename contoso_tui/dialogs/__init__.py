"""Dialogs: each returns what was decided and writes nothing; the screen that asked acts on it."""
