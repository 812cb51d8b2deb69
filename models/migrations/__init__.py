"""Numbered steps from one schema version to the next, applied by models.database.upgrade."""
