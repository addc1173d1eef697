# One session, eight symbols: lm() and predict() of every linear model, and the
# event-window dummies of the market model. Run in this folder: Rscript models.R
source("panel.R")
rows <- estimation(shared)
event <- shared + 1
forecast <- function(y, X) {
  data <- data.frame(y = y, X)
  fit <- lm(y ~ ., data = data[rows, ])
  p <- predict(fit, data[event, ], se.fit = TRUE, interval = "prediction")
  ar <- data$y[event] - p$fit[1, "fit"]
  se <- sqrt(p$se.fit^2 + p$residual.scale^2)
  list(
    ar = unname(ar), se = unname(se), df = p$df, sigma = p$residual.scale,
    r2 = summary(fit)$r.squared, alpha = unname(coef(fit)[1]),
    beta = unname(coef(fit)[2]),
    half_interval = unname(p$fit[1, "upr"] - p$fit[1, "fit"])
  )
}
lag1 <- c(NA, head(factors$mkt, -1))
lead1 <- c(tail(factors$mkt, -1), NA)
excess <- data.frame(mkt = factors$mkt - factors$rf, factors[c("smb", "hml", "rmw", "cma", "mom")])
each <- function(f) {
  found <- lapply(1:K, f)
  sapply(names(found[[1]]), function(n) sapply(found, `[[`, n), simplify = FALSE)
}
market <- each(function(k) forecast(R[, k], factors["mkt"]))
meanmodel <- each(function(k) {
  fit <- lm(y ~ 1, data = data.frame(y = R[rows, k]))
  p <- predict(fit, data.frame(one = 1), se.fit = TRUE)
  list(ar = R[event, k] - unname(p$fit), se = unname(sqrt(p$se.fit^2 + p$residual.scale^2)),
       df = p$df, sigma = p$residual.scale)
})
three <- c("mkt", "smb", "hml")
multi <- function(columns) each(function(k) forecast(R[, k] - factors$rf, excess[columns]))
# Dimson: the slope is the sum of three of one regression
dimson <- each(function(k) {
  fit <- lm(R[rows, k] ~ lag1[rows] + factors$mkt[rows] + lead1[rows])
  b <- sum(coef(fit)[2:4])
  a <- mean(R[rows, k]) - b * mean(factors$mkt[rows])
  list(ar = R[event, k] - a - b * factors$mkt[event], beta = b, alpha = a)
})
scholes <- each(function(k) {
  slope <- function(x) unname(coef(lm(R[rows, k] ~ x[rows]))[2])
  rho <- cor(factors$mkt[rows], lag1[rows])
  b <- (slope(lag1) + slope(factors$mkt) + slope(lead1)) / (1 + 2 * rho)
  a <- mean(R[rows, k]) - b * mean(factors$mkt[rows])
  list(ar = R[event, k] - a - b * factors$mkt[event], beta = b, alpha = a)
})
# window [0, 4]: five dummies; their sum is the CAR, its standard error from vcov()
window <- event + 0:4
dummies <- each(function(k) {
  use <- c(rows, window)
  D <- outer(use, window, "==") * 1
  fit <- lm(R[use, k] ~ factors$mkt[use] + D)
  at <- 3:7
  list(car = sum(coef(fit)[at]), se = sqrt(sum(vcov(fit)[at, at])), df = fit$df.residual,
       t0 = coef(summary(fit))[3, 3], p0 = coef(summary(fit))[3, 4])
})
store(list(market = market, mean = meanmodel, ff3 = multi(three),
           carhart = multi(c(three, "mom")), ff5 = multi(c(three, "rmw", "cma")),
           dimson = dimson, scholes_williams = scholes, dummies = dummies), "models.json")
