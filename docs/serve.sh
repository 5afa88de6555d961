#!/usr/bin/env bash
# Shows the built site at http://localhost:4173, or at another port: docs/serve.sh [port]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
[ -d .vitepress/dist ] || ./build.sh
exec npx --no-install vitepress preview . --port "${1:-4173}"
