#!/usr/bin/env bash
# Builds the documentation site: docs/build.sh. The pages are then in docs/.vitepress/dist. Needs the .NET SDK, node and npm.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

command -v npm > /dev/null || { echo "MISSING: npm (Node.js 18 or later) builds the site, and it is not here" >&2; exit 1; }

# The API reference, from the assemblies and their documentation. What is undocumented, or links nowhere, stops it.
dotnet run --project tools/ApiPages -c Release -- "$(cd .. && pwd)"

# The playground, a page of its own beside them.
../samples/Playground/publish.sh public/playground ../

[ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --no-audit --no-fund --loglevel error
npx --no-install vitepress build .
echo "The site is in docs/.vitepress/dist; docs/serve.sh shows it"
