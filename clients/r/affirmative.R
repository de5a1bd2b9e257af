# Says that something happened: the R client of affirmative. Base R only; copy this file and source() it.
#
#   client <- affirmative("https://affirmative.example.org", "prod")
#   affirm(client, "model_trained", list(rows = 812))
#
# Nothing here raises, prints to stdout, or touches the state of R's random numbers.

AFFIRM_LARGEST <- 64 * 1024
AFFIRM_CUT_TO <- 60000
AFFIRM_MOST_WAITING <- 10000
AFFIRM_STALE <- 60
AFFIRM_OUTPUT <- 10000

# ---- What people call

#' A client for one server. What is not given is read from AFFIRMATIVE_URL, _ENV, _API_KEY, _SOURCE, _SPOOL (a folder, or "off") and _TIMEOUT (seconds).
affirmative <- function(url = NULL, env = NULL, api_key = NULL, source = NULL, spool = NULL, timeout = NULL) {
  told <- function(given, name) {
    text <- if (is.null(given)) Sys.getenv(paste0("AFFIRMATIVE_", name)) else as.character(given)[1]
    if (is.na(text) || text == "") NULL else text
  }
  url <- told(url, "URL")
  if (!is.null(url) && !grepl("://", url, fixed = TRUE)) url <- paste0("http://", url)
  key <- told(api_key, "API_KEY")
  source <- told(source, "SOURCE")
  structure(list(
    address = if (!is.null(url)) paste0(sub("/+$", "", sub("[?#].*$", "", url)), "/api/v1/affirmations"),
    problem = .affirm_problem(url, key),
    env = told(env, "ENV"),
    key = key,
    source = substr(if (is.null(source)) Sys.info()[["nodename"]] else source, 1, 200),
    spool = .affirm_folder(told(spool, "SPOOL")),
    timeout = .affirm_seconds(told(timeout, "TIMEOUT"))
  ), class = "affirmative")
}

#' It happened. Returns, invisibly, whether the server has accepted it; if not, it waits in the spool. Takes as long as the time limit at most.
#' `at` is a date-time, or epoch seconds or milliseconds; the same `id` counts once.
affirm <- function(client, event, value = NULL, status = "ok", at = NULL, id = NULL) {
  deadline <- .affirm_now() + client$timeout
  invisible(.affirm_safely(event, {
    own <- .affirm_keep(client, event, value, status, at, id)
    .affirm_deliver(client, own, deadline)
  }))
}

#' It failed.
affirm_fail <- function(client, event, value = NULL, at = NULL, id = NULL) affirm(client, event, value, "fail", at, id)

#' It begins. Sent beside us by the program curl, and not waited for; without curl it waits in the spool for the next call.
affirm_start <- function(client, event, value = NULL, at = NULL, id = NULL) {
  invisible(.affirm_safely(event, {
    own <- .affirm_keep(client, event, value, "start", at, id)
    if (.affirm_has_curl()) .affirm_curl(client, own$file, client$timeout, wait = FALSE)
    TRUE
  }))
}

#' Says start, evaluates the expression, and says ok, or fail where an error leaves it. Its value, its visibility and its errors are as without us.
with_affirm <- function(client, event, expr) {
  affirm_start(client, event)
  began <- .affirm_now()
  failed <- NULL
  note <- function(condition) failed <<- condition
  on.exit({
    value <- list(seconds = round(.affirm_now() - began, 3))
    if (is.null(failed)) affirm(client, event, value) else affirm_fail(client, event, c(value, error = .affirm_words(failed)))
  })
  result <- withCallingHandlers(withVisible(expr), error = note, interrupt = note)
  if (result$visible) result$value else invisible(result$value)
}

#' Runs a program with these arguments, says start, then ok or fail, and returns its exit status (128 + n where signal n killed it).
#' What it prints goes where it would have gone; its last 10 kB are told.
affirm_run <- function(client, event, command, args = character()) {
  affirm_start(client, event)
  folder <- tempfile("affirm-")
  dir.create(folder, mode = "0700")
  on.exit(unlink(folder, recursive = TRUE))
  began <- .affirm_now()
  flush(stdout())
  status <- suppressWarnings(system2("sh", shQuote(c("-c", .affirm_script, "sh", folder, command, args))))
  value <- list(exit = status, signal = .affirm_signal(status), seconds = round(.affirm_now() - began, 3), output = .affirm_output(folder))
  affirm(client, event, value[!vapply(value, is.null, NA)], if (status == 0) "ok" else "fail")
  status
}

