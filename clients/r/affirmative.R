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
# A server that hangs must not hold up every job: what it has not answered by then is in the spool.
AFFIRM_LONGEST_KEPT <- 2

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
  .affirm_tell(client, event, value, status, at, id)
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

#' Says start, evaluates the expression, and says ok, or fail where it does not reach its end (by an error, or by return()). Its value, its visibility and its errors are as without us.
with_affirm <- function(client, event, expr) {
  affirm_start(client, event)
  began <- .affirm_now()
  # Until its end is reached it has failed: a stack that overflows is told to nobody.
  failed <- simpleCondition("left before its end")
  note <- function(condition) failed <<- condition
  on.exit({
    value <- list(seconds = round(.affirm_now() - began, 3))
    if (is.null(failed)) affirm(client, event, value) else affirm_fail(client, event, c(value, error = .affirm_words(failed)))
  })
  result <- withCallingHandlers(withVisible(expr), error = note, interrupt = note)
  failed <- NULL
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
  value <- value[!vapply(value, is.null, NA)]
  .affirm_tell(client, event, value, if (status == 0) "ok" else "fail", longest_kept = AFFIRM_LONGEST_KEPT)
  status
}

# Says it within the time limit; within `longest_kept` seconds, where the spool has it.
.affirm_tell <- function(client, event, value, status, at = NULL, id = NULL, longest_kept = Inf) {
  began <- .affirm_now()
  invisible(.affirm_safely(event, {
    own <- .affirm_keep(client, event, value, status, at, id)
    .affirm_deliver(client, own, began + if (own$kept) min(client$timeout, longest_kept) else client$timeout)
  }))
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
  home <- if (.Platform$OS.type == "windows") path.expand("~") else Sys.getenv("HOME")
  if (state == "" && home == "") {
    .affirm_say("neither HOME nor XDG_STATE_HOME is set, so there is no spool: what is said is sent, but not kept")
    return(NULL)
  }
  file.path(if (state == "") file.path(home, ".local", "state") else state, "affirmative", "spool")
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
  fields <- list(event = as.character(event)[1], env = client$env, status = status, source = client$source, id = id)
  json <- c(vapply(fields[!vapply(fields, is.null, NA)], .affirm_quoted, ""), at = at)
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

# Bytes as text where they are UTF-8 without NUL, else as {"base64": ...}.
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
  if (level > 50) return("\"...\"")
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
  sprintf("%.0f", floor(if (number < 1e11) number * 1000 else number))
}

# ---- The spool: one file an affirmation, in a folder that all clients share

# Writes one down and answers with its file and what is in it. Where it cannot be kept, the file is a temporary one.
.affirm_keep <- function(client, event, value, status, at, id) {
  if (!is.null(client$problem)) stop(client$problem)
  at <- .affirm_millis(at)
  random <- .affirm_random()
  id <- if (is.null(id)) random else as.character(id)[1]
  line <- .affirm_line(client, event, value, status, at, id)
  own <- list(event = as.character(event)[1], kept = !is.null(client$spool))
  why <- ""
  if (own$kept) {
    own$file <- file.path(client$spool, .affirm_file(client$spool, at, id, random))
    why <- .affirm_write_down(client$spool, own$file, line)
    if (is.null(why)) return(own)
  }
  if (nzchar(why)) .affirm_say(own$event, " is sent, but not kept: ", why)
  own$kept <- FALSE
  own$file <- tempfile("affirm-")
  .affirm_write(own$file, line)
  own
}

# The id of a caller may hold anything, and may be that of another event in the same millisecond.
.affirm_file <- function(spool, at, id, random) {
  name <- paste0(at, "-", id, ".json")
  if (grepl("^[A-Za-z0-9_-]{1,64}$", id) && !file.exists(file.path(spool, name))) name else paste0(at, "-x-", random, ".json")
}

# NULL when it is there, else why not.
.affirm_write_down <- function(spool, file, line) {
  dir.create(spool, showWarnings = FALSE, recursive = TRUE, mode = "0700")
  if (dir.exists(spool) && !.affirm_is_ours(spool)) return(paste0("the spool ", spool, " belongs to another user"))
  if (length(list.files(spool)) >= AFFIRM_MOST_WAITING) return("10,000 affirmations wait already")
  unfinished <- file.path(spool, paste0(".", .affirm_random(8), ".tmp"))
  written <- tryCatch({
    .affirm_write(unfinished, line)
    file.rename(unfinished, file)
  }, error = function(e) FALSE)
  if (isTRUE(written)) return(NULL)
  unlink(unfinished)
  paste0("the spool ", spool, " cannot be written")
}

