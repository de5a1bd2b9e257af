#!/bin/sh
# Says to an affirmative server that something happened. One file: POSIX sh with curl or wget, awk, sed and od.
# What it promises, and the settings that it reads: clients/README.md and clients/shell/README.md, or affirm.sh --help.
set -u

usage() {
  cat <<'USAGE'
affirm.sh [options] EVENT [VALUE]             say that it happened; VALUE - is read from stdin
affirm.sh [options] run EVENT -- command ...  run a command; say that it started, and how it ended

EVENT is a name or an af_ key. Options win over the settings in brackets:
  --fail  --start  --log    what to say instead of ok
  --env ENV                 where it happened            [AFFIRMATIVE_ENV]
  --source SOURCE           who says so                  [AFFIRMATIVE_SOURCE; the host's name]
  --id ID                   sent again with the same id, it counts once
  --url URL                 the server                   [AFFIRMATIVE_URL]
  --timeout SECONDS         for all of it, with retries  [AFFIRMATIVE_TIMEOUT; 10]
  --strict                  exit 1 when it was not accepted now
Settings without an option:
  AFFIRMATIVE_API_KEY       the key that the server asks for
  AFFIRMATIVE_SPOOL         where it waits while the server is away, or off
                            [~/.local/state/affirmative/spool]
Exit: 0 also when the server is away, 1 with --strict, 2 not understood; run: as the command.
USAGE
}

say() { [ -n "$quiet" ] || printf 'affirm.sh: %s\n' "$1" >&2; }
wrong() {
  say "$1 (affirm.sh --help)"
  exit 2
}

# --- time, ids, texts

# Sets now: epoch milliseconds, where date knows no more, full seconds.
read_clock() {
  now=$(date +%s%N)
  case $now in
    *[!0-9]* | ??????????) now=$(date +%s)000 ;;
    *) now=${now%??????} ;;
  esac
}

# Sets millis from seconds with or without a fraction; fails for what is no number.
to_millis() {
  case $1 in '' | . | *[!0-9.]* | *.*.* | ????????????*) return 1 ;; esac
  whole=${1%%.*} part=000
  case $1 in *.*) part=$(printf '%.3s' "${1#*.}000") ;; esac
  while :; do case $whole in 0?*) whole=${whole#0} ;; *) break ;; esac done
  millis=$((${whole:-0} * 1000 + 1$part - 1000))
}

# Sets tick: milliseconds on a clock that is never set back. Where the system shows none, that of the day, without its jumps back.
read_timer() {
  if { IFS=' ' read -r uptime _ </proc/uptime; } 2>/dev/null && to_millis "$uptime"; then
    tick=$millis
    return 0
  fi
  read_clock
  [ "$now" -ge "$latest" ] || lost=$((lost + latest - now))
  latest=$now tick=$((now + lost))
}

# Sets seconds, as 1.234, from milliseconds.
to_seconds() { seconds=$(($1 / 1000)).$(printf '%03d' $(($1 % 1000))); }

random_hex() { od -An -v -tx1 -N "$1" /dev/urandom | tr -d ' \n'; }

