# Numbers beyond ../shared/reference, made with R 4.2.2 and survey 4.1-1 (Debian: r-cran-survey):
# other variables, missing answers, domains of two columns, other levels, clusters in strata, lonely
# strata in domains. Run: Rscript further.R > further.csv
suppressPackageStartupMessages(library(survey))
options(digits = 17, survey.lonely.psu = "adjust")
data(api)
R <- list()
add <- function(design, statistic, variable, category, domain, estimate, se, low, high, level = .95)
  R[[length(R) + 1]] <<- data.frame(design, statistic, variable, category, domain, level,
    estimate = formatC(as.numeric(estimate), digits = 17, format = "g", width = 1),
    se = formatC(as.numeric(se), digits = 17, format = "g", width = 1),
    low = formatC(as.numeric(low), digits = 17, format = "g", width = 1),
    high = formatC(as.numeric(high), digits = 17, format = "g", width = 1))

as1 <- apistrat[!(apistrat$stype == "H") | seq_len(nrow(apistrat)) == which(apistrat$stype == "H")[1], ]
nested <- apiclus1
nested$half <- ifelse(nested$dnum %% 2 == 0, "even", "odd")
nested$fpch <- ifelse(nested$half == "even", 400, 357)
two <- apiclus2
two$half <- ifelse(two$dnum %% 2 == 0, "even", "odd")
two$fpch <- ifelse(two$half == "even", 400, 357)
pst <- as.data.frame(table(stype = apipop$stype))
psw <- as.data.frame(table(sch.wide = apipop$sch.wide))
D <- list(
  srs = svydesign(id = ~1, fpc = ~fpc, data = apisrs),
  unweighted = svydesign(id = ~1, weights = ~I(0 * pw + 1), data = apisrs),
  strat = svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = apistrat),
  clus1 = svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = apiclus1),
  clus2 = svydesign(id = ~dnum + snum, fpc = ~fpc1 + fpc2, data = apiclus2),
  nested = svydesign(id = ~dnum, strata = ~half, weights = ~pw, fpc = ~fpch, data = nested),
  nested2 = svydesign(id = ~dnum + snum, strata = ~half, weights = ~pw, fpc = ~fpch + fpc2, data = two),
  raked = rake(svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = apiclus1),
    list(~stype, ~sch.wide), list(pst, psw), control = list(maxit = 400, epsilon = 1e-13)),
  post = postStratify(svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = apistrat), ~sch.wide, psw))
lonely <- svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = as1)

row1 <- function(n, d, level = .95) {
  dg <- degf(d)
  for (v in c("enroll", "avg.ed", "mobility", "target", "full")) {
    if (v == "avg.ed" && n == "clus2") next
    m <- svymean(as.formula(paste0("~", v)), d, na.rm = TRUE); ci <- confint(m, df = dg, level = level)
    add(n, "mean", v, "", "", coef(m), SE(m), ci[1], ci[2], level)
    m <- svytotal(as.formula(paste0("~", v)), d, na.rm = TRUE); ci <- confint(m, df = dg, level = level)
    add(n, "total", v, "", "", coef(m), SE(m), ci[1], ci[2], level)
    b <- svyby(as.formula(paste0("~", v)), ~awards, d, svymean, na.rm = TRUE); ci <- confint(b, df = dg, level = level)
    for (i in seq_len(nrow(b))) add(n, "mean", v, "", paste0("awards=", b[i, 1]), coef(b)[i], SE(b)[i], ci[i, 1], ci[i, 2], level)
    b <- svyby(as.formula(paste0("~", v)), ~stype + awards, d, svytotal, na.rm = TRUE); ci <- confint(b, df = dg, level = level)
    for (i in seq_len(nrow(b))) add(n, "total", v, "", paste0("stype=", b[i, 1], ", awards=", b[i, 2]), coef(b)[i], SE(b)[i], ci[i, 1], ci[i, 2], level)
  }
  f <- ~I(awards == "Yes")
  for (m in c("beta", "xlogit", "mean")) {
    p <- svyciprop(f, d, method = m, level = level); ci <- attr(p, "ci")
    add(n, c(beta = "share_beta", xlogit = "share_xlogit", mean = "share_wald")[[m]], "awards", "Yes", "", coef(p), SE(p), ci[1], ci[2], level)
  }
  b <- svyby(f, ~stype, d, svyciprop, vartype = "ci", method = "beta", level = level)
  for (i in seq_len(nrow(b))) add(n, "share_beta", "awards", "Yes", paste0("stype=", b[i, 1]), b[i, 2], NA, b[i, 3], b[i, 4], level)
  r <- svyratio(~full, ~meals, d, na.rm = TRUE); ci <- confint(r, df = dg, level = level)
  add(n, "ratio", "full/meals", "", "", coef(r), SE(r), ci[1], ci[2], level)
  b <- svyby(~api.stu, denominator = ~enroll, by = ~stype, d, svyratio, na.rm = TRUE); ci <- confint(b, df = dg, level = level)
  for (i in seq_len(nrow(b))) add(n, "ratio", "api.stu/enroll", "", paste0("stype=", b[i, 1]), coef(b)[i], SE(b)[i], ci[i, 1], ci[i, 2], level)
  for (v in c("enroll", "ell")) {
    q <- svyquantile(as.formula(paste0("~", v)), d, .5, na.rm = TRUE, alpha = 1 - level)[[1]]
    add(n, "median", v, "", "", q[1, 1], q[1, 4], q[1, 2], q[1, 3], level)
    for (s in c("E", "H", "M")) {
      q <- svyquantile(as.formula(paste0("~", v)), subset(d, stype == s), .5, na.rm = TRUE, alpha = 1 - level)[[1]]
      add(n, "median", v, "", paste0("stype=", s), q[1, 1], q[1, 4], q[1, 2], q[1, 3], level)
    }
  }
  for (st in c("F", "adjWald")) for (f in list(~awards + stype, ~comp.imp + awards)) {
    h <- svychisq(f, d, statistic = st)
    add(n, paste0("test_", st), paste(all.vars(f), collapse = ":"), "", "", h$statistic, h$p.value, h$parameter[1], h$parameter[2], .95)
  }
}
for (n in names(D)) row1(n, D[[n]], if (n %in% c("strat", "nested")) .9 else .95)
for (o in c("remove", "adjust", "average", "certainty")) {
  options(survey.lonely.psu = o)
  n <- paste0("lonely_", o)
  dg <- degf(lonely)
  for (v in c("enroll", "target")) for (s in c("svymean", "svytotal")) {
    m <- do.call(s, list(as.formula(paste0("~", v)), lonely, na.rm = TRUE)); ci <- confint(m, df = dg)
    add(n, c(svymean = "mean", svytotal = "total")[[s]], v, "", "", coef(m), SE(m), ci[1], ci[2])
    b <- svyby(as.formula(paste0("~", v)), ~awards, lonely, get(s), na.rm = TRUE); ci <- confint(b, df = dg)
    for (i in seq_len(nrow(b))) add(n, c(svymean = "mean", svytotal = "total")[[s]], v, "", paste0("awards=", b[i, 1]), coef(b)[i], SE(b)[i], ci[i, 1], ci[i, 2])
  }
}
write.csv(do.call(rbind, R), row.names = FALSE, na = "", quote = TRUE)
