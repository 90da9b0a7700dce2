"""ODK's XPath dialect: one tree, one meaning, said in XPath, pandas, Excel and words."""