# Bytes as od prints them become JSON in ASCII, without ever holding them as text: not every awk bears NUL or what is no UTF-8.
# form: value (a JSON document stays one), output (always a string; may begin within a letter), text (always a string, wrong bytes as ?).
# t is the string, doc the text as it is, chk the same with ~ for all letters beyond ASCII; size is that of the string in UTF-8.
# shellcheck disable=SC2016
encoder='
BEGIN {
  for (i = 0; i < 256; i++) {
    number[sprintf("%02x", i)] = i
    plain[i] = i > 31 && i < 127 ? sprintf("%c", i) : " "
    string[i] = i > 31 && i < 127 ? plain[i] : sprintf("\\u%04x", i)
    width[i] = i > 31 ? 1 : 6
  }
  plain[127] = "\\u007f"
  split("8 b 9 t 10 n 12 f 13 r 34 \" 92 \\", pair, " ")
  for (i = 1; i < 14; i += 2) { string[pair[i] + 0] = "\\" pair[i + 1]; width[pair[i] + 0] = 2 }
  raw[9] = "\t"; raw[10] = "\n"; raw[13] = "\r"
}
function emit(c,   u) {
  if (c < 128) {
    t = t string[c]; doc = doc plain[c]; size += width[c]; docsize++
    if (c == 127) chk = chk "~"
    else if (c > 31) chk = chk plain[c]
    else if (c in raw) chk = chk raw[c]
    else isjson = 0
    return
  }
  u = c < 65536 ? sprintf("\\u%04x", c) : sprintf("\\u%04x\\u%04x", 55296 + int((c - 65536) / 1024), 56320 + (c - 65536) % 1024)
  t = t u; doc = doc u; chk = chk "~"
  size += c < 2048 ? 2 : c < 65536 ? 3 : 4
  docsize += c < 2048 ? 2 : c < 65536 ? 3 : 4
}
function spoiled() { bad = 1; need = 0; if (form == "text") emit(63) }
function take(b) {
  if (need > 0) {
    if (b > 127 && b < 192) {
      code = code * 64 + b - 128
      if (--need > 0) return
      if (code < least || code > 1114111 || (code > 55295 && code < 57344)) spoiled()
      else emit(code)
      return
    }
    spoiled()
  }
  if (b > 0 && b < 128) emit(b)
  else if (b > 193 && b < 224) { need = 1; code = b - 192; least = 128 }
  else if (b > 223 && b < 240) { need = 2; code = b - 224; least = 2048 }
  else if (b > 239 && b < 245) { need = 3; code = b - 240; least = 65536 }
  else if (!(form == "output" && b > 127 && b < 192 && count < 4 && size == 0)) spoiled()
}
BEGIN { isjson = 1 }
{
  for (i = 1; i <= NF; i++) { byte[++count] = number[$i]; take(byte[count]) }
  all = all t; alldoc = alldoc doc; allchk = allchk chk
  if (size <= 60000) head = all
  t = doc = chk = ""
}
function document(s,   n, rounds) {
  if (s !~ /^[ \t\r\n]*[-\[{"0-9tfn]/) return 0
  gsub(/"([^"\\\t\n\r]|\\["\\\/bfnrt]|\\u[0-9a-fA-F][0-9a-fA-F][0-9a-fA-F][0-9a-fA-F])*"/, "\"\"", s)
  gsub(/-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/, "0", s)
  gsub(/true|false|null/, "0", s)
  gsub(/[ \t\r\n]/, "", s)
  do {
    n = gsub(/[{](""[:](""|0)(,""[:](""|0))*)?[}]|\[((""|0)(,(""|0))*)?\]/, "0", s)
  } while (n > 0 && ++rounds < 200)
  return s == "0" || s == "\"\""
}
function base64(n,   i, a, abc) {
  abc = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
  for (i = 1; i <= n; i += 3) {
    a = byte[i] * 65536 + (i < n ? byte[i + 1] * 256 : 0) + (i + 1 < n ? byte[i + 2] : 0)
    printf "%s%s%s%s", substr(abc, int(a / 262144) + 1, 1), substr(abc, int(a / 4096) % 64 + 1, 1),
      (i < n) ? substr(abc, int(a / 64) % 64 + 1, 1) : "=", (i + 1 < n) ? substr(abc, a % 64 + 1, 1) : "="
  }
}
END {
  if (need > 0 && count < 70000) { spoiled(); all = all t }
  if (form == "text") printf "\"%s\"", all
  else if (bad) {
    printf "{%s\"base64\":\"", (count > 49000) ? "\"cut\":true," : ""
    base64((count > 49000) ? 45000 : count)
    printf "\"}"
  }
  else if (form == "value" && isjson && count < 70000 && (docsize <= 65536 && alldoc !~ /[0-9][eE]|[0-9.][0-9.][0-9.][0-9.][0-9.][0-9.][0-9.][0-9.][0-9.][0-9.][0-9.][0-9.][0-9.][0-9.][0-9.][0-9.]/ || length(alldoc) <= 65536) && document(allchk)) printf "%s", alldoc
  else if (size <= 65534 && count < 70000) printf "\"%s\"", all
  else printf "{\"cut\":true,\"text\":\"%s\"}", head
}'

# JSON of the bytes on stdin. What is beyond 70,000 of them is cut anyway, but read, so that its writer can end.
encode() {
  {
    od -An -v -tx1 -N 70000
    cat >/dev/null
  } | awk -v form="$1" "$encoder"
}

quoted() {
  case $1 in
    *[!A-Za-z0-9_.:@/-]*) printf %s "$1" | encode text ;;
    *) printf '"%s"' "$1" ;;
  esac
}

# --- HTTP

# What may stand between quotes in a file of settings for curl.
for_curl() { sed 's/[\\"]/\\&/g; $!s/$/\\n/' | tr -d '\n'; }

# Sets folder to a new one that holds the body $1. What could not be written whole is not sent.
write_body() {
  folder=$(mktemp -d 2>/dev/null) || return 1
  { printf '%s\n' "$1" >"$folder/body"; } 2>/dev/null && return 0
  rm -rf "$folder"
  return 1
}

# By its settings on stdin, so that nobody reads the key in the list of processes. Older ones take no line of them beyond 100 kB.
by_curl() {
  body=$(printf '%s\n' "$1" | for_curl) folder=''
  if [ ${#body} -gt 90000 ]; then
    write_body "$1" || return
    body=@$folder/body
  fi
  {
    printf 'url = "%s"\n' "$(printf '%s\n' "$endpoint" | for_curl)"
    [ -z "$key" ] || printf 'header = "Authorization: Bearer %s"\n' "$(printf '%s\n' "$key" | for_curl)"
    printf 'header = "Content-Type: %s"\nheader = "Expect:"\nmax-time = "%s"\ndata-binary = "%s"\n' "$2" "$seconds" "$body"
  } | curl -q -s -i --globoff -K - 2>/dev/null
  [ -z "$folder" ] || rm -rf "$folder"
}

# The headers come on its stderr, as with redirects that are not followed there is nothing else.
ask_wget() {
  { timeout "$seconds" wget "$@" -S -O - --post-file "$folder/body" "$endpoint" 2>"$folder/headers"; } 2>/dev/null |
    head -c "$most_read" >"$folder/answer" 2>/dev/null
  sed -n 's/^ *\(wget: .*\)\{0,1\}\(HTTP\/[0-9.]* [0-9][0-9][0-9].*\)/\2/p; s/^ *\([Rr]etry-[Aa]fter:.*\)/\1/p' "$folder/headers"
  echo
  cat "$folder/answer"
  rm -rf "$folder"
}

by_wget() {
  write_body "$1" || return
  {
    printf 'header = Content-Type: %s\n' "$2"
    [ -z "$key" ] || printf 'header = Authorization: Bearer %s\n' "$key"
  } >"$folder/settings"
  ask_wget --config="$folder/settings" -nv --content-on-error --tries=1 --max-redirect=0
}

# The one of busybox tells no more than the status where it is an error.
by_busybox() {
  write_body "$1" || return
  set -- -q --header "Content-Type: $2"
  [ -z "$key" ] || set -- "$@" --header "Authorization: Bearer $key"
  ask_wget "$@"
}

choose_tool() {
  if command -v curl >/dev/null 2>&1; then
    tool=curl
  elif ! command -v wget >/dev/null 2>&1; then
    tool=''
  else
    case $(wget --help 2>&1) in *BusyBox*) tool=busybox ;; *) tool=wget ;; esac
  fi
}

# Reads a whole answer with its headers as one record, with \001 for the ends of lines. Prints its status (000: none), its tally and what
# Retry-After says, and on the next lines its body; where that is a whole object of a 2xx as JSON without spaces, and with \002 and \003
# for what stands after a backslash there (the other backslash, a quote), which are only in words for people. The tally is how many
# affirmations it counts; cut where it stops within an object, other where it is something else.
# shellcheck disable=SC2016
reader='
function read_head(   line, n, i, word) {
  n = split(substr(text, 1, index(text, "\001\001") - 1), line, "\001")
  split(line[1], word, " "); code = word[2]; after = ""
  for (i = 2; i <= n; i++) if (split(line[i], word, " ") > 1 && tolower(word[1]) == "retry-after:") after = word[2]
  text = substr(text, index(text, "\001\001") + 2)
}
function is_whole(shape) {
  while (gsub(/[{][^][{}"]*[}]|\[[^][{}"]*\]/, "0", shape)) { }
  return shape == "0"
}
function flatten(   part, n, i, shape, flat) {
  gsub(/\\\\/, "\002", text); gsub(/\\"/, "\003", text)
  n = split(text, part, "\"")
  if (n % 2 == 0 || n > 2000) return 0
  for (i = 1; i <= n; i++) {
    if (i % 2) gsub(/[ \t\001]+/, "", part[i])
    shape = shape (i % 2 ? part[i] : "s"); flat = flat (i > 1 ? "\"" : "") part[i]
  }
  text = flat
  return is_whole(shape)
}
function counted(name) {
  if (!match(text, "\"" name "\":[0-9]+")) return 0
  return substr(text, RSTART + length(name) + 3, RLENGTH - length(name) - 3) + 0
}
{ text = $0 }
END {
  while (text ~ /^HTTP\/[0-9.]+ [0-9][0-9][0-9]/ && index(text, "\001\001")) read_head()
  tally = "other"
  if (code ~ /^2/ && text ~ /^[ \t\001]*[{]/) {
    body = text
    if (!flatten()) { tally = "cut"; text = body }
    else if (text ~ /"accepted":[0-9]/) {
      body = text
      tally = counted("accepted") + counted("duplicates") + gsub(/[{]"index":[0-9]+,"detail":"/, "&", body)
    }
  }
  print (code == "" ? "000" : code), tally, after
  print text
}'

# Posts $1 of the type $2 within what is left of the time. Sets code, tally, after and answer as they were read.
post() {
  to_seconds $((deadline - tick))
  most_read=65536
  [ "$2" = application/json ] || most_read=1000000
  reply=$("by_$tool" "$1" "$2" | head -c "$most_read" | tr -d '\000\r\002\003' | tr '\n' '\001' | awk "$reader" | tr '\001\002\003' "\\n\\\\'")
  answer=${reply#*"$newline"} reply=${reply%%"$newline"*}
  code=${reply%% *} reply=${reply#* }
  tally=${reply%% *} after=${reply#* }
}

# Sets outcome for $1 affirmations: taken, again (later), kept (a setting has to be mended) or never.
judge() {
  case $code,$tally in
    2??,"$1") outcome=taken ;;
    2??,cut | 000,* | 408,* | 425,* | 429,* | 5??,*) outcome=again ;;
    400,* | 413,* | 415,* | 422,*) outcome=never ;;
    *) outcome=kept ;;
  esac
}

reason() {
  case $code in 2??) printf ', but not as affirmative does' ;; esac
  printf '%s' "$answer" | sed -n 's/.*"detail":"\([^"]*\)".*/: \1/p' | sed -n 1p
}

# Sends $1 until it is taken, refused, or the next try would be beyond the time.
send() {
  pause=200
  while :; do
    post "$1" application/json
    judge 1
    if [ "$outcome" = taken ]; then case $answer in *'"rejected":[{'*) outcome=never ;; esac fi
    [ "$outcome" = again ] || return 0
    jitter=$(od -An -N1 -tu1 /dev/urandom | tr -d ' ')
    rest=$((pause * (192 + jitter / 2) / 256))
    case $after in
      '' | *[!0-9]*) ;;
      *)
        to_millis "$after" || return 0
        rest=$((millis + jitter))
        ;;
    esac
    read_timer
    [ $((tick + rest + 50)) -lt "$deadline" ] || return 0
    to_seconds "$rest"
    sleep "$seconds" 2>/dev/null || sleep $((rest / 1000 + 1))
    read_timer
    case $pause in 200) pause=500 ;; *) pause=$((pause * 2)) ;; esac
    [ "$tick" -lt $((deadline - 20)) ] || return 0
  done
}

