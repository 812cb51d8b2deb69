"""Nurture: programmes of calls and emails to corporate accounts, who is enrolled, and the agenda."""