.affirm_write <- function(file, line) {
  umask <- Sys.umask("077")
  on.exit(Sys.umask(umask))
  bytes <- charToRaw(paste0(line, "\n"))
  out <- file(file, "wb")
  tryCatch(writeBin(bytes, out), finally = close(out))
  # R does not say that a disk is full.
  if (!identical(as.numeric(file.size(file)), as.numeric(length(bytes)))) stop("it cannot be written to the disk whole")
}

# Who owns the folder reads and removes what is in it. The session's own folder says who we are.
.affirm_is_ours <- function(spool) identical(file.info(spool)$uid, file.info(tempdir())$uid)

# What becomes of the file. One that cannot be moved stays where it is.
.affirm_settle <- function(spool, file, answer) {
  if (answer$kind == "accepted" && unlink(file) != 0) return("cannot be removed")
  if (answer$kind != "refused") return("waits in the spool")
  refused <- file.path(spool, "refused")
  dir.create(refused, showWarnings = FALSE, mode = "0700")
  moved <- tryCatch({
    .affirm_write(file.path(refused, sub("json$", "why", basename(file))), answer$said)
    file.rename(file, file.path(refused, basename(file)))
  }, error = function(e) FALSE)
  if (isTRUE(moved)) "was put into refused/ of the spool" else "cannot be moved to refused/ of the spool, and waits"
}

# Whether it is a file that can be read. R opens a pipe and waits; as it asks nobody what a thing is, so does this where nothing is in it.
.affirm_is_plain <- function(file) {
  info <- file.info(file)
  if (is.na(info$size)) return(FALSE)
  if (info$isdir || nzchar(Sys.readlink(file)) || file.access(file, 4) != 0) return(FALSE)
  info$size > 0 || system2("test", c("-f", shQuote(file))) == 0
}

# What waits, oldest first.
.affirm_waiting <- function(spool) {
  names <- list.files(spool, "^[0-9]{1,15}-.*\\.json$")
  file.path(spool, names[order(as.numeric(sub("-.*", "", names)), names, method = "radix")])
}

# Whether we are the one who delivers what waits. The lock of one that was killed is broken after a minute.
.affirm_lock <- function(lock) {
  if (dir.create(lock, showWarnings = FALSE, mode = "0700")) return(TRUE)
  age <- as.numeric(Sys.time()) - as.numeric(file.info(lock)$mtime)
  # A clock that was set back leaves locks that are dated in the future.
  if (is.na(age) || abs(age) <= AFFIRM_STALE) return(FALSE)
  unlink(lock, recursive = TRUE)
  dir.create(lock, showWarnings = FALSE, mode = "0700")
}

# ---- The way of one affirmation: sent, then removed from the spool or kept there; then what waits

.affirm_deliver <- function(client, own, deadline) {
  answer <- .affirm_send(client, own$file, deadline)
  became <- if (own$kept) .affirm_settle(client$spool, own$file, answer) else "is not kept"
  if (!own$kept) unlink(own$file)
  if (answer$kind != "accepted") .affirm_say(own$event, " was not accepted: ", answer$said, "; it ", became)
  is_usable <- !is.null(client$spool) && dir.exists(client$spool) && .affirm_is_ours(client$spool)
  if (is_usable && .affirm_may_go_on(answer)) .affirm_deliver_waiting(client, deadline, except = own$file)
  answer$kind == "accepted"
}

# Not when the server is away, knows nobody with our key, or is another one.
.affirm_may_go_on <- function(answer) {
  answer$kind != "again" && answer$status != 401 && !(answer$kind == "stays" && answer$status < 300)
}

# What was tried in this call already is left alone for the rest of it.
.affirm_deliver_waiting <- function(client, deadline, except) {
  lock <- file.path(client$spool, "lock")
  if (length(.affirm_waiting(client$spool)) == 0 || !.affirm_lock(lock)) return(invisible())
  odd <- character()
  on.exit({
    unlink(lock, recursive = TRUE)
    .affirm_say_passed_over(odd)
  })
  for (file in setdiff(.affirm_waiting(client$spool), except)) {
    if (deadline <= .affirm_now()) break
    if (!.affirm_is_plain(file)) {
      # Another one may have delivered it just now.
      if (file.exists(file)) odd <- c(odd, basename(file))
    } else if (!.affirm_deliver_one(client, file, deadline)) {
      break
    }
    Sys.setFileTime(lock, Sys.time())
  }
}