# --- the spool

count_files() { # shellcheck disable=SC2012
  ls "$spool" 2>/dev/null | sed -n '/^[0-9].*\.json$/p' | wc -l
}

# Makes the folder of the spool; where there can be none, says so and turns the spool off.
open_spool() {
  # shellcheck disable=SC3067
  if [ -z "$spool" ]; then
    say 'HOME is not set, so that there is no spool; sent without one'
  elif ! mkdir -p "$spool" 2>/dev/null; then
    say "cannot write to the spool $spool; sent without it"
  elif [ ! -O "$spool" ]; then
    say "the spool $spool belongs to another user; sent without it"
  else
    return 0
  fi
  spool=off
}

# Writes $line into the spool under another name first; sets file, empty where it is not kept.
keep() {
  file=''
  [ "$spool" = off ] || open_spool
  [ "$spool" != off ] || return 0
  if [ "$(count_files)" -ge 10000 ]; then
    say "10000 wait in the spool $spool already; this one is sent but not kept"
    return 0
  fi
  name=$id
  case $name in *[!A-Za-z0-9_-]* | '' | ?????????????????????????????????????????????????????????????????*) name=$(random_hex 16) ;; esac
  if { printf '%s\n' "$line" >"$spool/.$at-$name.$$" && mv -f "$spool/.$at-$name.$$" "$spool/$at-$name.json"; } 2>/dev/null; then
    file=$spool/$at-$name.json
  else
    rm -f "$spool/.$at-$name.$$"
    say "cannot write to the spool $spool; sent without it"
  fi
}

