#!/usr/bin/env bash
# Proves `dotnet new mininet`: packs the library and its template, installs the template into a hive of its own, makes a project in an
# empty folder, and runs it. Nothing of the machine's own templates and caches stays changed. Needs dotnet.
set -euo pipefail
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 LC_ALL=C

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
work=$(cd "$(mktemp -d)" && pwd -P)
trap 'rm -rf "$work"' EXIT
export NUGET_PACKAGES=$work/cache                   # the package of this run, whatever a cache holds under its version
version=0.1.0-template.$$

fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }
quietly() {
    local log=$work/log
    "$@" > "$log" 2>&1 || { cat "$log" >&2; fail "$*"; }
}

# Copies are packed: the checkout's own restore and build stay as they are.
mkdir -p "$work/copy/artifacts/packages" "$work/feed" "$work/empty"
(cd "$root" && tar -c --exclude=bin --exclude=obj src/MiniNet templates docs/images/icon.png Directory.* .editorconfig global.json nuget.config README.md LICENSE CHANGELOG.md) | tar -x -C "$work/copy"
for project in src/MiniNet/MiniNet.csproj templates/MiniNet.Templates.csproj; do
    quietly dotnet pack "$work/copy/$project" -c Release -o "$work/feed" -p:Version="$version" -p:RunAnalyzers=false
done

hive=(--debug:custom-hive "$work/hive")
quietly dotnet new install "$work/feed/MiniNet.Templates.$version.nupkg" "${hive[@]}"
cat > "$work/empty/nuget.config" <<EOF
<configuration>
  <packageSources>
    <add key="mininet-template-test" value="$work/feed" />
  </packageSources>
</configuration>
EOF
(cd "$work/empty" && quietly dotnet new mininet -o First "${hive[@]}")
[ -f "$work/empty/First/First.csproj" ] || fail "the project is not named after its folder: $(ls "$work/empty/First")"
grep -qF "Version=\"$version\"" "$work/empty/First/First.csproj" || fail "the project asks for another version: $(cat "$work/empty/First/First.csproj")"
quietly dotnet build "$work/empty/First" -c Release -o "$work/out" -warnaserror
dotnet "$work/out/First.dll" > "$work/printed" || fail "the program ends with an error: $(cat "$work/printed")"
grep -qE '^right on (9[0-9]|100) of 100 new points$' "$work/printed" || fail "it has not learned: $(cat "$work/printed")"
tail -n 3 "$work/printed"
echo "dotnet new mininet makes a program that builds without a warning and learns"
