#!/usr/bin/env bash
#
# Publishes the portal, starts it, and prints how many bytes a first visit of a sign-in page transfers: each response as it
# came over the wire, headers included, and the frames of the circuit.
#
#   tests/page-weight.sh [path]        default /t/acme/sign-in
set -euo pipefail

path=${1:-/t/acme/sign-in}
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1
# No compiler or build server may outlive the run.
export DOTNET_CLI_USE_MSBUILD_SERVER=0 MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false UseRazorBuildServer=false
LOGINPORTAL_TEST_CHROMIUM=$(bash tests/find-chromium.sh)
export LOGINPORTAL_TEST_CHROMIUM

work=$(mktemp -d) portal=''
finish() {
  if [[ -n $portal ]]; then
    kill "$portal" 2>/dev/null || true
    wait "$portal" 2>/dev/null || true
  fi
  rm -rf "$work"
}
trap finish EXIT

free_port() {
  local port
  while true; do
    port=$((20000 + RANDOM % 12000))
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then echo "$port"; return; fi
  done
}

dotnet publish LoginPortal --configuration Release --output "$work/portal" --disable-build-servers --nologo --verbosity quiet
dotnet build tests/LoginPortal.EndToEnd --configuration Debug --disable-build-servers --nologo --verbosity quiet

# Development brings the demo tenants; what is sent is the published build all the same.
port=$(free_port)
(
  cd "$work/portal"
  export ASPNETCORE_ENVIRONMENT=Development ASPNETCORE_URLS="http://localhost:$port" Portal__PublicOrigin="http://localhost:$port"
  export ConnectionStrings__Portal="Data Source=$work/portal.db"
  exec dotnet LoginPortal.dll >"$work/portal.log" 2>&1
) &
portal=$!
until grep -q 'is ready' "$work/portal.log" 2>/dev/null; do
  kill -0 "$portal" 2>/dev/null || { cat "$work/portal.log" >&2; exit 1; }
  read -rt 0.2 <> <(:) || true
done

dotnet tests/LoginPortal.EndToEnd/bin/Debug/net10.0/LoginPortal.EndToEnd.dll page-weight "http://localhost:$port$path"
