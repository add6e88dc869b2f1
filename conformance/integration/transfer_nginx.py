#!/usr/bin/env python3
"""Tries `serve` and `fetch` over real sockets, beside nginx as the ordinary web server of profile 8.3, section 5.

    transfer_nginx.py TOOL [--throughput MIB]

Packages and segments are made by the second implementation under conformance/oracle. Needs nginx (Debian: nginx-light). Prints what it tried;
exit code 1 where something was not as the profile says.
"""

import argparse
import contextlib
import http.client
import os
import pathlib
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
ORACLE = ROOT / "conformance/oracle"
failures = []


def check(holds, what):
    print(("ok    " if holds else "FAIL  ") + what, flush=True)
    if not holds:
        failures.append(what)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(port):
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    sys.exit(f"nobody listens at port {port}")


@contextlib.contextmanager
def nginx(folder, root):
    """nginx with a configuration of its own over `root`."""
    port = free_port()
    temporary = "".join(f"{kind}_temp_path {folder}/t; " for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    user = "user root; " if os.getuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"daemon off; {user}pid {folder}/pid; error_log {folder}/error.log; events {{ worker_connections 512; }}\n"
        f"http {{ access_log off; sendfile on; {temporary}\n"
        f"  server {{ listen 127.0.0.1:{port}; root {root}; location /moved/ {{ rewrite ^/moved/(.*)$ /$1 redirect; }} }} }}\n")
    process = subprocess.Popen(["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")], stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def serve(tool, *paths):
    """The tool's own server; it has to end with code 0 when it is told to."""
    port = free_port()
    process = subprocess.Popen([tool, "serve", *map(str, paths), "--listen", f"127.0.0.1:{port}"], stdout=subprocess.PIPE, text=True)
    try:
        wait_for(port)
        yield port, process
    finally:
        process.send_signal(signal.SIGTERM)
        check(process.wait(10) == 0, "serve ends with 0 at SIGTERM")


def get(port, path, headers=None, method="GET"):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request(method, path, headers=headers or {})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, answer.headers, body


def raw(port, data):
    """The status of the answer to bytes; 0 for none."""
    with socket.create_connection(("127.0.0.1", port), 20) as s:
        with contextlib.suppress(OSError):
            s.sendall(data)
        received = b""
        with contextlib.suppress(OSError):
            while b"\r\n" not in received:
                more = s.recv(4096)
                if not more:
                    break
                received += more
    words = received.split(b" ", 2)
    return int(words[1]) if len(words) > 1 else 0


def resident(pid):
    for line in open(f"/proc/{pid}/status"):
        if line.startswith("VmRSS"):
            return int(line.split()[1])


def same_as_nginx(own, other, path, size):
    for field in ("bytes=0-0", "bytes=0-", "bytes=5-9", "bytes=-1", "bytes=-96", f"bytes=-{size + 1}", f"bytes={size - 1}-",
                  f"bytes=10-{size + 5}", f"bytes={size}-", f"bytes={size + 7}-{size + 9}", None):
        headers = {"Range": field} if field else {}
        mine, theirs = get(own, path, headers), get(other, path, headers)
        same = mine[0] == theirs[0] and mine[1]["Content-Range"] == theirs[1]["Content-Range"]
        check(same and (mine[0] == 416 or mine[2] == theirs[2]), f"{path} {field}: {mine[0]} {mine[1]['Content-Range']}, as nginx")
    for field in ("bytes=0-1,5-6", "bytes=5-4", "pages=1-2", "bytes=a-b"):
        check(get(own, path, {"Range": field})[0] == 200, f"{path} {field}: 200")
    check(get(own, path, {"Range": "bytes=0-99999999999999999999999"})[0] == 206, "a number beyond 64 bits is beyond the end")
    check(get(own, path, {"Range": "bytes=99999999999999999999999-"})[0] == 416, "and so is a beginning")


