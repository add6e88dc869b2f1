import Glibc
import Storage
import Testing

@testable import Packaging

/// Bytes that end like a package: a pattern that the oracle's side can repeat, and a true tail. Nobody asks it for its units.
enum SentPackage {
  static func bytes(_ count: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    for index in 0..<UInt32(count - EndPayload.tailByteCount) {
      bytes.append(UInt8(truncatingIfNeeded: (index &* 2_654_435_761) >> 24))
    }
    var payload: [UInt8] = []
    payload.append(littleEndian: 64 as UInt64)
    payload.append(littleEndian: UInt64(count - 160))
    payload.append(littleEndian: 2 as UInt64)
    payload += root.bytes
    bytes += payload
    bytes.append(littleEndian: 56 as UInt64)
    return bytes + (try HashTree.leaf(payload)).bytes
  }

  static let root = Digest(.sha256, bytes: Array(repeating: 0xAB, count: 32))

  /// Five whole chunks and a piece.
  static let usual: [UInt8] = (try? bytes(5 * HashTree.chunkBytes + 12345)) ?? []
}

/// A manifest with its segments in memory.
struct Sent {
  let package: [UInt8]
  let manifest: Manifest
  let offer: [UInt8]
  let segments: [[UInt8]]

  init(_ package: [UInt8], chunks: UInt32) throws {
    self.package = package
    let size = Int(chunks) * HashTree.chunkBytes
    let source = MemoryByteSource(name: "package", package)
    var digests = HashList()
    for offset in stride(from: 0, to: package.count, by: size) {
      digests.append(try SegmentDigest.of(source, UInt64(offset)..<UInt64(min(package.count, offset + size))))
    }
    let tree = try SegmentTree(digests)
    let manifest = Manifest(
      length: UInt64(package.count), chunks: chunks, packageRoot: SentPackage.root,
      transferRoot: try #require(tree.root), digests: digests)
    segments = try (0..<manifest.count).map { sequence in
      let head = try #require(SegmentHead(sequence, of: manifest, in: tree))
      return head.encoded(of: manifest) + package[Int(head.span.lowerBound)..<Int(head.span.upperBound)]
    }
    self.manifest = manifest
    offer = try manifest.encoded()
  }

  var files: [String: [UInt8]] {
    var files = [SegmentName.manifest: offer]
    for (sequence, segment) in segments.enumerated() { files[SegmentName.file(UInt64(sequence))] = segment }
    return files
  }
}

/// A folder of a test's own.
final class TransferFolder: Sendable {
  let path: String

  init() throws {
    var template = Array("/tmp/transfer-tests-XXXXXX".utf8CString)
    path = String(cString: try #require(mkdtemp(&template)))
  }

  deinit { Removal.tree(path) }

  subscript(_ name: String) -> String { path + "/" + name }

  func bytes(_ name: String) throws -> [UInt8] {
    let source = try FileByteSource(path: self[name], name: name)
    return try source.bytes(at: 0, count: Int(source.size))
  }

  func write(_ name: String, _ bytes: [UInt8]) throws {
    let file = try #require(fopen(self[name], "w"))
    defer { fclose(file) }
    #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
  }

  func exists(_ name: String) -> Bool { access(self[name], F_OK) == 0 }
}

/// The code of the fault that something throws; nil where it throws none.
func code(_ body: () throws -> Void) -> String? {
  do {
    try body()
    return nil
  } catch {
    return (error as? Fault)?.code ?? "\(error)"
  }
}

/// The first digits of the SHA-256 of bytes.
func short(_ bytes: [UInt8]) throws -> String { String(try Digest.of(bytes, .sha256).hex.prefix(16)) }