# ---- Settings

.affirm_problem <- function(url, key) {
  if (is.null(url)) return("no server is known: give a URL or set AFFIRMATIVE_URL")
  if (!grepl("^https?://[^/[:space:]]+[^[:space:]]*$", url)) {
    return("the URL of the server is not understood; write it like https://affirmative.example.org")
  }
  if (!is.null(key) && grepl("[^!-~]", key)) return("the API key holds characters that cannot be sent")
  NULL
}

.affirm_folder <- function(told) {
  if (identical(told, "off")) return(NULL)
  if (!is.null(told)) return(path.expand(told))
  state <- Sys.getenv("XDG_STATE_HOME")
  file.path(if (state == "") file.path(path.expand("~"), ".local", "state") else state, "affirmative", "spool")
}

.affirm_seconds <- function(told) {
  seconds <- if (is.null(told)) 10 else suppressWarnings(as.numeric(told))
  if (!is.na(seconds) && seconds > 0 && seconds <= 86400) return(seconds)
  .affirm_say("the time limit ", substr(told, 1, 40), " is no number of seconds; 10 s hold")
  10
}

# ---- What is said of trouble

.affirm_now <- function() proc.time()[["elapsed"]]

.affirm_say <- function(...) {
  line <- gsub("[[:cntrl:]]", " ", substr(paste0("affirmative: ", ...), 1, 600))
  tryCatch(cat(line, "\n", sep = "", file = stderr()), error = function(e) NULL)
}

# Whatever goes wrong is told and ends here: the caller's work goes on.
.affirm_safely <- function(event, work) {
  tryCatch(suppressWarnings(work), error = function(e) {
    .affirm_say(paste(as.character(event), collapse = " "), " was not sent: ", conditionMessage(e))
    FALSE
  })
}

.affirm_words <- function(condition) {
  words <- tryCatch(conditionMessage(condition), error = function(e) "")
  if (length(words) == 1 && nzchar(words)) substr(words, 1, 10000) else class(condition)[1]
}

# ---- What is sent

.affirm_line <- function(client, event, value, status, at, id) {
  fields <- list(event = as.character(event)[1], env = client$env, status = status, at = at, source = client$source, id = id)
  fields <- fields[!vapply(fields, is.null, NA)]
  json <- vapply(fields, .affirm_json, "")
  if (!is.null(value)) json <- c(json, value = .affirm_value(value))
  paste0("{", paste0("\"", names(json), "\":", json, collapse = ","), "}")
}

.affirm_value <- function(value) {
  if (is.raw(value)) return(.affirm_bytes(value))
  is_text <- is.character(value) && length(value) == 1 && !is.na(value) && is.null(names(value))
  if (is_text && is.na(.affirm_utf8(value))) return(.affirm_bytes(charToRaw(value)))
  json <- .affirm_json(value)
  if (nchar(json, "bytes") > AFFIRM_LARGEST) .affirm_cut(if (is_text) .affirm_utf8(value) else json) else json
}

# Bytes as text where they are UTF-8 without NUL, else as {"base64": …}.
.affirm_bytes <- function(bytes) {
  text <- if (any(bytes == 0)) NA else .affirm_utf8(rawToChar(bytes))
  if (!is.na(text) && validUTF8(rawToChar(bytes))) return(.affirm_value(text))
  most <- AFFIRM_CUT_TO / 4 * 3
  note <- if (length(bytes) > most) "\"cut\":true," else ""
  paste0("{", note, "\"base64\":\"", .affirm_base64(bytes[seq_len(min(length(bytes), most))]), "\"}")
}

.affirm_base64 <- function(bytes) {
  padding <- -length(bytes) %% 3
  triples <- matrix(as.integer(c(bytes, raw(padding))), 3)
  number <- triples[1, ] * 65536 + triples[2, ] * 256 + triples[3, ]
  places <- rbind(number %/% 262144, number %/% 4096 %% 64, number %/% 64 %% 64, number %% 64)
  letters64 <- c(LETTERS, letters, 0:9, "+", "/")[places + 1]
  if (padding > 0) letters64[length(letters64) - seq_len(padding) + 1] <- "="
  paste(letters64, collapse = "")
}

