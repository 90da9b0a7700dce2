"""Respondents who do not exist, for trying the whole road."""
