import Packaging
import Storage
import Testing

/// Reading from front to back: what is found, and one finding for each damaged byte.
@Suite("Package scan")
struct PackageScanTests {
  static let packages = [OraclePackages.example, OraclePackages.unsigned, OraclePackages.signed]

  static func scan(_ bytes: [UInt8], jobs: Int = 1) throws -> PackageScan {
    try PackageScan.scan(MemoryByteSource(name: "x.pmp", bytes), PackageScan.Options(jobs: jobs))
  }

  /// The findings as `code kind @ offset × count`.
  static func findings(_ scan: PackageScan) -> [String] {
    scan.faults.entries.map { entry in
      let offset = entry.occurrences.first.place.offset.map { "\($0)" } ?? "?"
      return "\(entry.code) \(entry.kind) @ \(offset) × \(entry.occurrences.count)"
    }
  }

  @Test("The example of the chapter")
  func example() throws {
    let scan = try Self.scan(OraclePackages.example)
    #expect(Self.findings(scan) == [])
    #expect(scan.isComplete)
    #expect(scan.byteCount == 672)
    #expect(scan.units.map(\.offset) == [0, 0x7A, 0xEB, 0x20D])
    #expect(scan.units.map(\.payloadOffset) == [0x40, 0xC0, 0x140, 0x240])
    #expect(scan.units.map(\.type) == [.start, .parameters, .index, .end])
    #expect(scan.files.map(\.name) == ["w.safetensors"])
    #expect(
      scan.statement.map { String(decoding: $0, as: UTF8.self) } == """
        GB42382-PMP statement 1
        units 2
        root sha256:7be656b88e2c50d16e80a00d29ad918803c9b2c47f3250b2a3d20497e73398e1

        """)
  }

  @Test("A signed package of several files, Chinese names and a file without bytes")
  func signed() throws {
    let scan = try Self.scan(OraclePackages.signed)
    #expect(Self.findings(scan) == [])
    #expect(scan.files.map(\.name) == ["config.json", "model.safetensors", "empty.txt", "词表/词.txt"])
    #expect(scan.files.map(\.length) == [22, 256, 0, 8])
    #expect(scan.signatures.map(\.isValid) == [true])
    #expect(scan.signatures.first?.signer?.algorithm == .ed25519)
  }

  @Test("Every bit that is turned over is found, once", arguments: packages.indices)
  func everyBit(number: Int) throws {
    let package = Self.packages[number]
    var odd: [String] = []
    for position in package.indices {
      for bit in 0..<8 {
        var damaged = package
        damaged[position] ^= 1 << UInt8(bit)
        let scan = try Self.scan(damaged)
        let count = scan.faults.entries.reduce(0) { $0 + $1.occurrences.count }
        if count != 1 { odd.append("\(position).\(bit): \(Self.findings(scan))") }
      }
    }
    #expect(odd.count == 0, "\(odd.prefix(10).joined(separator: "\n"))")
  }

  @Test("Every truncation is found, at the place where bytes are missing", arguments: packages.indices)
  func everyTruncation(number: Int) throws {
    let package = Self.packages[number]
    for size in package.indices {
      let cut = Array(package.prefix(size))
      let scan = try Self.scan(cut)
      let first = try #require(scan.faults.entries.first)
      #expect(first.code == "package-complete" && scan.faults.entries.count == 1, "\(size)")
      #expect(try #require(first.occurrences.first.place.offset) <= UInt64(size))
      #expect(first.occurrences.first.actual.map { $0.hasSuffix(" B") } == true)
    }
    #expect(
      Self.findings(try Self.scan(package + [0])) == [
        "package-nothing-after-end malformed @ \(package.count) × 1"
      ])
    #expect(try Self.scan(package + package).faults.entries.map(\.code) == ["package-nothing-after-end"])
  }

  @Test("Every swap, removal and repetition of units is found", arguments: packages.indices)
  func everySwap(number: Int) throws {
    let package = Self.packages[number]
    let units = try Self.scan(package).units
    let parts = units.map { Array(package[Int($0.offset)..<Int($0.end)]) }
    for first in parts.indices {
      var fewer = parts
      fewer.remove(at: first)
      #expect(try !Self.scan(fewer.flatMap(\.self)).faults.isEmpty)
      var more = parts
      more.insert(parts[first], at: first)
      #expect(try !Self.scan(more.flatMap(\.self)).faults.isEmpty)
      for second in 0..<first {
        var swapped = parts
        swapped.swapAt(first, second)
        #expect(try !Self.scan(swapped.flatMap(\.self)).faults.isEmpty)
      }
    }
  }

  @Test("A pipe in pieces of any size gives what a file gives", arguments: [1, 7, 64, 100_000], [1, 3])
  func pipe(piece: Int, jobs: Int) throws {
    for package in Self.packages {
      for damage in [nil, 70, 200, 300, package.count - 1] {
        var bytes = package
        if let damage { bytes[damage] ^= 4 }
        let options = PackageScan.Options(jobs: jobs)
        let whole = try Self.scan(bytes)
        let piped = try PackageScan.scan(PieceStream(bytes, piece: piece), options)
        #expect(Self.findings(whole) == Self.findings(piped))
        #expect(whole.units == piped.units)
      }
    }
  }
}

/// Bytes that come in pieces, as through a pipe.
final class PieceStream: ByteStream {
  let name = "x.pmp"
  private let bytes: [UInt8]
  private let piece: Int
  private var position = 0

  init(_ bytes: [UInt8], piece: Int) {
    self.bytes = bytes
    self.piece = piece
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(Fault) -> Int {
    let count = min(piece, buffer.count, bytes.count - position)
    buffer.copyBytes(from: bytes[position..<position + count])
    position += count
    return count
  }
}
