"""Offline survey pipeline: one questionnaire drives the forms, the cleaning and the tables."""

__version__ = "0.1.0"
