#!/usr/bin/env bash
# Makes the playground as static files: publish.sh FOLDER [HOME]
#   FOLDER   is made, or emptied if an earlier publish.sh made it
#   HOME     the address that a link in the page leads to, as seen from the page: ../ for the site around it. Without it there is no link.
set -euo pipefail
[ $# -ge 1 ] || { sed -n '2,4s/^# //p' "$0"; exit 2; }
mkdir -p "$1"
folder=$(cd "$1" && pwd)
cd "$(dirname "$0")"

[ -z "$(ls -A "$folder")" ] || [ -f "$folder/_framework/dotnet.js" ] || { echo "$folder holds something else than a playground: name an empty folder."; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

dotnet publish Playground.csproj -c Release -v quiet --nologo -o "$work"
# The compressed copies are for servers that look for them; most compress by themselves.
find "$work/wwwroot" -name '*.br' -delete -o -name '*.gz' -delete
[ $# -lt 2 ] || sed -i "s|<!-- home -->|<p><a href=\"$2\">MiniNet: guide and reference</a></p>|" "$work/wwwroot/index.html"
rm -rf "${folder:?}"/*
cp -r "$work/wwwroot/." "$folder"
echo "The playground is in $folder: $(du -sk "$folder" | cut -f1) KB. Any web server of static files will do, under any path."
