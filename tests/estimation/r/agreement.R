# SYNTHETIC ratings by two coders and answers to three items, one of them missing, and what R 4.2.2
# and psych 2.2.9 (Debian: r-cran-psych) make of them; agreement.csv holds four of twelve.
suppressPackageStartupMessages(library(psych))
set.seed(5)
joined <- function(x) paste(ifelse(is.na(x), "NA", sprintf("%.17g", x)), collapse = ";")
for (i in 1:12) {
  n <- sample(8:60, 1); q <- sample(2:5, 1); a <- sample(1:q, n, TRUE)
  b <- ifelse(runif(n) < .6, a, sample(1:q, n, TRUE)); k <- suppressWarnings(cohen.kappa(cbind(a, b)))
  items <- data.frame(p = a + rnorm(n), q = b + rnorm(n), r = a + b + rnorm(n)); items$q[1] <- NA
  al <- suppressWarnings(psych::alpha(items, check.keys = FALSE))
  cat(joined(a), joined(b), sprintf("%.17g", c(k$kappa, k$weighted.kappa, k$confid[1, 1], k$confid[1, 3], al$total$raw_alpha, al$total$std.alpha)), joined(items$p), joined(items$q), joined(items$r), sep = ",")
  cat("\n")
}
