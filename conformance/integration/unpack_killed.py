"""Kill `unpack` at random moments: nothing may be left that looks complete, and the next run goes through.

Usage: python unpack_killed.py TOOL SCRATCH [KILLS]     (SCRATCH gets about 1 GB)
"""
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import time

FILES, FILE_BYTES = 8, 32 << 20


def main():
    tool, scratch = sys.argv[1], pathlib.Path(sys.argv[2])
    kills = int(sys.argv[3]) if len(sys.argv) > 3 else 50
    random.seed(42382)
    shutil.rmtree(scratch, ignore_errors=True)
    model, place = scratch / 'model', scratch / 'place'
    model.mkdir(parents=True)
    place.mkdir()
    for number in range(FILES):
        (model / f'{number}.safetensors').write_bytes(os.urandom(FILE_BYTES))
    package, out = scratch / 'model.pmp', place / 'out'
    subprocess.run([tool, 'pack', '--quiet', model, package], check=True)
    command = [tool, 'unpack', '--quiet', package, out]
    start = time.perf_counter()
    subprocess.run(command, check=True)
    whole = time.perf_counter() - start
    subprocess.run(['diff', '-r', model, out], check=True)
    killed, finished, left = 0, 0, 0
    while killed < kills:
        shutil.rmtree(place)
        place.mkdir()
        process = subprocess.Popen(command)
        time.sleep(random.random() * whole * 1.1)
        process.send_signal(signal.SIGKILL)
        if process.wait() == 0:
            finished += 1
        else:
            killed += 1
        names = os.listdir(place)
        if 'out' in names:
            # Whoever was killed after the folder got its name has written all of it.
            subprocess.run(['diff', '-r', model, out], check=True)
        strange = [name for name in names if name != 'out' and not (name.startswith('.gbt42382-') and name.endswith('.tmp'))]
        if strange or len(names) > 1:
            sys.exit(f'left behind: {names}')
        if 'out' not in names:
            left += len(names)
            subprocess.run(command, check=True)
            subprocess.run(['diff', '-r', model, out], check=True)
    print(f'unpack takes {whole:.2f} s; killed {killed} times ({finished} runs were faster): nothing that looks complete, '
          f'{left} folders under their own hidden names, and each next run went through')
    shutil.rmtree(scratch)


if __name__ == '__main__':
    main()
