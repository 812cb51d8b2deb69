"""Customers that are one, and one that is two; knows customers and what hangs on them."""
