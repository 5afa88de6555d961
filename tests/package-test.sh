#!/usr/bin/env bash
# Proves the packages as a user meets them: packs MiniNet, MiniNet.Csv and MiniNet.Onnx, looks into them, and builds, runs and
# publishes, trimmed and ahead of time, programs outside the repository that know the library only by its package.
# Needs dotnet and unzip; ahead-of-time publishing needs clang or gcc and is skipped, loudly, without them.
set -euo pipefail
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 LC_ALL=C

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
feed=$root/artifacts/packages
work=$(cd "$(mktemp -d)" && pwd -P)
# A version of its own for each run: a package of the same version in the machine's cache would be taken instead of ours.
version=0.1.0-test.$(date +%Y%m%d%H%M%S).$$
cache=$(dotnet nuget locals global-packages --list | sed -n 's/^.*global-packages: *//p')

clean_up() {
    rm -rf "$work"
    for id in MiniNet MiniNet.Csv MiniNet.Onnx; do
        rm -f "$feed/$id.$version.nupkg" "$feed/$id.$version.snupkg"
        rm -rf "${cache:?}/${id,,}/$version"
    done
}
trap clean_up EXIT

step() { printf '\n== %s (after %s s)\n' "$*" "$SECONDS"; }
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }

# Runs a command with its output in a file, and shows that only if it fails.
quietly() {
    local log=$1
    shift
    "$@" > "$log" 2>&1 || { cat "$log" >&2; fail "$*"; }
}

# Analyzers change no byte of what is built, and the build of the solution has them on.
settings=(-c Release -p:Version="$version" -p:ContinuousIntegrationBuild=true -p:RunAnalyzers=false)

step "Pack $version"
mkdir -p "$feed"
for id in MiniNet MiniNet.Csv MiniNet.Onnx; do
    quietly "$work/pack.log" dotnet pack "$root/src/$id/$id.csproj" -o "$feed" "${settings[@]}"
    ! grep -E 'warning [A-Z]+[0-9]+' "$work/pack.log" || fail "packing $id warns"
done

step "Contents"
# check_package <id> <dependency>...: the files that must be there, and no dependency but these
check_package() {
    local id=$1 file listed depends expected
    shift
    file=$feed/$id.$version.nupkg
    [ -f "$file" ] || fail "$file was not made"
    listed=$(unzip -Z1 "$file")
    for entry in README.md LICENSE icon.png "lib/net10.0/$id.dll" "lib/net10.0/$id.xml"; do
        grep -qxF "$entry" <<< "$listed" || fail "$id has no $entry, it has: $listed"
    done
    [ "$(grep -c '^lib/' <<< "$listed")" = 2 ] || fail "$id has more in lib than its assembly and documentation: $listed"
    unzip -p "$file" "$id.nuspec" > "$work/nuspec"
    [ "$(grep -c '<group ' "$work/nuspec")" = 1 ] && grep -q '<group targetFramework="net10.0">' "$work/nuspec" || fail "$id has other groups of dependencies than net10.0"
    grep -q '<icon>icon.png</icon>' "$work/nuspec" && grep -q '<releaseNotes>.*# Changes' "$work/nuspec" && grep -q '<tags>' "$work/nuspec" || fail "$id says nothing of its icon, its tags or its changes"
    depends=$(sed -n 's/.*<dependency id="\([^"]*\)".*/\1/p' "$work/nuspec" | sort)
    expected=$(printf '%s\n' "$@" | sort)
    [ "$depends" = "$expected" ] || fail "$id depends on: ${depends//$'\n'/, }; expected: ${expected//$'\n'/, }"
    listed=$(unzip -Z1 "$feed/$id.$version.snupkg")         # not piped: grep -q leaves early, and unzip would die of it
    grep -qxF "lib/net10.0/$id.pdb" <<< "$listed" || fail "$id has no symbols package with $id.pdb"
    if [ "$(unzip -p "$file" README.md | wc -c)" = 0 ]; then echo "NOTE: the README.md in $id is empty"; fi
    echo "$id: $(wc -c < "$file") bytes, depends on ${depends//$'\n'/, }"
}
check_package MiniNet System.Numerics.Tensors
check_package MiniNet.Csv MiniNet Sylvan.Data.Csv
check_package MiniNet.Onnx Google.Protobuf MiniNet

