"""Delivered data: SPSS, Stata, CSV, Parquet and a DDI codebook, and what each would lose."""