# The rest of the call has nothing to do with the file $1, for the reason $2. Said of the first.
leave_alone() {
  [ -n "$alone" ] || say "left in the spool: ${1##*/} $2"
  alone=$alone$newline$1$newline
}

# Puts the file $1 aside for ever, with the words $2.
refuse() {
  say "refused: $2"
  [ -n "$1" ] && [ -e "$1" ] || return 0
  aside=${1##*/}
  { mkdir -p "$spool/refused" && printf '%s\n' "$2" >"$spool/refused/${aside%.json}.why" && mv -f "$1" "$spool/refused/$aside"; } 2>/dev/null ||
    leave_alone "$1" 'cannot be put aside'
}

# Is the lock of one who was killed? A minute away from now, before or after: clocks are set back. Not every date tells of files.
is_stale() {
  read_clock
  case $(date -r "$1" +%s 2>/dev/null) in
    '' | *[!0-9]*) [ -n "$(find "$1" -prune -mmin +1 2>/dev/null)" ] ;;
    *) away=$((now / 1000 - $(date -r "$1" +%s))) && [ "${away#-}" -gt 60 ] ;;
  esac
}

take_lock() {
  mkdir "$spool/lock" 2>/dev/null && return 0
  is_stale "$spool/lock" || return 1
  mv "$spool/lock" "$spool/.lock.$$" 2>/dev/null && rm -rf "$spool/.lock.$$"
  mkdir "$spool/lock" 2>/dev/null
}

