#!/usr/bin/env python3
"""Checks ONNX files with ONNX's own checker, shape inference included: check_onnx.py folder-or-file ...

Needs python3-onnx. The files are those that MiniNet.Onnx.Tests leaves in the folder that MININET_ONNX_FILES names:
  folder=$(mktemp -d)
  MININET_ONNX_FILES=$folder dotnet run --project tests/MiniNet.Onnx.Tests
  python3 tests/interop/check_onnx.py $folder
"""
import pathlib
import sys

import onnx

files = [f for a in sys.argv[1:] for f in (sorted(pathlib.Path(a).glob("*.onnx")) if pathlib.Path(a).is_dir() else [pathlib.Path(a)])]
if not files:
    sys.exit(__doc__)
wrong = 0
for file in files:
    try:
        model = onnx.load(file)
        onnx.checker.check_model(model, full_check=True)
        inferred = onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
        declared, found = model.graph.output[0].type, inferred.graph.output[0].type
        assert declared == found, f"output declared as {declared}, inferred as {found}"
    except Exception as e:  # noqa: BLE001: every fault is reported, with the file that has it
        wrong += 1
        print(f"{file.name}: {e}")
print(f"onnx {onnx.__version__}: {len(files)} files, {wrong} wrong")
sys.exit(wrong != 0)
