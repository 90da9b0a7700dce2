# What R 4.2.2 and survey 4.1-1 (Debian: r-cran-survey r-cran-jsonlite) make of the SYNTHETIC samples
# in unseen_samples.csv, drawn and weighted as unseen_designs.json says: sampling fractions, weights
# of 0, calibrated weights, jackknifes, design effects, quantiles by other rules, variances, tests.
# Run: Rscript unseen.R > unseen.csv
suppressPackageStartupMessages(library(survey))
options(warn = -1)
D <- jsonlite::fromJSON("unseen_designs.json", simplifyVector = TRUE)
S <- read.csv("unseen_samples.csv", na.strings = ""); R <- list()
text <- function(x) { x <- as.numeric(x); if (length(x) == 0 || is.na(x)) "" else sprintf("%.17g", x) }
add <- function(k, st, v, cat, dom, e, s = NA, l = NA, h = NA, deff = NA) R[[length(R) + 1]] <<-
  data.frame(survey = k, statistic = st, variable = v, category = cat, domain = dom, estimate = text(e), se = text(s), low = text(l), high = text(h), deff = text(deff))
form <- function(x) if (is.null(x)) NULL else as.formula(paste0("~", paste(x, collapse = "+")))
freq <- function(v, p) setNames(data.frame(names(p), unlist(p, use.names = FALSE)), c(v, "Freq"))
no <- function(e) tryCatch(e, error = function(x) NULL) # what R cannot estimate is not compared
drawn <- function(y, x) {
  x$one_each <- 1
  w <- if (is.null(y$weights)) { if (is.null(y$fpc)) ~one_each else NULL } else form(y$weights)
  fpc <- y$fpc; if (is.numeric(fpc)) { x$given <- fpc; fpc <- "given" }
  d <- svydesign(id = form(if (is.null(y$clusters)) "1" else y$clusters), strata = form(y$strata), fpc = form(fpc), weights = w, data = x)
  if (!is.null(y$rake)) d <- rake(d, lapply(names(y$rake), form), lapply(names(y$rake), function(v) freq(v, y$rake[[v]])), control = list(maxit = 5000, epsilon = 1e-12))
  if (!is.null(y$post_strata)) { v <- names(y$post_strata); d <- postStratify(d, form(v), freq(v, y$post_strata[[v]])) }
  if (!is.null(y$calibrate)) { e <- y$calibrate$e; known <- c(unlist(e), z = y$calibrate$z); names(known) <- c(paste0("e", names(e)), "z"); d <- calibrate(d, ~ e + z - 1, known, calfun = y$distance, epsilon = 1e-12, maxit = 500) }
  if (identical(y$variance, "jackknife")) d <- as.svrepdesign(d, type = if (is.null(y$strata)) "JK1" else "JKn")
  d
}
for (k in names(D)) {
  y <- D[[k]]; x <- S[S$survey == k, ]; options(survey.lonely.psu = y$lonely_stratum)
  d <- drawn(y, x); dg <- degf(d); w <- weights(d, "sampling"); doms <- sort(unique(x$dom))
  add(k, "degrees", "", "", "", dg); add(k, "weights", "", "", "", sum(w), sum(w^2))
  for (v in c("x", "y")) {
    for (s in c("mean", "total")) no({
      f <- get(paste0("svy", s)); m <- f(form(v), d, na.rm = TRUE, deff = TRUE); ci <- confint(m, df = dg)
      add(k, s, v, "", "", coef(m), SE(m), ci[1], ci[2], as.numeric(deff(m)))
      b <- svyby(form(v), ~dom, d, f, na.rm = TRUE, deff = TRUE); ci <- confint(b, df = dg)
      for (i in seq_len(nrow(b))) add(k, s, v, "", paste0("dom=", b[i, 1]), coef(b)[i], SE(b)[i], ci[i, 1], ci[i, 2], deff(b)[i])
    })
    for (q in c("math", "school", "hf7")) for (p in c(.25, .75)) {
      quantile <- function(part, dom) no({ e <- svyquantile(form(v), part, p, na.rm = TRUE, qrule = q)[[1]]; add(k, paste("quantile", q, p, sep = "_"), v, "", dom, e[1, 1], e[1, 4], e[1, 2], e[1, 3]) })
      quantile(d, ""); for (g_ in doms) quantile(subset(d, dom == g_), paste0("dom=", g_))
    }
    no({ m <- svyvar(form(v), d, na.rm = TRUE); add(k, "variance", v, "", "", as.numeric(m)[1], SE(m)[1]) })
    no({ m <- svyratio(form(v), ~z, d, na.rm = TRUE); ci <- confint(m, df = dg); add(k, "ratio", paste0(v, "/z"), "", "", coef(m), SE(m), ci[1], ci[2]) })
  }
  for (v in c("bin", "cat")) for (level in sort(unique(x[[v]]))) for (m in c(beta = "beta", wald = "mean", xlogit = "xlogit")) {
    f <- as.formula(sprintf('~I(%s == "%s")', v, level)); st <- paste0("share_", if (m == "mean") "wald" else m)
    no({ p <- svyciprop(f, d, method = m, na.rm = TRUE); ci <- attr(p, "ci"); add(k, st, v, level, "", coef(p), SE(p), ci[1], ci[2]) })
    for (g_ in doms) no({ p <- svyciprop(f, subset(d, dom == g_), method = m, na.rm = TRUE, df = dg); ci <- attr(p, "ci"); add(k, st, v, level, paste0("dom=", g_), coef(p), SE(p), ci[1], ci[2]) })
  }
  for (st in c("F", "Chisq", "Wald", "adjWald")) for (f in list(~ bin + g, ~ cat + e)) no({
    h <- svychisq(f, d, statistic = st, na.rm = TRUE)
    add(k, paste0("test_", st), paste(all.vars(f), collapse = ":"), "", "", h$statistic, h$p.value, h$parameter[1], if (length(h$parameter) > 1) h$parameter[2] else NA)
  })
}
write.csv(do.call(rbind, R), row.names = FALSE, quote = FALSE)
