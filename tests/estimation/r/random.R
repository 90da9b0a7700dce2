# What R 4.2.2 and survey 4.1-1 (Debian: r-cran-survey) make of the SYNTHETIC samples in
# random_samples.csv, drawn and weighted as random_designs.yaml says. Run: Rscript random.R > random.csv
suppressPackageStartupMessages(library(survey))
options(digits = 17)
D <- list( # the designs of random_designs.yaml
  "0" = list("kind" = "stratified", "rake" = list("dom" = list("A" = 292.08176110694967, "B" = 292.5968735477694, "C" = 119.42136534528095), "g" = list("f" = 329.8, "m" = 374.3)), "strata" = "h", "weights" = "w"),
  "1" = list("kind" = "stratified", "lonely_stratum" = "certainty", "strata" = "h", "weights" = "w"),
  "2" = list("fpc" = c("Nh"), "kind" = "stratified", "lonely_stratum" = "average", "strata" = "h", "weights" = "w"),
  "3" = list("fpc" = c("Nh"), "kind" = "stratified", "rake" = list("dom" = list("A" = 230.446320820773, "B" = 190.59827208531905, "C" = 70.65540709390797), "g" = list("f" = 281.6, "m" = 210.1)), "strata" = "h"),
  "4" = list("clusters" = c("c"), "fpc" = c("Nc"), "kind" = "cluster"),
  "5" = list("fpc" = c("Nh"), "kind" = "stratified", "rake" = list("dom" = list("A" = 278.6725822512251, "B" = 160.537577201093, "C" = 92.28984054768188), "g" = list("f" = 202.3, "m" = 329.2)), "strata" = "h"),
  "6" = list("fpc" = c("Nh"), "kind" = "stratified", "rake" = list("dom" = list("A" = 478.8555425208918, "B" = 193.09392134267094, "C" = 117.25053613643723), "g" = list("f" = 358.9, "m" = 430.3)), "strata" = "h", "weights" = "w"),
  "7" = list("clusters" = c("c"), "fpc" = c("Nc"), "kind" = "cluster", "lonely_stratum" = "adjust", "strata" = "h", "weights" = "w"),
  "8" = list("kind" = "srs", "weights" = "w"),
  "9" = list("clusters" = c("c"), "fpc" = c("Nc"), "kind" = "cluster", "lonely_stratum" = "adjust", "strata" = "h"),
  "10" = list("clusters" = c("c", "i"), "fpc" = c("Nc", "M"), "kind" = "cluster", "strata" = "h", "weights" = "w"),
  "11" = list("fpc" = c("pop"), "kind" = "srs"))
S <- read.csv("random_samples.csv", na.strings = ""); R <- list()
text <- function(x) { x <- as.numeric(x); if (is.na(x)) "" else sprintf("%.17g", x) }
add <- function(k, statistic, variable, category, domain, e, s, l, h) R[[length(R) + 1]] <<-
  data.frame(survey = k, statistic = statistic, variable = variable, category = category, domain = domain, estimate = text(e), se = text(s), low = text(l), high = text(h))
form <- function(x) if (is.null(x)) NULL else as.formula(paste0("~", paste(x, collapse = "+")))
freq <- function(v, p) setNames(data.frame(names(p), unlist(p, use.names = FALSE)), c(v, "Freq"))
drawn <- function(y, x) {
  d <- svydesign(id = form(if (is.null(y$clusters)) "1" else y$clusters), strata = form(y$strata), fpc = form(y$fpc), weights = form(y$weights), data = x)
  if (!is.null(y$rake)) d <- rake(d, lapply(names(y$rake), form), lapply(names(y$rake), function(v) freq(v, y$rake[[v]])), control = list(maxit = 2000, epsilon = 1e-12))
  if (!is.null(y$post_strata)) { v <- names(y$post_strata); d <- postStratify(d, form(v), freq(v, y$post_strata[[v]])) }
  d
}
for (k in names(D)) {
  y <- D[[k]]; x <- S[S$survey == k, ]
  options(survey.lonely.psu = if (is.null(y$lonely_stratum)) "fail" else y$lonely_stratum)
  d <- drawn(y, x); dg <- degf(d)
  rows <- function(st, v, b) { ci <- confint(b, df = dg); for (i in seq_len(nrow(b))) add(k, st, v, "", paste0("dom=", b[i, 1]), coef(b)[i], SE(b)[i], ci[i, 1], ci[i, 2]) }
  one <- function(st, v, m) { ci <- confint(m, df = dg); add(k, st, v, "", "", coef(m), SE(m), ci[1], ci[2]) }
  for (v in c("x", "y")) {
    for (s in c("mean", "total")) { f <- get(paste0("svy", s)); one(s, v, f(form(v), d, na.rm = TRUE)); rows(s, v, svyby(form(v), ~dom, d, f, na.rm = TRUE)) }
    median <- function(part, domain) { q <- try(svyquantile(form(v), part, .5, na.rm = TRUE)[[1]], silent = TRUE); if (!inherits(q, "try-error")) add(k, "median", v, "", domain, q[1, 1], q[1, 4], q[1, 2], q[1, 3]) }
    median(d, ""); for (g in sort(unique(x$dom))) median(subset(d, dom == g), paste0("dom=", g))
  }
  one("ratio", "x/z", svyratio(~x, ~z, d, na.rm = TRUE))
  rows("ratio", "x/z", svyby(~x, denominator = ~z, by = ~dom, d, svyratio, na.rm = TRUE))
  for (v in c("bin", "cat")) for (level in sort(unique(x[[v]]))) for (m in c(beta = "beta", wald = "mean")) {
    f <- as.formula(sprintf('~I(%s == "%s")', v, level)); st <- c(beta = "share_beta", mean = "share_wald")[[m]]
    p <- svyciprop(f, d, method = m, na.rm = TRUE); ci <- attr(p, "ci"); add(k, st, v, level, "", coef(p), SE(p), ci[1], ci[2])
    b <- try(svyby(f, ~dom, d, svyciprop, vartype = "ci", method = m, na.rm = TRUE, df = dg), silent = TRUE)
    if (!inherits(b, "try-error")) for (i in seq_len(nrow(b))) add(k, st, v, level, paste0("dom=", b[i, 1]), b[i, 2], NA, b[i, 3], b[i, 4])
  }
}
write.csv(do.call(rbind, R), row.names = FALSE, quote = TRUE)
