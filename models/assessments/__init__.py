"""Questionnaires by stage, their answers, and what a score does to a deal."""
