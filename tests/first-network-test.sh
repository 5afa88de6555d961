#!/usr/bin/env bash
# As a new user would: from an empty folder, with only the SDK, the guide "Your first network" is followed to the letter. Its commands are typed,
# its programs are pasted, and what they print must be what the page says. The package is the one that this checkout makes. Needs dotnet.
set -euo pipefail
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 LC_ALL=C

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
guide=$root/docs/guides/first-network.md
work=$(cd "$(mktemp -d)" && pwd -P)
trap 'rm -rf "$work"' EXIT
export NUGET_PACKAGES=$work/cache                   # the package of this run, whatever a cache holds
version=0.1.0-guide.$$

fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }
quietly() { "$@" > "$work/log" 2>&1 || { cat "$work/log" >&2; fail "$*"; }; }

# block <language> <number>: the text of a code block of the guide, counted from 1 among those of its language
block() { awk -v language="$1" -v number="$2" '/^```/ { if (inside) { inside = 0 } else { inside = ($0 ~ "^```" language "( |$)"); if (inside) n++; else inside = -1 } next } { if (inside == 1 && n == number) print } ' "$guide"; }

# Numbers to two places: the last digits depend on the processor. Spaces do not count.
rounded() { awk '{ for (i = 1; i <= NF; i++) { comma = sub(/,$/, "", $i) ? "," : ""; if ($i ~ /^-?[0-9]+\.[0-9]+(E-?[0-9]+)?$/) $i = sprintf("%.2f", $i); $i = $i comma } $1 = $1; print }' "$1"; }

# A copy is packed: the checkout's own restore and build stay as they are.
mkdir -p "$work/copy/artifacts/packages" "$work/feed" "$work/user"
(cd "$root" && tar -c --exclude=bin --exclude=obj src/MiniNet docs/images/icon.png Directory.* .editorconfig global.json nuget.config README.md LICENSE CHANGELOG.md) | tar -x -C "$work/copy"
quietly dotnet pack "$work/copy/src/MiniNet/MiniNet.csproj" -c Release -o "$work/feed" -p:Version="$version" -p:RunAnalyzers=false
cat > "$work/user/nuget.config" <<EOF
<configuration>
  <packageSources>
    <add key="mininet-guide-test" value="$work/feed" />
  </packageSources>
</configuration>
EOF

# The commands; the package of this checkout is not published, so its version is named.
cd "$work/user"
while read -r command; do
    echo "\$ $command"
    case $command in
        "cd "*) cd "${command#cd }" ;;
        "dotnet add package MiniNet") quietly dotnet add package MiniNet --version "$version" ;;
        "dotnet "*) quietly $command ;;
        *) fail "the guide has a command that this test does not know: $command" ;;
    esac
done < <(block sh 1)

# try <name> <expected> <blocks of C#>: a program made of the blocks prints what is expected
try() {
    { echo "using MiniNet;"; echo; cat; } > Program.cs
    dotnet run -c Release > "$work/printed" 2> "$work/log" || { cat "$work/printed" "$work/log" >&2; fail "$1 does not run"; }
    diff <(rounded "$2") <(rounded "$work/printed") || fail "$1 prints something else than the guide says"
    echo "$1 prints what the guide says"
}

block text 1 > "$work/expected"
block csharp 1 | try "XOR" "$work/expected"
block text 2 > "$work/expected"
{ block csharp 1 | head -n 2; block csharp 2; } | try "XOR step by step" "$work/expected"
for i in 3 4 5 6; do block text $i; done > "$work/expected"
for i in 3 4 5 6 7; do block csharp $i; done | try "Three rings" "$work/expected"
