#!/usr/bin/env bash
#
# Draws everything that the portal can show, as PNG files 1280 and 390 pixels wide, in every tenant's look.
#
#   tests/screens.sh DIR                       everything
#   tests/screens.sh DIR sign-in-password      the pictures whose names contain this
#
# A picture's name is page.tenant.width.scheme.png, with '-de' after the tenant where the page is in German.
set -euo pipefail

folder=$(realpath -m "${1:?Usage: tests/screens.sh DIR [filter]}")
filter=${2:-}
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1
# No compiler or build server may outlive the run.
export DOTNET_CLI_USE_MSBUILD_SERVER=0 MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false UseRazorBuildServer=false
LOGINPORTAL_TEST_CHROMIUM=$(bash tests/find-chromium.sh)
export LOGINPORTAL_TEST_CHROMIUM

dotnet build tests/LoginPortal.EndToEnd --configuration Debug --disable-build-servers --nologo --verbosity quiet
dotnet tests/LoginPortal.EndToEnd/bin/Debug/net10.0/LoginPortal.EndToEnd.dll screens "$folder" "$filter"
