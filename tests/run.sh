#!/usr/bin/env bash
#
# Builds the solution and runs every test project under tests/, against a PostgreSQL server of its own and the
# system's Chromium. Both are stopped, and every file of the run removed, before it ends.
#
#   tests/run.sh                                          everything
#   tests/run.sh LoginPortal.Core.Tests                   one project, or several
#   tests/run.sh --filter FullyQualifiedName~Totp         passed on to 'dotnet test'
#
# The last line is always 'N passed, N failed', with ', N skipped' where any were. Exit code 1 when anything failed, when the
# build failed, or when a project ran no test.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en
# No compiler or build server may outlive the run.
export DOTNET_CLI_USE_MSBUILD_SERVER=0 MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false UseRazorBuildServer=false
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1
# Hosts that live for seconds do not earn back what profiling them, or a second collector thread, costs: a third of their processor time.
export DOTNET_TieredPGO=0 DOTNET_gcConcurrent=0

passed=0 failed=0 skipped=0
work='' database='' child=''

finish() {
  local code=$?
  trap - EXIT INT TERM
  if [[ -n $child ]]; then kill -- "-$child" 2>/dev/null || true; fi
  if [[ -n $database ]]; then stop_postgresql; fi
  if [[ -n $work ]]; then rm -rf "$work"; fi
  if ((code != 0 && failed == 0)); then failed=1; fi
  if ((failed > 0)); then code=1; fi
  local line="$passed passed, $failed failed"
  if ((skipped > 0)); then line+=", $skipped skipped"; fi
  echo "$line"
  exit "$code"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# ---- What the run needs --------------------------------------------------------------------------------------------

find_postgresql() {
  local folder
  for folder in /usr/lib/postgresql/15/bin "$(dirname "$(command -v initdb || echo /none/initdb)")"; do
    if [[ -x $folder/initdb && -x $folder/pg_ctl ]]; then echo "$folder"; return; fi
  done
}

missing_packages() {
  if [[ -z $(bash tests/find-chromium.sh) ]]; then echo chromium-headless-shell; fi
  if [[ -z $(find_postgresql) ]]; then echo postgresql-15; fi
  if ! command -v oathtool >/dev/null; then echo oathtool; fi
  if ! command -v curl >/dev/null; then echo curl; fi
  if ! command -v zbarimg >/dev/null; then echo zbar-tools; fi
  # Clients of OpenID Connect that others wrote.
  if [[ ! -f /usr/lib/apache2/modules/mod_auth_openidc.so ]]; then echo libapache2-mod-auth-openidc; fi
  if ! /usr/bin/python3 -c 'import authlib, requests' 2>/dev/null; then echo python3-authlib python3-requests | tr ' ' '\n'; fi
  if ! command -v npm >/dev/null; then echo npm; fi
  if ! command -v nginx >/dev/null && [[ ! -x /usr/sbin/nginx ]]; then echo nginx-light; fi
  # A page without any font has no text to see or to measure.
  if [[ ! -d /usr/share/fonts/truetype/dejavu ]] && ! { command -v fc-list >/dev/null && [[ -n $(fc-list) ]]; }; then
    echo fonts-dejavu-core
  fi
}

provide_packages() {
  if ! command -v dotnet >/dev/null; then
    echo 'The .NET 10 SDK is missing: see https://dotnet.microsoft.com/download' >&2
    exit 1
  fi
  local missing
  mapfile -t missing < <(missing_packages)
  if ((${#missing[@]} == 0)); then return; fi

  if ((EUID == 0)) && command -v apt-get >/dev/null; then
    echo "Installing ${missing[*]}"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
    mapfile -t missing < <(missing_packages)
    if ((${#missing[@]} == 0)); then return; fi
  fi
  echo "Missing: ${missing[*]}. Install them first, on Debian or Ubuntu with:" >&2
  echo "  sudo apt-get install ${missing[*]}" >&2
  exit 1
}

# ---- A PostgreSQL server of the run's own --------------------------------------------------------------------------

# PostgreSQL refuses to run as root.
as_database_user() {
  if ((EUID == 0)); then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}

free_port() {
  local port
  while true; do
    port=$((20000 + RANDOM % 12000))
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then echo "$port"; return; fi
  done
}

start_postgresql() {
  postgresql=$(find_postgresql)
  local folder=$work/postgresql password port attempt
  password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  mkdir "$folder"
  echo "$password" >"$folder/password"
  if ((EUID == 0)); then
    chmod 711 "$work"
    chown -R postgres "$folder"
  fi
  chmod 700 "$folder"

  as_database_user "$postgresql/initdb" --pgdata="$folder/data" --username=postgres --pwfile="$folder/password" \
    --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 --no-sync >"$work/initdb.log" 2>&1 || {
    cat "$work/initdb.log" >&2
    exit 1
  }
  cat >>"$folder/data/postgresql.conf" <<SETTINGS
listen_addresses = '127.0.0.1'
unix_socket_directories = '$folder'
max_connections = 200
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
wal_level = minimal
max_wal_senders = 0
SETTINGS

  database=$folder/data
  # Another process may take the port between the look and the start; then try the next.
  for attempt in 1 2 3 4 5; do
    port=$(free_port)
    if as_database_user "$postgresql/pg_ctl" start --pgdata="$folder/data" --log="$folder/server.log" --wait --silent \
      --options="-p $port" >/dev/null; then
      export LOGINPORTAL_TEST_POSTGRESQL="Host=127.0.0.1;Port=$port;Username=postgres;Password=$password;Database=postgres"
      return
    fi
  done
  cat "$folder/server.log" >&2
  exit 1
}

# pg_ctl signals the process named in the data folder, and no other.
stop_postgresql() {
  as_database_user "$postgresql/pg_ctl" stop --pgdata="$database" --mode=immediate --wait --silent >/dev/null || true
}

# ---- The tests -----------------------------------------------------------------------------------------------------

# One number from a trx file's summary, 0 where the file or the number is not there.
counter() {
  local value=''
  if [[ -f $1 ]]; then
    value=$(grep -o '<Counters [^>]*' "$1" | grep -o " $2=\"[0-9]*\"" | tr -cd '0-9' || true)
  fi
  echo "${value:-0}"
}

run_project() {
  local project=$1 results=$work/results/$1 code=0 total ok bad
  echo
  echo "== $project"
  setsid dotnet test "tests/$project" --no-build --nologo --results-directory "$results" --logger 'trx;LogFileName=results.trx' \
    --logger 'console;verbosity=minimal' --blame-hang-timeout 15m --blame-hang-dump-type none "${filter[@]}" &
  # A process group of its own, and waited for: a signal to this script ends the test host with it, and at once.
  child=$!
  wait "$child" || code=$?
  child=''

  total=$(counter "$results/results.trx" total)
  ok=$(counter "$results/results.trx" passed)
  bad=$(($(counter "$results/results.trx" failed) + $(counter "$results/results.trx" error) +
    $(counter "$results/results.trx" timeout) + $(counter "$results/results.trx" aborted)))
  skipped=$((skipped + total - ok - bad))

  if ((total == 0 && ${#filter[@]} == 0)); then
    echo "$project ran no test." >&2
    bad=1
  elif ((code != 0 && bad == 0 && total > 0)); then
    echo "$project ended with exit code $code although no test failed." >&2
    bad=1
  fi
  passed=$((passed + ok))
  failed=$((failed + bad))
}

projects=() filter=()
while (($# > 0)); do
  case $1 in
    --filter)
      filter=(--filter "${2:?--filter needs an expression}")
      shift 2
      ;;
    -*)
      echo "Unknown option $1" >&2
      exit 1
      ;;
    *)
      projects+=("$(basename "$1" .csproj)")
      shift
      ;;
  esac
done
if ((${#projects[@]} == 0)); then
  for folder in tests/*Tests/ tests/*EndToEnd/; do projects+=("$(basename "$folder")"); done
fi

provide_packages
LOGINPORTAL_TEST_CHROMIUM=$(bash tests/find-chromium.sh)
export LOGINPORTAL_TEST_CHROMIUM

if [[ ! -d tests/ForeignClients/node_modules ]]; then npm ci --prefix tests/ForeignClients --silent --no-audit --no-fund; fi

dotnet restore LoginPortal.sln --disable-build-servers
dotnet build LoginPortal.sln --configuration Debug --no-restore --disable-build-servers -nodeReuse:false --nologo

work=$(mktemp -d)
start_postgresql
for project in "${projects[@]}"; do run_project "$project"; done

if ((passed + failed == 0)); then
  echo 'No test ran.' >&2
  exit 1
fi
