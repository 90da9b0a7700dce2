"""Questionnaires out: one file a kind of form."""
