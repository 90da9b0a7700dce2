# What R's haven reads from the .sav and .dta files named: a row a variable, numbers at full precision.
suppressPackageStartupMessages(library(haven))
text <- function(x) if (is.null(x) || is.na(x)) "" else as.character(x)
told <- function(file) {
  read <- if (endsWith(file, ".sav")) read_sav(file, user_na = TRUE) else read_dta(file)
  do.call(rbind, lapply(names(read), function(name) {
    column <- read[[name]]
    plain <- is.numeric(column) && !inherits(column, c("Date", "POSIXct", "hms"))
    known <- column[!is.na(column)]
    data.frame(
      file = basename(file), name = name, label = text(attr(column, "label")), valid = length(known),
      sum = if (plain) sprintf("%.17g", sum(as.numeric(unclass(known)))) else "",
      labels = if (is.numeric(column)) length(attr(column, "labels")) else 0L
    )
  }))
}
write.csv(do.call(rbind, lapply(commandArgs(TRUE), told)), row.names = FALSE, fileEncoding = "UTF-8")