def attacks(port):
    tail = b" HTTP/1.1\r\nHost: x\r\n\r\n"
    for target in (b"/../../../../etc/passwd", b"/%2e%2e/%2e%2e/etc/passwd", b"/..%2f..%2fetc%2fpasswd", b"/%00", b"/small.pmp%00",
                   b"//etc/passwd", b"/etc/passwd", b"http://x/etc/passwd", b"http://x/../../etc/passwd", b"/segments/../secret",
                   b"/segments/%2e%2e/secret", b"/secret", b"/segments/secret", b"/", b"/segments/", b"/%c0%ae%c0%ae/secret",
                   b"file:///etc/passwd", b"/small.pmp/../secret", b"/\x00", b"\\..\\secret"):
        check(raw(port, b"GET " + target + tail) in (400, 404), f"no way by {target!r}")
    for method in (b"POST", b"PUT", b"DELETE", b"OPTIONS", b"TRACE", b"CONNECT", b"PATCH"):
        check(raw(port, method + b" /small.pmp" + tail) == 405, f"{method.decode()}: 405")
    for data, status in ((b"\r\n\r\nGET /small.pmp" + tail, 200), (b"hello\r\n\r\n", 400), (b"GET /small.pmp HTTP/3.0\r\nHost: x\r\n\r\n", 505),
                         (b"GET /small.pmp HTTP/1.1\r\n\r\n", 400), (b"GET /small.pmp HTTP/1.1\nHost: x\n\n\r\n\r\n", 400),
                         (b"GET /small.pmp HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 20000 + b"\r\n\r\n", 431),
                         (b"GET /" + b"a" * 2000000 + tail, 431), (secrets.token_bytes(4000) + b"\r\n\r\n", 400)):
        check(raw(port, data) == status, f"{data[:30]!r}…: {status}")


def slow_clients(port, process, path, content):
    before = resident(process.pid)
    clients = []
    for number in range(200):
        client = socket.create_connection(("127.0.0.1", port))
        client.sendall((f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n" if number % 2 else "GET / HT").encode())
        clients.append(client)
    time.sleep(0.5)
    begin = time.monotonic()
    body = get(port, path)[2]
    seconds = time.monotonic() - begin
    after = resident(process.pid)
    check(body == content and seconds < 10, f"among 100 who read nothing and 100 half heads one gets {len(content) >> 20} MiB in {seconds:.2f} s")
    check(after - before < 16 << 10, f"which costs {after - before} KiB of memory ({before} → {after})")
    for client in clients:
        client.close()


def fetches(tool, folder, root, urls):
    for number, url in enumerate(urls):
        package = root / ("small.pmp" if url.endswith("small.pmp") else "large.pmp")
        out = folder / f"fetched-{number}.pmp"
        run = subprocess.run([tool, "fetch", url, str(out)], capture_output=True, text=True, timeout=120)
        check(run.returncode == 0 and out.is_file() and out.read_bytes() == package.read_bytes(),
              f"fetch {url.partition('/')[2][1:]}: {run.returncode} {run.stderr.strip()[-200:]}")


def throughput(own, other, path, size):
    for name, port in (("serve", own), ("nginx", other), ("serve", own), ("nginx", other)):
        run = subprocess.run(["curl", "-s", "-o", "/dev/null", "-w", "%{speed_download}", f"http://127.0.0.1:{port}{path}"],
                             capture_output=True, text=True, check=True)
        print(f"      {name}: {size >> 20} MiB at {float(run.stdout) / 1e6:.0f} MB/s")


def make(folder, throughput_mib):
    """Packages and segments below `folder`, and beside them what nobody may see."""
    model = folder / "model"
    shutil.copytree(ROOT / "vectors/bases/bert", model)
    (model / "large.bin").write_bytes(secrets.token_bytes(24 << 20))
    root = folder / "root"
    root.mkdir()
    for source, name in ((ROOT / "vectors/bases/bert", "small.pmp"), (model, "large.pmp")):
        subprocess.run([sys.executable, ORACLE / "package.py", "pack", source, root / name], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([sys.executable, ORACLE / "package_segments.py", "split", root / "large.pmp", root / "segments"], check=True,
                   stdout=subprocess.DEVNULL)
    (root / "secret").write_text("secret")
    (root / "segments/secret").write_text("secret")
    if throughput_mib:
        with open(model / "large.bin", "wb") as file:
            for _ in range(throughput_mib):
                file.write(secrets.token_bytes(1 << 20))
        subprocess.run([sys.executable, ORACLE / "package.py", "pack", model, root / "huge.pmp"], check=True, stdout=subprocess.DEVNULL)
    os.chmod(folder, 0o755)
    return root


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("tool")
    parser.add_argument("--throughput", type=int, default=0, metavar="MIB")
    arguments = parser.parse_args()
    tool = str(pathlib.Path(arguments.tool).resolve())
    if shutil.which("nginx") is None:
        sys.exit("nginx is not installed (Debian: nginx-light)")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        root = make(folder, arguments.throughput)
        offered = [root / "small.pmp", root / "large.pmp", root / "segments"] + ([root / "huge.pmp"] if arguments.throughput else [])
        with nginx(folder, root) as other, serve(tool, *offered) as (own, process):
            same_as_nginx(own, other, "/small.pmp", (root / "small.pmp").stat().st_size)
            same_as_nginx(own, other, "/segments/00000001.pms", (root / "segments/00000001.pms").stat().st_size)
            check(get(own, "/segments/manifest.pmm")[2] == (root / "segments/manifest.pmm").read_bytes(), "the manifest is the file")
            attacks(own)
            slow_clients(own, process, "/large.pmp", (root / "large.pmp").read_bytes())
            if "  fetch " in subprocess.run([tool, "--help"], capture_output=True, text=True).stdout:
                fetches(tool, folder, root, [f"http://127.0.0.1:{port}/{path}" for port in (own, other)
                                       for path in ("small.pmp", "large.pmp", "segments/")]
                        + [f"http://127.0.0.1:{other}/moved/large.pmp"])
            else:
                print("      no fetch in this tool")
            if arguments.throughput:
                throughput(own, other, "/huge.pmp", (root / "huge.pmp").stat().st_size)
    print(f"{len(failures)} of what was tried failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
