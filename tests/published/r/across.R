# Eight symbols, each on a session of its own: t.test(), wilcox.test(), binom.test(),
# var.test() on abnormal returns of lm(). Run in this folder: Rscript across.R
source("panel.R")
found <- lapply(1:K, function(k) {
  rows <- estimation(own[k])
  data <- data.frame(y = R[, k], x = factors$mkt)
  fit <- lm(y ~ x, data = data[rows, ])
  p <- predict(fit, data[own[k] + 1, ], se.fit = TRUE)
  ar <- data$y[own[k] + 1] - unname(p$fit)
  list(ar = ar, sar = ar / unname(sqrt(p$se.fit^2 + p$residual.scale^2)),
       positive = mean(residuals(fit) > 0), df = p$df)
})
ar <- sapply(found, `[[`, "ar")
sar <- sapply(found, `[[`, "sar")
shown <- function(h) list(statistic = unname(h$statistic), p = h$p.value)
plain <- t.test(ar)
standard <- t.test(sar)
rank <- wilcox.test(ar, exact = FALSE, correct = FALSE)
w <- sum(ar > 0)
p0 <- mean(sapply(found, `[[`, "positive"))
score <- prop.test(w, K, p = p0, correct = FALSE) # its chi-squared is Cowan's z squared
store(list(
  ar = ar, sar = sar,
  cross_sectional = c(shown(plain), list(estimate = unname(plain$estimate),
    low = plain$conf.int[1], high = plain$conf.int[2], df = unname(plain$parameter))),
  bmp = c(shown(standard), list(df = unname(standard$parameter))),
  wilcoxon = list(W = unname(rank$statistic), p = rank$p.value),
  sign = list(p = binom.test(w, K)$p.value, w = w),
  generalized_sign = list(z = sign(w / K - p0) * sqrt(unname(score$statistic)), p = score$p.value),
  df = sapply(found, `[[`, "df")
), "across.json")