# Sets text to the first line of the file $1; fails where it is nothing to be read.
read_line() {
  text='' opened=''
  [ -f "$1" ] && { { opened=yes && IFS= read -r text; } <"$1"; } 2>/dev/null
  [ -n "$opened" ]
}

# Sets lines and files (one a line) to the oldest that wait, at most $1 and half a megabyte.
gather() {
  lines='' files='' gathered=0
  for one in "$spool"/[0-9]*.json; do
    if [ "$gathered" -ge "$1" ] || [ ${#lines} -ge 500000 ]; then break; fi
    [ -e "$one" ] || continue
    case $alone in *"$newline$one$newline"*) continue ;; esac
    if ! read_line "$one"; then
      [ ! -e "$one" ] || leave_alone "$one" 'cannot be read'
      continue
    fi
    case $text in
      '{'*'}')
        lines=$lines${lines:+$newline}$text files=$files$one$newline
        gathered=$((gathered + 1))
        ;;
      *) refuse "$one" 'this file is no affirmation' ;;
    esac
  done
}

# Removes the files that were sent; those that the answer rejects by their index are put aside.
settle() {
  rejected=$(printf '%s' "$answer" | sed 's/.*"rejected":\[//; s/{"index":/\
/g' | sed -n 's/^\([0-9][0-9]*\),"detail":"\(.*\)"}.*$/\1 \2/p')
  index=0
  while [ -n "$files" ]; do
    one=${files%%"$newline"*} files=${files#*"$newline"}
    case $newline$rejected in
      *"$newline$index "*)
        why=${newline}$rejected
        why=${why#*"$newline$index "}
        refuse "$one" "${why%%"$newline"*}"
        ;;
      *) rm -f "$one" 2>/dev/null || leave_alone "$one" 'cannot be removed' ;;
    esac
    index=$((index + 1))
  done
}

