#!/usr/bin/env bash
# Builds the playground and uses it in headless Chromium as a reader would: test.sh [FOLDER FOR SCREENSHOTS]
# It needs node and npm, from which it fetches playwright-core into artifacts/, and Chromium: the one that CHROMIUM names, or the first in the path.
set -euo pipefail
screenshots=${1:+$(mkdir -p "$1" && cd "$1" && pwd)}
cd "$(dirname "$0")"
work=$(cd ../.. && pwd)/artifacts/playground

missing=0
for tool in node npm; do
    command -v "$tool" > /dev/null || { echo "MISSING: $tool. Install Node.js 20 or later."; missing=1; }
done
chromium=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}
[ -n "$chromium" ] || { echo "MISSING: Chromium. Install it (on Debian: apt-get install chromium), or let CHROMIUM name it."; missing=1; }
[ "$missing" = 0 ] || { echo "The playground was not tested."; exit 1; }

bash publish.sh "$work/site"
mkdir -p "$work/node"
[ -d "$work/node/node_modules/playwright-core" ] || npm install --prefix "$work/node" --no-save --no-package-lock --silent playwright-core@1.65

NODE_PATH="$work/node/node_modules" CHROMIUM="$chromium" node test.cjs "$work/site" "$work/listing" "$screenshots"
