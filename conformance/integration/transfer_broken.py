"""Carries a package over a broken line: the server is killed, connections drop, bytes are damaged; the receiver is killed too.

Usage: python transfer_broken.py TOOL PACKAGE SCRATCH [--kills N] [--seed N] [--receiver-kills N]

Between the tool's `serve` and its `fetch` stands a proxy that counts bytes and does the damage. In the end the package is the
same byte for byte, nothing that looks complete was there before, and what went over the line twice is bounded by what was lost.
"""
import argparse
import asyncio
import filecmp
import os
import pathlib
import random
import signal
import socket
import subprocess
import sys
import time


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


class Server:
    """The tool's own server, which can be killed and started again on the same port."""

    def __init__(self, tool, package):
        self.command = [tool, 'serve', package, '--listen']
        self.port = free_port()
        self.process = None

    def start(self):
        self.process = subprocess.Popen(self.command + [f'127.0.0.1:{self.port}'], stdout=subprocess.DEVNULL)
        for _ in range(200):
            try:
                socket.create_connection(('127.0.0.1', self.port), 0.2).close()
                return
            except OSError:
                time.sleep(0.05)
        sys.exit('the server does not listen')

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


class Line:
    """A proxy that counts what goes to the receiver, drops connections and flips bytes now and then."""

    def __init__(self, target, chance, rng):
        self.target, self.chance, self.rng = target, chance, rng
        self.port = free_port()
        self.sent = self.dropped = self.damaged = 0

    async def serve(self):
        server = await asyncio.start_server(self.client, '127.0.0.1', self.port)
        async with server:
            await server.serve_forever()

    async def client(self, reader, writer):
        try:
            upstream_reader, upstream_writer = await asyncio.open_connection('127.0.0.1', self.target)
        except OSError:
            writer.close()
            return
        back = asyncio.create_task(self.copy_up(reader, upstream_writer))
        try:
            is_first = True
            while block := await upstream_reader.read(1 << 18):
                roll = self.rng.random()
                if roll < self.chance:
                    self.dropped += 1
                    break
                # The head of an answer stays whole: what is damaged are bodies.
                if roll < 2 * self.chance and not is_first and len(block) > 4096:
                    self.damaged += 1
                    place = self.rng.randrange(len(block))
                    block = block[:place] + bytes([block[place] ^ 1 << self.rng.randrange(8)]) + block[place + 1:]
                is_first = False
                self.sent += len(block)
                writer.write(block)
                await writer.drain()
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            back.cancel()
            for side in (writer, upstream_writer):
                side.close()

    @staticmethod
    async def copy_up(reader, writer):
        try:
            while block := await reader.read(1 << 16):
                writer.write(block)
                await writer.drain()
        except (OSError, asyncio.CancelledError):
            pass


async def run(options):
    rng = random.Random(options.seed)
    package, scratch = pathlib.Path(options.package), pathlib.Path(options.scratch)
    scratch.mkdir(parents=True, exist_ok=True)
    out = scratch / 'received.pmp'
    out.unlink(missing_ok=True)
    subprocess.run(['rm', '-rf', f'{out}.fetch'], check=True)
    size = package.stat().st_size
    server = Server(options.tool, options.package)
    server.start()
    line = Line(server.port, options.chance, rng)
    proxy = asyncio.create_task(line.serve())
    await asyncio.sleep(0.2)
    url = f'http://127.0.0.1:{line.port}/{package.name}'

    def receiver():
        return subprocess.Popen([options.tool, 'fetch', url, str(out), '--quiet'], stdout=subprocess.DEVNULL)

    fetch = receiver()
    kills, receiver_kills, start = options.kills, options.receiver_kills, time.monotonic()
    thresholds = sorted([(rng.uniform(0.02, 0.95) * size, 'server') for _ in range(kills)]
                        + [(rng.uniform(0.02, 0.95) * size, 'receiver') for _ in range(receiver_kills)])
    while fetch.poll() is None:
        await asyncio.sleep(0.02)
        if out.exists() and not filecmp.cmp(package, out, shallow=False):
            sys.exit('something that looks complete is there and differs')
        if thresholds and line.sent > thresholds[0][0]:
            _, who = thresholds.pop(0)
            if who == 'server':
                server.kill()
                await asyncio.sleep(rng.uniform(0, 0.5))
                server.start()
            else:
                fetch.kill()
                fetch.wait()
                if out.exists():
                    sys.exit('a killed receiver left something that looks complete')
                fetch = receiver()
        if time.monotonic() - start > options.timeout:
            fetch.kill()
            sys.exit('does not end')
    proxy.cancel()
    server.kill()
    same = out.exists() and filecmp.cmp(package, out, shallow=False)
    again = line.sent / size - 1
    print(f'{size} bytes, {options.kills} kills of the server, {options.receiver_kills} of the receiver, {line.dropped} connections dropped, '
          f'{line.damaged} blocks damaged: exit code {fetch.returncode}, identical {same}, sent again {again:.2%}, '
          f'{time.monotonic() - start:.1f} s')
    if fetch.returncode != 0 or not same or os.path.exists(f'{out}.fetch'):
        sys.exit(1)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('tool')
    parser.add_argument('package')
    parser.add_argument('scratch')
    parser.add_argument('--kills', type=int, default=10)
    parser.add_argument('--receiver-kills', type=int, default=3)
    parser.add_argument('--chance', type=float, default=0.001, help='that a block of 256 KiB is dropped, and as much that it is damaged')
    parser.add_argument('--seed', type=int, default=42382)
    parser.add_argument('--timeout', type=float, default=600)
    asyncio.run(run(parser.parse_args()))


if __name__ == '__main__':
    main()
