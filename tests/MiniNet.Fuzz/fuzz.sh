#!/usr/bin/env bash
# Fuzzes the readers of files with afl++, guided by which branches of the library a file reaches.
#
#     tests/MiniNet.Fuzz/fuzz.sh SECONDS [TARGET ...]
#
# Needs afl-fuzz (Debian: afl++) and the tool sharpfuzz, on the path or in the folder that SHARPFUZZ names:
#     dotnet tool install --global SharpFuzz.CommandLine
# What it finds lies in artifacts/fuzz/TARGET/default/crashes: files on which anything but the documented exception came.
set -euo pipefail
cd "$(dirname "$0")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
export AFL_SKIP_BIN_CHECK=1 AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1

seconds=${1:?"usage: fuzz.sh SECONDS [TARGET ...]"}
shift
[ $# -gt 0 ] || set -- safetensors checkpoint onnx npy npz idx csv csv-values
PATH=$PATH:${SHARPFUZZ:-$HOME/.dotnet/tools}

root=$(cd ../.. && pwd)
results=$root/artifacts/fuzz
program=$results/bin
rm -rf "$program"
mkdir -p "$results"
dotnet publish MiniNet.Fuzz.csproj -c Release -o "$program" --nologo -v quiet -p:RunAnalyzers=false
for target in "$@"; do
    rm -rf "$results/$target" "$results/$target.seeds"
    mkdir -p "$results/$target.seeds"
    dotnet "$program/MiniNet.Fuzz.dll" seeds "$target" "$results/$target.seeds"
done
for library in MiniNet MiniNet.Csv MiniNet.Onnx; do
    sharpfuzz "$program/$library.dll"
done

found=0
for target in "$@"; do
    work=$results/$target
    afl-fuzz -i "$work.seeds" -o "$work" -V "$seconds" -t 10000 -m none -- dotnet "$program/MiniNet.Fuzz.dll" afl "$target" > "$work.log" 2>&1 || { tail -n 20 "$work.log"; exit 1; }
    stats=$work/default/fuzzer_stats
    value() { sed -n "s/^$1 *: //p" "$stats"; }
    echo "$target: $(value execs_done) files, $(value corpus_count) kept as new ways through the library, $(value saved_crashes) crashes, $(value saved_hangs) hangs"
    [ "$(value saved_crashes)" = 0 ] && [ "$(value saved_hangs)" = 0 ] || found=1
done
exit "$found"