.affirm_say_passed_over <- function(names) {
  if (length(names) == 0) return(invisible())
  others <- if (length(names) > 1) paste0("; ", length(names) - 1, " more are passed over, too") else ""
  .affirm_say(names[1], " of the spool is passed over: it cannot be read, or is no plain file", others)
}

# Whether the next one may be tried.
.affirm_deliver_one <- function(client, file, deadline) {
  answer <- .affirm_post(client, file, max(deadline - .affirm_now(), 0.05))
  became <- .affirm_settle(client$spool, file, answer)
  if (answer$kind %in% c("refused", "stays")) {
    .affirm_say(basename(file), " of the spool was not accepted: ", answer$said, "; it ", became)
  }
  .affirm_may_go_on(answer)
}

# Sends one until it is answered or its time is over.
.affirm_send <- function(client, file, deadline) {
  pause <- 0.2
  repeat {
    answer <- .affirm_post(client, file, max(deadline - .affirm_now(), 0.05))
    jitter <- 0.75 + strtoi(.affirm_random(2), 16) / 131072
    wait <- if (is.na(answer$after)) pause * jitter else max(answer$after, 0.2)
    if (answer$kind != "again" || .affirm_now() + wait >= deadline) return(answer)
    Sys.sleep(wait)
    pause <- if (pause == 0.2) 0.5 else min(pause * 2, 8)
  }
}

# ---- HTTP: by the program curl, which knows https, proxies and exact time limits; without it by a socket, for http alone

.affirm_has_curl <- function() {
  path <- Sys.which("curl")
  !is.na(path) && nzchar(path)
}

.affirm_post <- function(client, file, seconds) {
  got <- if (.affirm_has_curl()) .affirm_curl(client, file, seconds) else .affirm_socket(client, file, seconds)
  .affirm_answer(got$status, got$head, got$body, got$trouble)
}

.affirm_answer <- function(status, head, body, trouble) {
  answer <- function(kind, said = "") {
    list(kind = kind, said = said, status = status, after = .affirm_after(head))
  }
  if (status == 0) return(answer("again", trouble))
  said <- paste(status, .affirm_detail(body))
  if (status < 300) {
    # A page in between that asks somebody to sign in says 200, too: only who counts what was sent has it.
    tally <- .affirm_tally(body)
    if (!identical(sum(tally), 1)) return(answer("stays", paste0(status, ", but not from affirmative")))
    return(if (tally[["rejected"]] == 1) answer("refused", said) else answer("accepted"))
  }
  if (status %in% c(408, 425, 429) || status >= 500) return(answer("again", said))
  answer(if (status %in% c(400, 413, 415, 422)) "refused" else "stays", said)
}

# JSON as a pattern that knows itself, as base R has no parser: strings, and values of any kind.
.affirm_grammar <- paste0(
  "(?(DEFINE)(?<s>\"(?:[^\"\\\\]|\\\\.)*+\")",
  "(?<v>\\s*+(?:(?&s)|-?[0-9][0-9.eE+-]*+|true|false|null|\\[(?:(?&v)(?:,(?&v))*+|\\s*+)\\]|(?&o))\\s*+)",
  "(?<m>\\s*+(?&s)\\s*+:(?&v))(?<o>\\{(?:(?&m)(?:,(?&m))*+|\\s*+)\\}))"
)

# How many the server counts as accepted, as duplicates and as rejected (two for more than one); NA where it says no such thing.
.affirm_tally <- function(body) {
  none <- c(accepted = NA, duplicates = NA, rejected = NA)
  if (!grepl(paste0(.affirm_grammar, "^\\s*+(?&o)\\s*+$"), body, perl = TRUE)) return(none)
  member <- function(name, shape) {
    start <- paste0(.affirm_grammar, "^\\s*+\\{(?:(?&m),)*?\\s*+\"", name, "\"\\s*+:\\s*+\\K", shape)
    regmatches(body, regexpr(paste0(start, "(?=\\s*+[,}])"), body, perl = TRUE))
  }
  counts <- vapply(names(none)[1:2], function(name) as.numeric(c(member(name, "[0-9]+"), NA)[1]), 0)
  rejected <- member("rejected", "\\[(?:(?&v)(?:,(?&v))*+|\\s*+)\\]")
  if (length(rejected) == 0) return(none)
  is_one <- grepl(paste0(.affirm_grammar, "^\\[(?&v)\\]$"), rejected, perl = TRUE)
  c(counts, rejected = if (grepl("^\\[\\s*\\]$", rejected, perl = TRUE)) 0 else if (is_one) 1 else 2)
}