# Delivers what waits, oldest first, while there is time and nobody else does it.
deliver_waiting() {
  [ "$spool" != off ] && [ "$(count_files)" -gt 0 ] && take_lock || return 0
  read_timer
  [ "$deadline" -lt $((tick + 50000)) ] || deadline=$((tick + 50000))
  most=100
  while [ "$tick" -lt $((deadline - 100)) ]; do
    gather "$most"
    [ -n "$files" ] || break
    post "$lines" application/x-ndjson
    judge "$gathered"
    case $outcome,$gathered in
      taken,*) settle ;;
      never,1) refuse "${files%"$newline"}" "$code $answer" ;;
      never,*) most=1 ;;
      *) break ;;
    esac
    read_timer
  done
  rmdir "$spool/lock" 2>/dev/null
}

# --- the verbs

# Sets line: status $1, value $2 as JSON (or empty), made at $at with $id.
write_line() {
  line="{\"event\":$(quoted "$event")"
  [ -z "$env_name" ] || line="$line,\"env\":$(quoted "$env_name")"
  line="$line,\"status\":\"$1\",\"at\":$at"
  [ -z "$2" ] || line="$line,\"value\":$2"
  line="$line,\"source\":$(quoted "$source_name"),\"id\":$(quoted "$id")}"
}

# Sends $line, which is kept in $file, and then what waits. Fails when it was not accepted.
deliver() {
  if [ -z "$tool" ]; then
    say 'neither curl nor wget is here: nothing was sent'
    return 1
  fi
  read_timer
  send "$line"
  case $outcome in
    taken)
      [ -z "$file" ] || rm -f "$file"
      deliver_waiting
      return 0
      ;;
    never) refuse "$file" "$code $answer" ;;
    kept)
      fate='not kept'
      [ -z "$file" ] || fate='kept in the spool until that is mended'
      say "the server answered $code$(reason); $fate"
      ;;
    again) [ -n "$file" ] || say 'the server could not be reached, and it is not kept' ;;
  esac
  return 1
}

# What is written is for its owner alone, and letters are bytes. Never around the command of run: it would see both.
plainly() {
  umask 077
  LC_ALL=C
  export LC_ALL
}

# Sets at, the end of the time that there is, and an id where none was given.
begin_call() {
  read_clock
  at=$now
  read_timer
  deadline=$((tick + limit)) id=${given_id:-$(random_hex 16)}
}

affirm() {
  plainly
  case $value_from in
    stdin) value=$(encode value) ;;
    here) value=$(printf %s "$value" | encode value) ;;
  esac
  begin_call
  write_line "$status" "$value"
  keep
  deliver || [ -z "$strict" ] || return 1
  return 0
}

# Sends what was written beside the command, which never waits for it.
tell_start() {
  begin_call
  before=$(umask)
  umask 077
  write_line start ''
  keep
  umask "$before"
  # It may outlive the command, whose other files it must not hold open.
  (
    plainly
    deliver
  ) </dev/null >/dev/null 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
}

# Tells how it ended: exit status $1 after $2 milliseconds, the end of its output in the file $3.
# Where it is kept, a server that hangs slows the job by two seconds at most.
tell_end() (
  plainly
  to_seconds "$2"
  value="{\"exit\":$1"
  [ "$1" -le 128 ] || ! dead_by=$(kill -l $(($1 - 128)) 2>/dev/null) || value="$value,\"signal\":\"SIG${dead_by#SIG}\""
  value="$value,\"seconds\":$seconds"
  [ ! -f "$3" ] || value="$value,\"output\":$(encode output <"$3")"
  given_id=''
  begin_call
  status=fail
  [ "$1" -ne 0 ] || status=ok
  write_line "$status" "$value}"
  keep
  if [ -n "$file" ] && [ "$limit" -gt 2000 ]; then deadline=$((tick + 2000)); fi
  deliver
) </dev/null >/dev/null 2>&1

