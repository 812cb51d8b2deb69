"""Customers: individuals and corporate accounts, the records they come from, their people and their timeline."""