# Escapes may make six characters of one, so what fits is found by trying.
.affirm_cut <- function(text) {
  text <- substr(text, 1, AFFIRM_CUT_TO)
  low <- 0
  high <- nchar(text)
  while (low < high) {
    middle <- (low + high + 1) %/% 2
    if (nchar(.affirm_json(substr(text, 1, middle)), "bytes") <= AFFIRM_CUT_TO) low <- middle else high <- middle - 1
  }
  paste0("{\"cut\":true,\"text\":", .affirm_json(substr(text, 1, low)), "}")
}

# Text as UTF-8; NA where it is none. In the C locale texts are bytes that nobody has marked.
.affirm_utf8 <- function(text) {
  unmarked <- Encoding(text) == "unknown" & validUTF8(text)
  Encoding(text[unmarked]) <- "UTF-8"
  other <- !is.na(text) & Encoding(text) != "UTF-8" & !unmarked
  text[other] <- iconv(text[other], if (any(Encoding(text[other]) == "latin1")) "latin1" else "", "UTF-8")
  text[!is.na(text) & !validUTF8(text)] <- NA
  text
}

.affirm_quoted <- function(text) {
  text <- gsub("\"", "\\\"", gsub("\\", "\\\\", .affirm_utf8(text), fixed = TRUE), fixed = TRUE)
  if (any(grepl("[\001-\037]", text))) {
    for (code in 1:31) text <- gsub(intToUtf8(code), sprintf("\\u%04x", code), text, fixed = TRUE)
  }
  ifelse(is.na(text), "null", paste0("\"", text, "\""))
}

.affirm_numbers <- function(numbers) {
  text <- formatC(numbers, digits = 15, width = 1, format = "g", decimal.mark = ".")
  inexact <- is.finite(numbers) & as.numeric(text) != numbers
  text[inexact] <- formatC(numbers[inexact], digits = 17, width = 1, format = "g", decimal.mark = ".")
  text[!is.finite(numbers)] <- paste0("\"", numbers[!is.finite(numbers)], "\"")
  text[is.na(numbers) & !is.nan(numbers)] <- "null"
  text
}

# A value of R as JSON: one element as itself, more as a list, with names as an object. Of what is too long only so much as is kept is looked at.
.affirm_json <- function(value, level = 0) {
  if (is.null(value)) return("null")
  if (level > 50) return("\"…\"")
  if (inherits(value, c("Date", "POSIXt"))) value <- format(as.POSIXct(value), "%Y-%m-%dT%H:%M:%SZ", tz = "UTC")
  if (is.factor(value)) value <- as.character(value)
  if (!is.list(value) && !is.atomic(value)) return(.affirm_quoted(paste(deparse(value, nlines = 100), collapse = "\n")))
  labels <- names(value)
  if (length(value) > AFFIRM_LARGEST) value <- value[seq_len(AFFIRM_LARGEST)]
  json <- .affirm_elements(value, level)
  if (!is.null(labels)) return(paste0("{", paste0(.affirm_quoted(labels[seq_along(json)]), ":", json, collapse = ","), "}"))
  if (length(json) == 1 && !is.list(value)) json else paste0("[", paste(json, collapse = ","), "]")
}

.affirm_elements <- function(value, level) {
  if (length(value) == 0) return(character())
  if (is.list(value)) return(vapply(unclass(value), .affirm_json, "", level = level + 1, USE.NAMES = FALSE))
  if (is.logical(value)) return(ifelse(is.na(value), "null", ifelse(value, "true", "false")))
  if (is.numeric(value)) return(.affirm_numbers(as.numeric(value)))
  .affirm_quoted(as.character(value))
}

.affirm_random <- function(count = 16) {
  bytes <- tryCatch(suppressWarnings({
    source <- file("/dev/urandom", "rb", raw = TRUE)
    on.exit(close(source))
    paste(readBin(source, "raw", count), collapse = "")
  }), error = function(e) NULL)
  # Elsewhere names of temporary files serve: they differ, and R's own random numbers stay as they are.
  if (is.null(bytes)) paste0(gsub("[^0-9a-f]", "", c(basename(tempfile("")), basename(tempfile("")))), collapse = "") else bytes
}

.affirm_millis <- function(at) {
  if (is.null(at)) at <- Sys.time()
  number <- as.numeric(if (inherits(at, c("Date", "POSIXt"))) as.POSIXct(at) else at)
  if (length(number) != 1 || !is.finite(number)) stop("`at` is no instant")
  if (number < 1e11) floor(number * 1000) else floor(number)
}
