"""Measure the tool and print each figure as a ratio against a peer or a limit of the same run; the median of several runs.

Usage: python run.py TOOL INPUT_DIRECTORY     (inputs by inputs.py; needs onnx for the peer)
"""
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

RUNS = 7


def measure(command):
    """The median time in seconds, and the largest peak of resident memory in MiB, of a command."""
    times, peak = [], 0
    for _ in range(RUNS):
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        times.append(time.perf_counter() - start)
        peak = max(peak, usage.ru_maxrss / 1024)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 1, 2):
            sys.exit(f'{command}: exit code {process.returncode}')
    return statistics.median(times), peak


def line(name, seconds, peak, limit, unit='s', note=''):
    ratio = seconds / limit
    print(f'{name:44} {seconds:8.3f} {unit}  limit {limit:7.3f}  ratio {ratio:5.2f}  peak {peak:6.0f} MiB  {"ok" if ratio <= 1 else "MISSED"} {note}')


def checker(path):
    """The median time of the ONNX checker, in one process, without its start."""
    import onnx
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        onnx.checker.check_model(str(path), full_check=True)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main():
    tool, inputs = sys.argv[1], pathlib.Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as scratch:
        small = str(pathlib.Path(__file__).parents[2] / 'vectors/bases/bare-bert/bert.safetensors')
        judge = [tool, 'validate', '--read', 'structure', '--json', scratch + '/r.json', '--junit', scratch + '/r.xml']
        line('start, judge a small file, exit', *measure([tool, 'validate', small]), 0.020)
        line('100,000 tensors, one safetensors file', *measure(judge + [str(inputs / '100k.safetensors')]), 0.5)
        line('100,000 tensors, four shards', *measure(judge + [str(inputs / 'directory-100k')]), 0.5)
        line('100,000 nodes and initializers, ONNX', *measure(judge + [str(inputs / '100k.onnx')]), 0.5)
        line('1,000 tensors, 140 GB', *measure(judge + [str(inputs / 'directory-140gb')]), 0.5, note='(memory below 100 MiB)')
        converted = str(inputs / 'converted.pmr')
        line('convert a directory of 2 GB', *measure([tool, 'convert', str(inputs / 'directory-2gb'), converted]), 1.0)
        minilm = inputs / 'minilm.onnx'
        if minilm.exists():
            line('MiniLM as ONNX, against onnx.checker', *measure(judge + [str(minilm)]), checker(minilm))


if __name__ == '__main__':
    main()
