"""Questionnaires: the model, its question types, reading it from YAML and from XLSForm, checks."""
