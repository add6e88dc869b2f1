"""Compare the reference encoder of weights with NNCodec (ISO/IEC 15938-17) on the same tensors: bits for each weight at equal relative error, and speed.

Usage: python entropy.py TOOL MODEL.safetensors SCRATCH     TOOL: gbt42382

Needs numpy below 2, torch and NNCodec 2.1.3 (a source package, built with cmake and a C++ compiler): pip install 'numpy<2' torch && pip install
--no-deps NNCodec. What NNCodec imports for training, and coding does not use, is replaced where it is not there. Figures go to SCRATCH/nncodec.json,
so that the peer, which is slow, runs once. Speeds are millions of weights for each second of processor time, as other work may share the machine;
NNCodec runs on one thread. Encoding includes the search of the step,
which encodes the model several times, and decoding includes files and digests.
"""
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import time
from unittest.mock import MagicMock

import numpy as np

POINTS = (-38, -32, -26)
UNUSED = {'torchvision', 'cv2', 'ptflops', 'torchmetrics', 'pandas', 'sklearn', 'h5py', 'pycocotools', 'click', 'tqdm'}
RECIPE = '''steps:
  - name: quantize
    method: uniform-quantization
    targets: {{include: ["*"]}}
    settings: {{bits: 16, per: tensor, rounding: {rounding}, states: 8, rate-weight: {weight}, relative-error: {error}}}
  - name: code
    method: entropy-coding
    targets: {{include: ["*"]}}
'''


class Absent(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Stands for packages that are imported and not used."""

    def find_spec(self, name, path, target=None):
        return importlib.machinery.ModuleSpec(name, self, is_package=True) if name.split('.')[0] in UNUSED else None

    def create_module(self, spec):
        module = MagicMock(name=spec.name)
        module.__spec__, module.__path__ = spec, []
        return module

    def exec_module(self, module):
        pass


def tensors(path):
    """All f32 tensors of a safetensors file."""
    data = pathlib.Path(path).read_bytes()
    size = int.from_bytes(data[:8], 'little')
    header = json.loads(data[8 : 8 + size])
    out = {}
    for name, entry in sorted(header.items()):
        if name != '__metadata__' and entry['dtype'] == 'F32':
            begin, end = entry['data_offsets']
            out[name] = np.frombuffer(data[8 + size + begin : 8 + size + end], '<f4').reshape(entry['shape'])
    return out


def relative_error(original, decoded):
    lost = sum(((x.astype(np.float64) - decoded[name].reshape(x.shape)) ** 2).sum() for name, x in original.items())
    return float(np.sqrt(lost / sum((x.astype(np.float64) ** 2).sum() for x in original.values())))


def nncodec(original, path):
    """Figures of the peer for each of its points."""
    results = json.loads(path.read_text()) if path.exists() else {}
    for point in POINTS:
        if str(point) in results:
            continue
        if not any(isinstance(finder, Absent) for finder in sys.meta_path):
            sys.meta_path.append(Absent())
        from nncodec import nnc
        start = time.process_time()
        stream = nnc.compress({name: x.copy() for name, x in original.items()}, qp=point, return_bitstream=True)
        encoded = time.process_time()
        decoded = nnc.decompress(stream)
        end = time.process_time()
        results[str(point)] = {'bytes': len(stream), 'error': relative_error(original, decoded), 'encode': encoded - start, 'decode': end - encoded}
        path.write_text(json.dumps(results, indent=1))
    return results


def timed(*command):
    """Wall clock and processor seconds of a command."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.perf_counter() - start, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def ours(tool, model, scratch, original, error, weight):
    recipe, packed, back = scratch / 'recipe.yaml', scratch / 'packed', scratch / 'back.safetensors'
    # A step for a wanted error is searched on a sample: a little below it, so that the whole is not above the peer's.
    recipe.write_text(RECIPE.format(rounding='trellis', weight=weight, error=error * 0.999), encoding='utf-8')
    for path in (packed, back):
        shutil.rmtree(path, ignore_errors=True)
        path.unlink(missing_ok=True)
    encode = timed(tool, 'compress', str(model), str(packed), '--recipe', str(recipe))
    decode = timed(tool, 'decompress', str(packed), str(back))
    size = packed.stat().st_size if packed.is_file() else sum(one.stat().st_size for one in packed.rglob('*') if one.is_file())
    return {'bytes': size, 'error': relative_error(original, tensors(back)), 'encode': encode, 'decode': decode}


def main():
    tool, model, scratch = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    scratch.mkdir(parents=True, exist_ok=True)
    original = tensors(model)
    many = sum(x.size for x in original.values())
    peer = nncodec(original, scratch / 'nncodec.json')
    print(f'{many:,} weights, {os.cpu_count()} cores; bits for each weight, processor time: M weights/s')
    for point, theirs in peer.items():
        print(f'NNCodec qp {point}: error {theirs["error"]:.5f}  {8 * theirs["bytes"] / many:.4f} bits  encode {many / theirs["encode"] / 1e6:.2f}  '
              f'decode {many / theirs["decode"] / 1e6:.2f}', flush=True)
        for weight in (0, 0.1):
            own = ours(tool, model, scratch, original, theirs['error'], weight)
            print(f'  trellis, weight {weight}: error {own["error"]:.5f}  {8 * own["bytes"] / many:.4f} bits ({own["bytes"] / theirs["bytes"]:.4f} of the peer\'s)  '
                  f'encode {many / own["encode"][1] / 1e6:.2f} ({many / own["encode"][0] / 1e6:.2f} by the clock)  decode {many / own["decode"][1] / 1e6:.2f} '
                  f'({many / own["decode"][0] / 1e6:.2f} by the clock)  {"ok" if own["bytes"] < theirs["bytes"] and own["error"] <= theirs["error"] else "MISSED"}',
                  flush=True)


if __name__ == '__main__':
    main()