.affirm_detail <- function(body) {
  found <- regmatches(body, regexpr("\"detail\"[[:space:]]*:[[:space:]]*\"([^\"\\\\]|\\\\.)*\"", body))
  if (length(found) == 0) return(substr(body, 1, 300))
  gsub("\\\\(.)", "\\1", sub("^\"detail\"[[:space:]]*:[[:space:]]*\"(.*)\"$", "\\1", found))
}

# Seconds that the server asks us to wait; NA where it asks for none.
.affirm_after <- function(head) {
  line <- grep("^retry-after:", head, ignore.case = TRUE, value = TRUE)
  if (length(line) == 0) return(NA)
  said <- trimws(sub("^[^:]*:", "", line[1]))
  if (grepl("^[0-9]+$", said)) return(as.numeric(said))
  months <- "JanFebMarAprMayJunJulAugSepOctNovDec"
  parts <- regmatches(said, regexec("^[A-Za-z]+, ([0-9]{2}) ([A-Za-z]{3}) ([0-9]{4}) ([0-9:]{8}) GMT$", said))[[1]]
  if (length(parts) == 0) return(NA)
  month <- (regexpr(parts[3], months) + 2) / 3
  until <- as.POSIXct(sprintf("%s-%02.0f-%s %s", parts[4], month, parts[2], parts[5]), tz = "UTC")
  max(as.numeric(until) - as.numeric(Sys.time()), 0)
}

# The key goes by a file that only we may read: arguments can be seen by everybody. `-q`: what is in ~/.curlrc is not for us.
.affirm_curl <- function(client, file, seconds, wait = TRUE) {
  quoted <- function(text) paste0("\"", gsub("\"", "\\\"", gsub("\\", "\\\\", text, fixed = TRUE), fixed = TRUE), "\"")
  paths <- tempfile(c("affirm-head-", "affirm-body-", "affirm-said-", "affirm-how-"))
  .affirm_write(paths[4], paste0(c(
    paste("url =", quoted(client$address)),
    paste("header =", vapply(.affirm_headers(client), quoted, "")),
    paste("data-binary =", quoted(paste0("@", file))),
    paste("dump-header =", quoted(paths[1])), paste("output =", quoted(paths[2])),
    sprintf("max-time = %.3f", seconds), "write-out = \"%{http_code}\"", "silent", "show-error", "globoff"
  ), collapse = "\n"))
  args <- c("-q", "-K", shQuote(paths[4]))
  if (!wait) return(invisible(system2("curl", args, stdout = FALSE, stderr = FALSE, wait = FALSE)))
  on.exit(unlink(paths))
  out <- .affirm_bounded(args, paths[3])
  status <- suppressWarnings(as.numeric(out[1]))
  # A status without a whole answer is none: the connection broke off.
  if (is.na(status) || !is.null(attr(out, "status"))) status <- 0
  list(status = status, head = .affirm_lines(paths[1]), body = .affirm_text(paths[2]), trouble = sub("^curl: ", "", .affirm_text(paths[3])))
}

# So that an answer without end does not fill the disk, curl may write 64 kB a file, where the system knows such limits.
.affirm_bounded <- function(args, said) {
  if (.Platform$OS.type != "unix") return(system2("curl", args, stdout = TRUE, stderr = said))
  bounded <- "trap '' XFSZ; ulimit -f 128; exec curl \"$@\""
  system2("sh", c("-c", shQuote(bounded), "sh", args), stdout = TRUE, stderr = said)
}

.affirm_headers <- function(client) {
  c("Content-Type: application/json", "Accept: application/json", "User-Agent: affirmative-r/0.1.0", "Expect:",
    if (!is.null(client$key)) paste("Authorization: Bearer", client$key))
}

.affirm_text <- function(file) {
  if (!file.exists(file)) return("")
  bytes <- readBin(file, "raw", AFFIRM_LARGEST)
  text <- iconv(rawToChar(bytes[bytes != 0]), "UTF-8", "UTF-8", sub = "?")
  trimws(text)
}

.affirm_lines <- function(file) strsplit(.affirm_text(file), "\r?\n")[[1]]