forward() {
  got=$1
  case $got,$resets in INT,no | QUIT,no) got=TERM ;; esac
  # From a terminal, the command hears of these two itself.
  case $1 in INT | QUIT) [ ! -t "$spare" ] || return 0 ;; esac
  [ -z "$pid" ] || kill -s "$got" "$pid"
}

# What a shell starts beside itself ignores INT and QUIT. bash can undo that by trap, others need env of GNU.
choose_reset() {
  resets=yes with_env=''
  [ -z "${BASH_VERSION-}" ] || return 0
  if env --default-signal=INT,QUIT true 2>/dev/null; then with_env=yes; else resets=no; fi
}

start_command() {
  trap - INT QUIT
  if [ -n "$with_env" ]; then
    case $1 in *=*) ;; *) exec env --default-signal=INT,QUIT -- "$@" ;; esac
  fi
  exec "$@"
}

# Passes the pipe $1 on to stdout, and to where its end is held.
pass_on() { tee "$scratch/both" <"$scratch/$1" 2>/dev/null; }

# Passes all that the command prints on, beside it; says by a file when that has ended.
pass_output() {
  (
    trap '' HUP INT QUIT TERM USR1 USR2
    exec tail -c 10240 <"$scratch/both" >"$scratch/last"
  ) 2>/dev/null &
  holder=$!
  (
    trap '' HUP INT QUIT TERM USR1 USR2
    exec 5>"$scratch/both"
    pass_on out &
    pass_on err >&2 &
    wait
    { : >"$scratch/ended"; } 2>/dev/null
  ) &
}

# Sets spare to a file descriptor that nobody has open. All that a shell can name may be taken: then the last is taken from the command.
choose_spare() {
  for spare in 3 4 5 6 7 8 9; do
    { true <&"$spare"; } 2>/dev/null || return 0
  done
}

# Sets status to that of the command, however often a signal to be forwarded comes between.
await_command() {
  status=0
  while :; do
    last=$status got=''
    wait "$pid"
    status=$?
    [ -n "$got" ] || break
  done
  # It had ended already when the signal came.
  if [ "$status" -eq 127 ] && [ "$last" -ne 0 ]; then status=$last; fi
}

# Does somebody have one of the pipes open for writing? Only Linux tells.
is_held() {
  for held in /proc/[0-9]*/fd/*; do
    # shellcheck disable=SC3013
    if [ "$held" -ef "$scratch/out" ] || [ "$held" -ef "$scratch/err" ]; then
      case $(sed -n 's/^flags:.*\(.\)$/\1/p' "${held%/fd/*}/fdinfo/${held##*/}" 2>/dev/null) in 1 | 2) return 0 ;; esac
    fi
  done
  [ ! -d /proc/self/fdinfo ]
}

# Its children may hold its output open for long: they are not waited for, and then its end is not told.
# Whoever reads the output slowly is waited for, as the command would have done.
await_output() {
  waited=0
  until [ -e "$scratch/ended" ]; do
    [ "$waited" -lt 50 ] || ! is_held || return 1
    [ "$waited" -lt 50 ] || waited=0
    sleep 0.02 2>/dev/null || sleep 1
    waited=$((waited + 1))
  done
  wait "$holder"
}

# Sets scratch to a folder with the pipes, empty where there can be none: then the output is not told.
make_scratch() {
  scratch=$(mktemp -d 2>/dev/null) || scratch=''
  [ -n "$scratch" ] || return 0
  mkfifo "$scratch/out" "$scratch/err" "$scratch/both" 2>/dev/null && return 0
  rm -rf "$scratch"
  scratch=''
}

