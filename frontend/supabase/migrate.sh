#!/usr/bin/env bash
# Brings the database of DATABASE_URL to the newest migration: each in a transaction of its own, in the order of their
# names, at most one runner at a time. What was applied is never run again, and refused if it was edited since.
#
#   migrate.sh               applies what is pending
#   migrate.sh --status      lists all, exit 3 if not all are applied as they are
#   migrate.sh --force N     runs migration N now, whatever stands about it: again, or edited, or before others
#   migrate.sh --mark N      writes down all up to N as applied, without running them (a database that has them already)
#   migrate.sh --dir FOLDER  other migrations than those beside this script
#   migrate.sh --help        this
#
# N is a migration's name (20261124100000_people, with or without .sql), its number, or its place in the order, from 1.
#
# DATABASE_URL is a direct connection as the role `postgres`, not one of the transaction pooler (port 6543): the lock is
# the session's. Exit codes: 0 done, 1 refused or failed (the failed migration left nothing), 2 misused, 3 pending.
set -euo pipefail
shopt -s inherit_errexit
here=$(cd "$(dirname "$0")" && pwd)
directory=$here/migrations action=run wanted=

refuse() { echo "migrate: $1" >&2; exit "${2:-1}"; }
usage() { sed -n '2,/^set/{/^set/!s/^# \{0,1\}//p}' "$0"; }

only_one() { [ "$action" = run ] || refuse "either $action or $1, not both" 2; action=$1; }

while [ $# -gt 0 ]; do
  case $1 in
    --status) only_one --status ;;
    --force | --mark)
      only_one "$1"
      [ $# -gt 1 ] || refuse "$1 needs a migration: its name, its number or its place in the order" 2
      wanted=$2
      shift
      ;;
    --dir)
      [ $# -gt 1 ] && [ -d "$2" ] || refuse '--dir needs a folder that exists' 2
      directory=$(cd "$2" && pwd)
      shift
      ;;
    --help | -h) usage; exit 0 ;;
    *) refuse "what is $1? migrate.sh --help says what there is" 2 ;;
  esac
  shift
done

# All migrations, in order, as names without `.sql`, and their checksums. Whatever lies beside them under another form of
# name is a mistake.
names=() checksums=()
collect() {
  local file name before= own
  for file in "$directory"/*; do
    [ -e "$file" ] || continue
    name=${file##*/}
    [[ $name =~ ^[0-9]{14}_[a-z0-9_]+\.sql$ ]] || refuse "$name is no name of a migration: 14 digits, _, a-z and _, .sql"
    [ "${name%%_*}" != "$before" ] || refuse "two migrations have the number $before"
    names+=("${name%.sql}") before=${name%%_*}
  done
  [ ${#names[@]} -gt 0 ] || refuse "no migrations in $directory"
  own=$(grep -liE '^[[:space:]]*(begin|start transaction|commit|rollback)( work| transaction)?[[:space:]]*;' "$directory"/*) || true
  [ -z "$own" ] || refuse "${own##*/} begins or ends a transaction: each migration is one, and this script makes it"
  mapfile -t checksums < <(sha256sum "$directory"/* | cut -c1-64)
}

# The place of what --force or --mark named, from 0.
place() {
  local at
  if [[ $wanted =~ ^[0-9]{1,4}$ ]] && [ "$((10#$wanted))" -ge 1 ] && [ "$((10#$wanted))" -le ${#names[@]} ]; then
    echo $((10#$wanted - 1))
    return
  fi
  for at in "${!names[@]}"; do
    case ${wanted%.sql} in "${names[at]}" | "${names[at]%%_*}" | "${names[at]#*_}") echo "$at"; return ;; esac
  done
  refuse "there is no migration $wanted; there are: $(printf '\n  %s' "${names[@]}")"
}

# Passwords in arguments are seen by everybody on the machine.
connection() {
  [ -n "${DATABASE_URL:-}" ] || refuse 'DATABASE_URL says which database; it is not set' 2
  command -v psql >/dev/null || refuse 'psql is missing; this brings it: sudo apt-get install -y postgresql-client'
  url=$DATABASE_URL
  if [[ $url =~ ^(postgres(ql)?://[^:/@]+):([^@/]*)@(.*)$ ]]; then
    PGPASSWORD=$(printf '%b' "${BASH_REMATCH[3]//%/\\x}")
    export PGPASSWORD
    url=${BASH_REMATCH[1]}@${BASH_REMATCH[4]}
  fi
  export PGCONNECT_TIMEOUT=${PGCONNECT_TIMEOUT:-10} PGAPPNAME=migrate
}

# Everything that one session does, written for psql.
script() {
  local at name
  echo '\i wanted.sql'
  for at in "${!names[@]}"; do
    name=${names[at]}
    echo "insert into wanted values ($at, '${name%%_*}', '${name#*_}', '${checksums[at]}');"
  done
  if [ "$action" = --status ]; then echo '\i status.sql'; return; fi
  echo '\i lock.sql'
  case $action in
    --force) apply "$target" ;;
    --mark) printf '\\set at %s\n\\i mark.sql\n' "$target" ;;
    run)
      echo '\i check.sql'
      for at in "${!names[@]}"; do
        printf '\\set at %s\n\\i pending.sql\n\\if :pending\n' "$at"
        apply "$at"
        echo '\endif'
      done
      ;;
  esac
}

apply() {
  printf "\\\\set at %s\n\\\\i clean.sql\nbegin;\n\\\\i '%s'\n\\\\i record.sql\ncommit;\n\\\\echo applied %s\n" \
    "$1" "${directory//\'/\'\'}/${names[$1]}.sql" "${names[$1]}"
}

collect
connection
target=
if [ -n "$wanted" ]; then target=$(place); fi
text=$(script)
cd "$here/migrate"
database() { psql -X -q -A -t -F '  ' -v ON_ERROR_STOP=1 -d "$url" <<<"$text"; }

status=0
exec 3>&1
# What check.sql refuses is for people to read.
found=$(if [ "$action" = --status ]; then database; else database >&3; fi 2> >(sed -u 's/^psql:\(check\|lock\)\.sql:[0-9]*: ERROR:  /migrate: /' >&2)) ||
  status=$?
case $status in
  0) ;;
  2) refuse 'the database does not answer, or not to this role: look at DATABASE_URL' ;;
  3) refuse 'stopped; what was not applied left nothing' ;;
  *) exit "$status" ;;
esac
if [ "$action" = --status ]; then
  echo "$found"
  ! grep -qvE '^ *[0-9]+  applied ' <<<"$found" || exit 3
fi
