#!/usr/bin/env bash
# Adds a migration of the same name for both engines: bash eng/add-migration.sh AddSomething
set -euo pipefail
cd "$(dirname "$0")/.."
name=${1:?"usage: bash eng/add-migration.sh Name"}
dotnet tool restore
for engine in Sqlite PostgreSql; do
  dotnet ef migrations add "$name" --project LoginPortal.Core --startup-project LoginPortal.Core \
    --context "${engine}PortalDbContext" --output-dir "Data/Migrations/$engine"
done