# Starts the command beside us, as only then signals can be forwarded. The shell would take its stdin away.
start_beside() {
  if { eval "true $spare<&0"; } 2>/dev/null; then eval "exec $spare<&0"; else eval "exec $spare</dev/null"; fi
  if [ -n "$scratch" ]; then
    pass_output
    eval "start_command \"\$@\" <&$spare >\"\$scratch/out\" 2>\"\$scratch/err\" $spare<&- &"
  else
    eval "start_command \"\$@\" <&$spare $spare<&- &"
  fi
  pid=$!
}

# Runs a command; nobody who looks at it can tell.
run() {
  quiet=yes pid='' got='' output=''
  choose_reset
  choose_spare
  make_scratch
  [ -z "$url" ] || tell_start
  read_timer
  began=$tick
  for signal in HUP INT QUIT TERM USR1 USR2; do
    # shellcheck disable=SC2064
    trap "forward $signal" "$signal"
  done
  start_beside "$@"
  # Some shells say there what a command died of.
  exec 2>/dev/null
  [ -z "$got" ] || forward "$got"
  await_command
  read_timer
  if [ -n "$scratch" ] && await_output; then output=$scratch/last; fi
  [ -z "$url" ] || tell_end "$status" $((tick - began)) "$output"
  [ -z "$scratch" ] || rm -rf "$scratch"
  exit "$status"
}

# --- the command line

newline='
'
latest=0 lost=0 quiet='' strict='' status=ok given_id='' event='' alone='' value='' value_from=nowhere verb=affirm
url=${AFFIRMATIVE_URL-} key=${AFFIRMATIVE_API_KEY-} env_name=${AFFIRMATIVE_ENV-} source_name=${AFFIRMATIVE_SOURCE-}
state=${XDG_STATE_HOME:-${HOME:+$HOME/.local/state}}
spool=${AFFIRMATIVE_SPOOL:-${state:+$state/affirmative/spool}}
timeout_seconds=${AFFIRMATIVE_TIMEOUT:-10}

positional() {
  case $given in
    0) event=$1 ;;
    1) value=$1 value_from=here ;;
    *) wrong "what is \"$1\"? After the event and its value nothing more is understood" ;;
  esac
  if [ "$given,$1" = 1,- ]; then value_from=stdin; fi
  given=$((given + 1))
}

given=0
while [ $# -gt 0 ]; do
  case $1 in
    --env=* | --source=* | --id=* | --url=* | --timeout=*)
      option=$1
      shift
      set -- "${option%%=*}" "${option#*=}" "$@"
      ;;
  esac
  case $1 in --env | --source | --id | --url | --timeout) [ $# -gt 1 ] || wrong "$1 needs a value" ;; esac
  case $1 in
    --ok | --fail | --start | --log) status=${1#--} ;;
    --strict) strict=yes ;;
    --env) env_name=$2 && shift ;;
    --source) source_name=$2 && shift ;;
    --id) given_id=$2 && shift ;;
    --url) url=$2 && shift ;;
    --timeout) timeout_seconds=$2 && shift ;;
    -h | --help)
      usage
      exit 0
      ;;
    --)
      shift
      break
      ;;
    -?*) wrong "the option $1 is not known" ;;
    run) if [ "$given,$verb" = 0,affirm ]; then verb=run; else positional "$1"; fi ;;
    *) positional "$1" ;;
  esac
  shift
done
if [ "$verb" = affirm ]; then
  while [ $# -gt 0 ]; do
    positional "$1"
    shift
  done
fi
[ "$given" -gt 0 ] || wrong 'which event? Say its name or its key'
if [ "$verb" = run ] && { [ "$given" -ne 1 ] || [ $# -eq 0 ]; }; then wrong 'say run EVENT -- command ...'; fi
if [ -z "$url" ]; then
  [ "$verb" = run ] || wrong 'where is the server? Set AFFIRMATIVE_URL'
  say 'where is the server? AFFIRMATIVE_URL is not set: the command runs, and nothing is told'
fi
if ! to_millis "$timeout_seconds"; then
  say "\"$timeout_seconds\" is no number of seconds; 10 is taken"
  millis=10000
fi
limit=$millis
endpoint=${url%/}/api/v1/affirmations
[ -n "$source_name" ] || source_name=$(uname -n)
choose_tool
case $verb in
  run) run "$@" ;;
  *) affirm ;;
esac
