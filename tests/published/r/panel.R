# The made-up panel. Integer arithmetic modulo primes: every language gets the same
# doubles, and no random number has to agree. tests/published/panel.py is its twin.
T <- 160
t <- 0:(T - 1)
wave <- function(a, b, p) ((a * t * t + b * t) %% p) / p - 0.5
factors <- data.frame(
  mkt = 0.020 * wave(7, 13, 97),
  smb = 0.010 * wave(11, 5, 89),
  hml = 0.008 * wave(3, 17, 83),
  rmw = 0.007 * wave(5, 29, 79),
  cma = 0.006 * wave(13, 2, 73),
  mom = 0.009 * wave(17, 19, 71),
  rf = 0.0001 * (1 + (t %% 5))
)
common <- 0.010 * wave(5, 3, 101)
K <- 8
R <- sapply(0:(K - 1), function(k) {
  0.0003 * (k + 1) + (0.6 + 0.1 * k) * factors$mkt + 0.3 * factors$smb + common +
    0.01 * (1 + 0.2 * k) * wave(k + 2, 3 * k + 1, 103)
})
# news: one session for all symbols, and one session for each symbol
shared <- 150
own <- 112 + 5 * (0:(K - 1))
for (k in 1:K) {
  R[shared + 1, k] <- R[shared + 1, k] + 0.006 * k * (-1)^k
  R[own[k] + 1, k] <- R[own[k] + 1, k] + 0.004 * k - 0.006
}
estimation <- function(event) (event - 100):(event - 11) + 1 # rows counted from 1
number <- function(x) ifelse(is.na(x), "null", sprintf("%.17g", x))
json <- function(x) {
  if (is.list(x)) {
    body <- if (is.null(names(x))) sapply(x, json)
      else paste0('"', names(x), '": ', sapply(x, json))
    ends <- if (is.null(names(x))) c("[", "]") else c("{", "}")
    return(paste0(ends[1], paste(body, collapse = ",\n"), ends[2]))
  }
  if (is.character(x)) return(paste0('"', x, '"'))
  if (length(x) == 1) return(number(x))
  paste0("[", paste(number(x), collapse = ", "), "]")
}
store <- function(found, file) {
  found$made_by <- paste("Rscript", sub("json$", "R", file))
  found$version <- R.version.string
  writeLines(json(found), file)
}
