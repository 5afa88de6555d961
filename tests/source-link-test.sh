#!/usr/bin/env bash
# Proves that the symbols lead to the sources: a debugger that steps into a package finds each file at the address of the commit that it was built from.
# A clone of the last commit gets the address of a repository as GitHub has them (nothing is fetched from it), and is packed with source link on, as a
# published repository's build does. Then every document in every PDB is compared with the commit. Needs dotnet, git and unzip.
set -euo pipefail
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 LC_ALL=C

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
work=$(cd "$(mktemp -d)" && pwd -P)
trap 'rm -rf "$work"' EXIT
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }

git clone --quiet --no-hardlinks "$root" "$work/clone"
commit=$(git -C "$work/clone" rev-parse HEAD)
git -C "$work/clone" remote set-url origin https://github.com/example/MiniNet.git
url=https://raw.githubusercontent.com/example/MiniNet/$commit/

# A program in one file, away from the settings of this repository.
mkdir "$work/check"
cp "$root/tests/source-link.cs" "$work/check"
dotnet build "$work/check/source-link.cs" -o "$work/check/out" -v quiet --nologo > "$work/log" 2>&1 || { cat "$work/log" >&2; fail "the check does not build"; }

for id in MiniNet MiniNet.Csv MiniNet.Onnx; do
    dotnet pack "$work/clone/src/$id/$id.csproj" -o "$work/packages" -c Release -p:EnableSourceLink=true -p:ContinuousIntegrationBuild=true -p:RunAnalyzers=false > "$work/log" 2>&1 || { cat "$work/log" >&2; fail "$id is not packed"; }
    ! grep -E 'warning [A-Z]+[0-9]+' "$work/log" || fail "packing $id with source link warns"
    mkdir "$work/$id"
    unzip -q -o "$work/packages/$id.*.snupkg" -d "$work/$id"
    unzip -q -o "$work/packages/$id.[0-9]*.nupkg" "lib/net10.0/$id.dll" "$id.nuspec" -d "$work/$id"
    grep -qF "<repository type=\"git\" url=\"https://github.com/example/MiniNet.git\"" "$work/$id/$id.nuspec" && grep -qF "commit=\"$commit\"" "$work/$id/$id.nuspec" || fail "$id does not name its repository and commit: $(grep '<repository' "$work/$id/$id.nuspec")"
    printf '%s: ' "$id"
    dotnet "$work/check/out/source-link.dll" "$work/$id/lib/net10.0/$id.dll" "$work/$id/lib/net10.0/$id.pdb" "$work/clone" "$commit" "$url" || fail "the symbols of $id do not lead to its sources"
done
