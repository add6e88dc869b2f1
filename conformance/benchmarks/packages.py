"""Measure packing, verifying and reading of packages as ratios against openssl and cp in the same run; the median of several runs.

Usage: python packages.py TOOL SCRATCH     (SCRATCH gets about 30 GB; needs openssl)
"""
import os
import pathlib
import statistics
import subprocess
import sys
import time

RUNS = 3
SHARDS, SHARD_BYTES = 4, 512 << 20
LARGE_BYTES = 10 << 30


def timed(commands):
    """The time in seconds that commands take side by side, and the largest peak of resident memory in MiB."""
    start = time.perf_counter()
    processes = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for command in commands]
    peak = 0
    for process in processes:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        peak = max(peak, usage.ru_maxrss / 1024)
        if process.returncode != 0:
            sys.exit(f'{process.args}: exit code {process.returncode}')
    return time.perf_counter() - start, peak


def measure(commands, before=lambda: None):
    """The median time, and the largest peak of memory."""
    results = []
    for _ in range(RUNS):
        before()
        results.append(timed(commands))
    return statistics.median(time for time, _ in results), max(peak for _, peak in results)


def report(name, seconds, peer, peak, least=0.9):
    ratio = peer / seconds
    print(f'{name:48} {seconds:7.3f} s  peer {peer:7.3f} s  speed {ratio:5.2f} of the peer\'s  peak {peak:5.0f} MiB  '
          f'{"ok" if ratio >= least and peak < 100 else "MISSED"}', flush=True)


def shards(folder):
    """A directory of random bytes, as incompressible as weights are."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f'model-{number + 1:05}-of-{SHARDS:05}.bin' for number in range(SHARDS)]
    for path in paths:
        if not path.exists():
            with open(path, 'wb') as file:
                for _ in range(SHARD_BYTES >> 20):
                    file.write(os.urandom(1 << 20))
    return paths


def main():
    tool, scratch = sys.argv[1], pathlib.Path(sys.argv[2])
    paths = shards(scratch / 'model')
    package, copy = scratch / 'model.pmp', scratch / 'copy'
    cores = os.cpu_count() or 1
    # As many openssl processes as there are cores, each with its share of the files.
    digests = [['openssl', 'dgst', '-sha256', *map(str, paths[core::cores])] for core in range(min(cores, SHARDS))]

    def clean():
        package.unlink(missing_ok=True)
        copy.unlink(missing_ok=True)
        os.sync()

    hashing, _ = measure(digests)
    one = scratch / 'all'
    if not one.exists():
        subprocess.run(['sh', '-c', f'cat {" ".join(map(str, paths))} > {one}'], check=True)
    copying, _ = measure([['sh', '-c', f'cp --reflink=never {one} {copy} && sync {copy}']], clean)
    copy.unlink()
    print(f'{SHARDS * SHARD_BYTES >> 20} MiB: sha256 on {cores} cores {hashing:.3f} s, cp and sync {copying:.3f} s')
    packing, peak = measure([[tool, 'pack', str(scratch / 'model'), str(package)]], clean)
    report('pack', packing, max(hashing, copying), peak)
    verifying, peak = measure([[tool, 'verify', str(package)]])
    report('verify', verifying, hashing, peak)

    large = scratch / 'large'
    large.mkdir(exist_ok=True)
    with open(large / 'large.bin', 'wb') as file:
        file.truncate(LARGE_BYTES)
    (large / 'config.json').write_text('{}', encoding='utf-8')
    package.unlink()
    subprocess.run([tool, 'pack', str(large), str(package)], check=True, stdout=subprocess.DEVNULL)
    tiny = scratch / 'tiny'
    tiny.mkdir(exist_ok=True)
    (tiny / 'config.json').write_text('{}', encoding='utf-8')
    small = scratch / 'tiny.pmp'
    small.unlink(missing_ok=True)
    subprocess.run([tool, 'pack', str(tiny), str(small)], check=True, stdout=subprocess.DEVNULL)
    times = {path: statistics.median(timed([[tool, 'inspect', str(path)]])[0] for _ in range(21)) for path in (package, small)}
    added = (times[package] - times[small]) * 1000
    print(f'open a package of 10 GB: {added:.2f} ms more than one of 1 KB  {"ok" if added < 5 else "MISSED"}')
    package.unlink()


if __name__ == '__main__':
    main()
