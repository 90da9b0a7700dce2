"""Designs, estimates, raking, tests and agreement: pure numbers, no questionnaire."""
