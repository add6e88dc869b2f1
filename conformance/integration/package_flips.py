"""Turn over random bits of a package of 100 MB, one at a time: each is found, once, and no run of `unpack` leaves anything.

Usage: python package_flips.py TOOL SCRATCH [FLIPS]     (SCRATCH gets about 500 MB)
"""
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import time

FILES, FILE_BYTES = 10, 10 << 20
UNPACKED = 10  # every so many-th flip is unpacked as well


def main():
    tool, scratch = sys.argv[1], pathlib.Path(sys.argv[2])
    flips = int(sys.argv[3]) if len(sys.argv) > 3 else 300
    random.seed(42382)
    shutil.rmtree(scratch, ignore_errors=True)
    model, place = scratch / 'model', scratch / 'place'
    model.mkdir(parents=True)
    place.mkdir()
    for number in range(FILES):
        (model / f'{number}.safetensors').write_bytes(os.urandom(FILE_BYTES + number))
    package, report = scratch / 'model.pmp', scratch / 'report.json'
    subprocess.run([tool, 'pack', '--quiet', model, package], check=True)
    units = json.loads(subprocess.run([tool, 'inspect', package, '--json', '-'], check=True, capture_output=True).stdout)['units']
    size = package.stat().st_size
    # Half of the places anywhere, which is nearly always in a payload; half in what lies around them.
    around = [(size - 500, 500)]
    for unit in units:
        payload = unit['offset'] + 32 + len(unit['identifier'].encode())
        step = 4096 if unit['length'] >= 65536 else 64
        payload += -payload % step
        leaves = 32 * unit['chunks'] if unit['chunks'] > 1 else 0
        around += [(unit['offset'], 96), (payload + unit['length'], leaves + 40)]
    start, kinds = time.perf_counter(), {}
    with open(package, 'r+b') as file:
        for number in range(flips):
            offset = random.randrange(size)
            if number % 2:
                base, count = random.choice(around)
                offset = min(base + random.randrange(count), size - 1)
            bit = 1 << random.randrange(8)
            file.seek(offset)
            byte = file.read(1)[0]

            def put(value):
                file.seek(offset)
                file.write(bytes([value]))
                file.flush()

            put(byte ^ bit)
            run = subprocess.run([tool, 'verify', '--quiet', package, '--json', report], capture_output=True)
            document = json.loads(report.read_text())
            found = [finding for finding in document['findings'] if finding['kind'] != 'remark']
            if run.returncode not in (1, 2) or len(found) != 1 or found[0]['count'] != 1:
                sys.exit(f'byte {offset}, bit {bit}: exit {run.returncode}, {[finding["key"] for finding in found]}')
            kinds[found[0]['requirement']] = kinds.get(found[0]['requirement'], 0) + 1
            if number % UNPACKED == 0:
                run = subprocess.run([tool, 'unpack', '--quiet', package, place / 'out'], capture_output=True)
                if run.returncode not in (1, 2) or os.listdir(place):
                    sys.exit(f'byte {offset}, bit {bit}: unpack exit {run.returncode}, left {os.listdir(place)}')
            put(byte)
    subprocess.run([tool, 'verify', '--quiet', package], check=True)
    told = ', '.join(f'{name} ×{count}' for name, count in sorted(kinds.items()))
    print(f'{size >> 20} MiB, {flips} bits turned over, each found once, in {time.perf_counter() - start:.1f} s: {told}')
    shutil.rmtree(scratch)


if __name__ == '__main__':
    main()