step "The same bytes from another folder"
# Built from a copy, so that a path of this machine in the assembly would show.
mkdir "$work/copy"
(cd "$root" && tar -c --exclude=bin --exclude=obj src/MiniNet Directory.*.props .editorconfig global.json nuget.config README.md LICENSE) | tar -x -C "$work/copy"
mkdir -p "$work/copy/artifacts/packages"
quietly "$work/copy.log" dotnet build "$work/copy/src/MiniNet/MiniNet.csproj" "${settings[@]}"
unzip -p "$feed/MiniNet.$version.nupkg" lib/net10.0/MiniNet.dll | cmp - "$work/copy/src/MiniNet/bin/Release/net10.0/MiniNet.dll" || fail "two builds of MiniNet.dll differ"
echo "MiniNet.dll is the same, byte for byte"

# new_project <name> <package>: a console project that sees the package and nothing of the repository
new_project() {
    mkdir "$work/$1"
    for file in Directory.Build.props Directory.Build.targets Directory.Packages.props; do
        echo '<Project />' > "$work/$1/$file"
    done
    # Adds the folder to the machine's own sources, which stay as they are.
    cat > "$work/$1/nuget.config" <<EOF
<configuration>
  <packageSources>
    <add key="mininet-package-test" value="$feed" />
  </packageSources>
</configuration>
EOF
    # As the template for ahead-of-time console programs has it; every trim warning is to be shown by itself.
    cat > "$work/$1/$1.csproj" <<EOF
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
    <Nullable>enable</Nullable>
    <InvariantGlobalization>true</InvariantGlobalization>
    <PublishAot>true</PublishAot>
    <TrimmerSingleWarn>false</TrimmerSingleWarn>
    <NuGetAudit>false</NuGetAudit>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="$2" Version="$version" />
  </ItemGroup>
</Project>
EOF
}

new_project Xor MiniNet
cat > "$work/Xor/Program.cs" <<'EOF'
using MiniNet;

float[] x = [0, 0,   0, 1,   1, 0,   1, 1];
float[] y = [0,      1,      1,      0];

var model = new Sequential<float>(inputs: 2, seed: 1, new Dense(4), new Sigmoid(), new Dense(1), new Sigmoid());
model.Fit(x, y, new MeanSquaredError(), new Sgd(learningRate: 2), epochs: 5_000);

Console.WriteLine(model);
Console.WriteLine(string.Join(", ", model.Predict(x)));
EOF

# The same with saving and loading.
new_project Files MiniNet
cp "$work/Xor/Program.cs" "$work/Files/Program.cs"
cat >> "$work/Files/Program.cs" <<'EOF'
string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
model.Save(path);
Console.WriteLine($"the same bits: {Sequential<float>.Load(path).Predict(x).SequenceEqual(model.Predict(x))}");
File.Delete(path);
EOF

new_project Csv MiniNet.Csv
cat > "$work/Csv/Program.cs" <<'EOF'
using MiniNet;

const string Text = "x,y,\"which side\"\r\n0,0,out\r\n0,1,in\r\n1,0,in\r\n1,1,out\r\n";
Dataset<float> data = CsvDataset.LoadClasses<float>(new StringReader(Text), label: "which side");

var model = new Sequential<float>(2, seed: 1, new Dense(8), new Tanh(), new Dense(2), new Softmax());
model.Fit(data, new CrossEntropy(), new Adam(0.05), epochs: 500, seed: 1);
Console.WriteLine($"{string.Join(" ", data.ClassNames!)}: {model.Evaluate(data, new CrossEntropy()).Accuracy}");
EOF

new_project Onnx MiniNet.Onnx
cat > "$work/Onnx/Program.cs" <<'EOF'
using MiniNet;

var model = new Sequential<float>((8, 8, 3), seed: 1, new Conv2D(4, kernel: 3), new BatchNorm(), new ReLU(), new MaxPool2D(2), new Flatten(), new Dense(2), new Softmax());
using var file = new MemoryStream();
model.ExportOnnx(file);
file.Position = 0;
float[] x = [.. Enumerable.Range(0, 192).Select(i => MathF.Sin(i))];
Console.WriteLine($"the same bits: {model.Predict(x).SequenceEqual(OnnxModel.Load<float>(file).Predict(x))}");
EOF

