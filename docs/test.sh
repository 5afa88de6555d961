#!/usr/bin/env bash
# Builds the site and tests it: every link, and every page in a headless browser. docs/test.sh [folder for screenshots]
# What is not on this machine is said, and skipped; the code in the guides is tested by tests/MiniNet.PublicApi.Tests.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
shots=${1:+$(mkdir -p "$1" && cd "$1" && pwd)}

if ! command -v npm > /dev/null; then
    echo "!! SKIPPED: the documentation site. npm (Node.js 18 or later) is not here, so nothing of it was tested. !!"
    exit 0
fi
./build.sh
node tools/check-links.mjs

chromium=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}
if [ ! -x "$chromium" ]; then
    echo "!! SKIPPED: the pages in a browser. There is no Chromium; install it, or let CHROMIUM name it. !!"
    exit 0
fi
CHROMIUM=$chromium node tools/check-browser.mjs ${shots:+"$shots"}
