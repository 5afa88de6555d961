#!/usr/bin/env bash
# Follows the guide "From PyTorch and back", both sides of it: Python trains and saves, the guide's C# programs train on, Python reads what they wrote,
# and what Python prints must be what the page says. The other networks of make_pytorch.py go there and back, too.
# Needs python3 with torch, NumPy and onnx, the one that PYTHON names or the first on the path; and the tests, built.
set -euo pipefail
cd "$(dirname "$0")"
export PYTHONDONTWRITEBYTECODE=1
here=$PWD root=$(cd ../.. && pwd) python=${PYTHON:-python3} work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PYTHONPATH=$here

fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }

# what the guide says that a script prints; numbers to two places, since the last digits depend on the processor
printed() { awk -v block="txt $1" '/^```/ { inside = ($0 == "```" block); next } inside' "$root/docs/guides/pytorch.md"; }
rounded() { awk '{ for (i = 1; i <= NF; i++) if ($i ~ /^-?[0-9]+\.[0-9]+$/) $i = sprintf("%.2f", $i); print }'; }
compare() { diff <(printed "$1" | rounded) <(rounded < "$work/$1.out") || fail "$1 prints something else than the guide says"; }

cd "$work"
"$python" "$here/rings_train.py" > rings_train.py.out
MININET_GUIDE_OUT=$work "$root/tests/MiniNet.PublicApi.Tests/bin/Debug/net10.0/MiniNet.PublicApi.Tests" --filter-class '*GuideTests' > tests.log || { cat tests.log; fail "the guide's programs"; }
"$python" "$here/rings_back.py" > rings_back.py.out
compare rings_train.py
compare rings_back.py
MININET_PYTORCH_OUT=$work "$root/tests/MiniNet.Tests/bin/Debug/net10.0/MiniNet.Tests" --filter-class '*PyTorchTests' > tests.log || { cat tests.log; fail "PyTorchTests"; }
"$python" "$here/make_pytorch.py" "$work"
echo "The guide holds, on both sides."
