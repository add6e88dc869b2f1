"""The command: python3 -m gb42382 driver | decode | encode | pack | unpack | verify | join | corpus."""

from __future__ import annotations

import argparse
import json
import sys

from . import corpus, driver, operations

EXIT_CODES = {"done": 0, "rejected": 1, "unsupported": 2, "failed": 74}


def arguments() -> argparse.ArgumentParser:
    """The arguments of the command."""
    parser = argparse.ArgumentParser(prog="gb42382", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("driver", help="answer requests on stdin until stop")
    decode = commands.add_parser("decode", help="write what a sample holds into a folder")
    decode.add_argument("sample")
    decode.add_argument("output")
    decode.add_argument("--format")
    decompress = commands.add_parser("decompress", help="undo the chains of a sample")
    decompress.add_argument("sample")
    decompress.add_argument("output")
    decompress.add_argument("--base", help="model that chains refer to")
    encode = commands.add_parser("encode", help="write a structure in JSON in the native form")
    encode.add_argument("structure")
    encode.add_argument("output")
    encode.add_argument("--tensors")
    pack = commands.add_parser("pack", help="pack a directory")
    pack.add_argument("folder")
    pack.add_argument("output")
    pack.add_argument("--key", help="private Ed25519 key, PEM")
    for name in ("unpack", "verify"):
        command = commands.add_parser(name, help=f"{name} a package")
        command.add_argument("package")
        if name == "unpack":
            command.add_argument("output")
        command.add_argument("--trust", action="append", default=[], metavar="KEY", help="public key that counts, PEM")
        command.add_argument("--required", type=int, default=0, help="so many different keys that count")
    join = commands.add_parser("join", help="make the package of a folder of segments")
    join.add_argument("folder")
    join.add_argument("output")
    run = commands.add_parser("corpus", help="compare with an exported corpus")
    run.add_argument("folder")
    run.add_argument("--select", default="", help="beginnings of the ids of vectors, joined by commas")
    return parser


def main() -> int:
    """Runs the command; the exit codes are those of the one-shot mode."""
    options = arguments().parse_args()
    if options.command == "driver":
        return driver.main()
    if options.command == "corpus":
        return corpus.run(options.folder, tuple(options.select.split(",")))
    try:
        if options.command == "decode":
            outcome = operations.decode(options.sample, options.output, options.format)
        elif options.command == "decompress":
            outcome = operations.decompress(options.sample, options.output, options.base)
        elif options.command == "encode":
            outcome = operations.encode(options.structure, options.output, options.tensors)
        elif options.command == "pack":
            outcome = operations.pack(options.folder, options.output, options.key)
        elif options.command == "unpack":
            outcome = operations.unpack(options.package, options.output, options.trust, options.required)
        elif options.command == "verify":
            outcome = operations.verify(options.package, options.trust, options.required)
        else:
            outcome = operations.join(options.folder, options.output)
    except OSError as error:
        print(error, file=sys.stderr)
        return 74
    print(json.dumps(outcome.as_json(), ensure_ascii=False))
    return EXIT_CODES[outcome.outcome]


if __name__ == "__main__":
    sys.exit(main())
