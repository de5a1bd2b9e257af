#!/bin/sh
# The call of the original affirmative, as it stood: shell_client.sh HOST:PORT ENV EVENT [DATA]
# affirm.sh has to lie beside it; its settings hold here, too, but for the two that are given.
if [ $# -lt 3 ] || [ $# -gt 4 ]; then
  echo 'shell_client.sh: say shell_client.sh HOST:PORT ENV EVENT [DATA]' >&2
  exit 2
fi
case $1 in
  *://*) url=$1 ;;
  *) url=http://$1 ;;
esac
here=$(dirname -- "$0")
if [ $# -eq 4 ]; then
  # A lone - is read from stdin by affirm.sh, and was data here.
  if [ "$4" = - ]; then
    printf %s - | sh "$here/affirm.sh" --url "$url" --env "$2" -- "$3" -
    exit
  fi
  exec sh "$here/affirm.sh" --url "$url" --env "$2" -- "$3" "$4"
fi
exec sh "$here/affirm.sh" --url "$url" --env "$2" -- "$3"