.affirm_socket <- function(client, file, seconds) {
  parts <- regmatches(client$address, regexec("^http://([^/:]+|\\[[^]]+\\])(:([0-9]+))?(/.*)$", client$address))[[1]]
  if (length(parts) == 0) return(list(status = 0, head = "", body = "", trouble = "https needs the program curl, which is not here"))
  body <- readBin(file, "raw", file.size(file))
  head <- c(paste("POST", parts[5], "HTTP/1.0"), paste0("Host: ", parts[2], parts[3]), .affirm_headers(client),
    paste("Content-Length:", length(body)), "Connection: close", "", "")
  tryCatch({
    limit <- max(1, ceiling(seconds))
    server <- socketConnection(gsub("[][]", "", parts[2]), if (parts[4] == "") 80 else as.integer(parts[4]), open = "r+b", blocking = FALSE, timeout = limit)
    on.exit(close(server))
    writeBin(c(charToRaw(paste(head, collapse = "\r\n")), body), server)
    .affirm_read(.affirm_received(server, .affirm_now() + limit))
  }, error = function(e) list(status = 0, head = "", body = "", trouble = conditionMessage(e)))
}

# Until its end, 64 kB or the time: one that trickles would never let us go.
.affirm_received <- function(server, deadline) {
  bytes <- raw()
  repeat {
    left <- deadline - .affirm_now()
    if (left <= 0 || !socketSelect(list(server), timeout = left)) stop("the answer did not end in time")
    piece <- readBin(server, "raw", 1024)
    bytes <- c(bytes, piece)
    if (length(piece) == 0 || length(bytes) >= AFFIRM_LARGEST) return(bytes)
  }
}

.affirm_read <- function(bytes) {
  text <- iconv(rawToChar(bytes[bytes != 0]), "UTF-8", "UTF-8", sub = "?")
  end <- regexpr("\r\n\r\n", text, fixed = TRUE)
  status <- suppressWarnings(as.numeric(sub("^HTTP/[0-9.]+ ([0-9]{3}).*$", "\\1", substr(text, 1, 12))))
  if (end < 0 || is.na(status)) return(list(status = 0, head = "", body = "", trouble = "no answer"))
  list(status = status, head = strsplit(substr(text, 1, end), "\r\n", fixed = TRUE)[[1]], body = substr(text, end + 4, nchar(text)), trouble = "")
}

# ---- A command whose output passes through

# tee passes on what the command prints, and a common pipe takes it to what keeps its end. Only what it left behind is not waited for.
.affirm_script <- r"---(
cd=$1; shift
mkfifo "$cd/out" "$cd/err" "$cd/both"
{ tail -c 10000 <"$cd/both" >"$cd/last"; : >"$cd/told"; } &
{ tee -i "$cd/both" <"$cd/out"; : >"$cd/out.ended"; } &
{ tee -i "$cd/both" <"$cd/err" >&2; : >"$cd/err.ended"; } &
exec 9>"$cd/both"
# A shell says on its own stderr how a command was killed: nobody said that without us.
{ ( "$@" >"$cd/out" 2>"$cd/err" 9>&- ); status=$?; } 2>/dev/null
tries=0
until [ -e "$cd/out.ended" ] && [ -e "$cd/err.ended" ]; do
  tries=$((tries + 1))
  [ $tries -gt 100 ] && break
  sleep 0.02
done
# Not sooner: a tee that finds no reader of the common pipe would wait for one for ever.
exec 9>&-
until [ -e "$cd/told" ]; do
  tries=$((tries + 1))
  [ $tries -gt 200 ] && break
  sleep 0.02
done
exit $status
)---"

.affirm_output <- function(folder) {
  file <- file.path(folder, "last")
  bytes <- if (file.exists(file)) readBin(file, "raw", AFFIRM_OUTPUT) else raw()
  # A character that lost its beginning when the output was cut is left out.
  while (length(bytes) > 0 && bitwAnd(as.integer(bytes[1]), 0xC0L) == 0x80L) bytes <- bytes[-1]
  if (any(bytes == 0) || !validUTF8(rawToChar(bytes))) list(base64 = .affirm_base64(bytes)) else rawToChar(bytes)
}

.affirm_signal <- function(status) {
  names <- c("1" = "SIGHUP", "2" = "SIGINT", "3" = "SIGQUIT", "6" = "SIGABRT", "9" = "SIGKILL", "11" = "SIGSEGV", "13" = "SIGPIPE", "15" = "SIGTERM")
  name <- names[as.character(status - 128)]
  if (is.na(name)) NULL else unname(name)
}
