# The one-session family: multivariate lm(), anova() and rstudent().
# Run in this folder: Rscript session.R
source("panel.R")
x <- factors$mkt
hotelling <- function(use, at) {
  # F of the dummy of one session in all equations at once, and its Hotelling trace
  d <- (use == at) * 1
  full <- lm(R[use, ] ~ x[use] + d)
  null <- lm(R[use, ] ~ x[use])
  a <- anova(full, null, test = "Hotelling-Lawley")
  list(F = a[2, "approx F"], den = a[2, "den Df"], p = a[2, "Pr(>F)"],
       # W is the trace times the residual degrees of freedom
       W = a[2, "Hotelling-Lawley"] * full$df.residual)
}
one_session <- function(position) {
  rows <- estimation(position)
  event <- position + 1
  joint <- hotelling(c(rows, event), event)
  reference <- sapply(rows, function(s) hotelling(rows, s)$W)
  student <- sapply(1:K, function(k) rstudent(lm(R[rows, k] ~ x[rows])))
  sar <- sapply(1:K, function(k) {
    fit <- lm(y ~ x, data = data.frame(y = R[rows, k], x = x[rows]))
    p <- predict(fit, data.frame(x = x[event]), se.fit = TRUE)
    unname((R[event, k] - p$fit) / sqrt(p$se.fit^2 + p$residual.scale^2))
  })
  most <- apply(abs(student), 1, max)
  rank <- function(s, among) (1 + sum(among >= s)) / (length(among) + 1)
  weights <- c(1, rep(-1 / 7, 7))
  use <- c(rows, event)
  d <- (use == event) * 1
  line <- coef(summary(lm(as.vector(R %*% weights)[use] ~ x[use] + d)))["d", ]
  list(
    joint = list(statistic = joint$F, df = joint$den, pvalue = joint$p),
    joint_ranked = list(statistic = joint$W, pvalue = rank(joint$W, reference)),
    max_sar = list(statistic = max(abs(sar)), pvalue = rank(max(abs(sar)), most)),
    contrast = list(estimate = line[[1]], statistic = line[[3]], pvalue = line[[4]]),
    family = sapply(abs(sar), rank, among = most)
  )
}
store(list(loud = one_session(shared), quiet = one_session(140)), "session.json")