check_xor() {
    grep -qF 'Dense(4)' "$1" || fail "the model does not print itself: $(cat "$1")"
    sed -n 2p "$1" | awk -F', ' '{ ok = NF == 4 && $1 < 0.1 && $2 > 0.9 && $3 > 0.9 && $4 < 0.1 } END { exit !ok }' || fail "XOR is not learned: $(cat "$1")"
    tail -n 1 "$1"
}
check_bits() { [ "$(tail -n 1 "$1")" = "the same bits: True" ] || fail "a model is another one when it is read again: $(cat "$1")"; }
check_files() { check_bits "$1" && check_xor "$1"; }
check_csv() { [ "$(cat "$1")" = "in out: 1" ] || fail "the CSV program printed: $(cat "$1")"; cat "$1"; }
check_onnx() { check_bits "$1" && cat "$1"; }

# milliseconds <program>: from start to end, the median of 21 runs
milliseconds() {
    local start
    for _ in {1..21}; do
        start=$(date +%s%N)
        "$1" > "$work/run.out"
        echo $(( ($(date +%s%N) - start) / 1000 ))
    done | sort -n | awk 'NR == 11 { printf "%.1f", $1 / 1000 }'
}

step "XOR, from the package, compiled at run time"
quietly "$work/build.log" dotnet build "$work/Xor/Xor.csproj" -c Release -o "$work/Xor/jit"
! grep -E 'warning [A-Z]+[0-9]+' "$work/build.log" || fail "a user's build warns"
quietly "$work/xor.out" dotnet "$work/Xor/jit/Xor.dll"
check_xor "$work/xor.out"

step "XOR with saving and loading, from the package, trimmed, with the runtime beside it"
quietly "$work/trim.log" dotnet publish "$work/Files/Files.csproj" -c Release --use-current-runtime --self-contained -p:PublishAot=false -p:PublishTrimmed=true -o "$work/Files/trimmed"
! grep -E 'IL[23][0-9]{3}|warning [A-Z]+[0-9]+' "$work/trim.log" || fail "publishing trimmed warns"
quietly "$work/trim.out" "$work/Files/trimmed/Files"
check_files "$work/trim.out"
trimmed=$(wc -c < "$work/Files/trimmed/MiniNet.dll")
whole=$(unzip -p "$feed/MiniNet.$version.nupkg" lib/net10.0/MiniNet.dll | wc -c)
[ "$trimmed" -lt "$whole" ] || fail "MiniNet.dll was not trimmed: $trimmed bytes"
echo "MiniNet.dll: $trimmed bytes of $whole, all files $(cat "$work/Files/trimmed"/* | wc -c), $(milliseconds "$work/Files/trimmed/Files") ms from start to end"

if ! command -v clang > /dev/null && ! command -v gcc > /dev/null; then
    printf '\n!! SKIPPED: ahead-of-time publishing. Neither clang nor gcc is installed, so nothing of it was tested. !!\n'
    exit 0
fi

# What a program may weigh: with more, something has crept in.
declare -A limits=([Xor]=2000000 [Files]=3000000)
for name in Xor Files Csv Onnx; do
    step "$name, from the package, compiled ahead of time"
    quietly "$work/aot.log" dotnet publish "$work/$name/$name.csproj" -c Release --use-current-runtime -o "$work/$name/aot"
    # One warning is not ours to mend and is shown instead: an annotation in Sylvan.Data.Csv, on a method that MiniNet.Csv does not call.
    known='IL2093: Sylvan\.Data\.Csv\.CsvDataReader\.GetFieldType\(Int32\):'
    if [ "$name" = Csv ] && grep -qE "$known" "$work/aot.log"; then
        echo "NOTE: a user who publishes MiniNet.Csv ahead of time sees one trim warning, IL2093 in Sylvan.Data.Csv's CsvDataReader.GetFieldType"
        grep -vE "$known" "$work/aot.log" > "$work/aot.rest"
    else
        cp "$work/aot.log" "$work/aot.rest"
    fi
    ! grep -E 'IL[23][0-9]{3}|warning [A-Z]+[0-9]+' "$work/aot.rest" || fail "publishing $name ahead of time warns"
    [ ! -e "$work/$name/aot/$name.dll" ] || fail "$name was not compiled ahead of time"
    quietly "$work/aot.out" "$work/$name/aot/$name"
    "check_${name,,}" "$work/aot.out"
    size=$(wc -c < "$work/$name/aot/$name")
    [ "$size" -le "${limits[$name]:-$size}" ] || fail "$name has $size bytes, expected at most ${limits[$name]}"
    echo "$name: $size bytes, $(milliseconds "$work/$name/aot/$name") ms from start to end"
done

printf '\nAll of it passed, in %s s.\n' "$SECONDS"
