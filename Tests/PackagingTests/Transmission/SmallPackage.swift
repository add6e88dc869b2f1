import Storage

@testable import Packaging

/// A package put together unit by unit, as the table of clause 8.2 says.
struct SmallPackage {
  private(set) var bytes: [UInt8] = []
  private var entries: [IndexEntry] = []
  private var digests: [Digest] = []

  /// A package of files, in the order of type and name.
  init(_ files: [(UnitType, String, [UInt8])]) throws {
    try add(.start, "", StartPayload().encoded)
    for (type, name, payload) in files { try add(type, name, payload) }
    let indexOffset = UInt64(bytes.count)
    try add(.index, "", try IndexPayload(entries).encoded)
    let end = EndPayload(
      indexOffset: indexOffset, endOffset: UInt64(bytes.count), count: UInt64(digests.count),
      packageRoot: try HashTree.root(of: digests))
    try add(.end, "", end.encoded)
  }

  private mutating func add(_ type: UnitType, _ name: String, _ payload: [UInt8]) throws {
    let header = UnitHeader(
      type: type, flags: type == .asset ? [] : .critical, number: UInt32(digests.count),
      length: UInt64(payload.count),
      identifierLength: UInt16(name.utf8.count))
    let offset = bytes.count
    bytes += header.encoded + name.utf8
    let step = payload.count >= 65536 ? 4096 : 64
    while bytes.count % step != 0 { bytes.append(0) }
    bytes += payload
    var leaves: [Digest] = []
    for chunk in stride(from: 0, to: max(payload.count, 1), by: HashTree.chunkBytes) {
      leaves.append(
        try HashTree.leaf(Array(payload[chunk..<min(payload.count, chunk + HashTree.chunkBytes)])))
    }
    if leaves.count > 1 { bytes += leaves.flatMap(\.bytes) }
    bytes.append(littleEndian: UInt64(payload.count))
    let root = try HashTree.root(of: leaves)
    bytes += root.bytes
    let digest = try HashTree.unit(
      header: header.encoded, identifier: Array(name.utf8), length: UInt64(payload.count), root: root)
    digests.append(digest)
    entries.append(
      IndexEntry(
        offset: UInt64(offset), length: UInt64(payload.count), type: type, flags: header.flags,
        identifier: Array(name.utf8), digest: digest))
  }

  /// Bytes that look like nothing in particular, the same for the same seed.
  static func noise(_ count: Int, _ seed: UInt64) -> [UInt8] {
    var random = Randomness(seed)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count + 8)
    while bytes.count < count { withUnsafeBytes(of: random.next()) { bytes.append(contentsOf: $0) } }
    return Array(bytes.prefix(count))
  }

  /// Three shards of some chunks, a configuration, and a few small files.
  static let usual: SmallPackage? = try? SmallPackage([
    (.structure, "config.json", Array("{}".utf8)),
    (.parameters, "a.safetensors", shard),
    (.parameters, "b.bin", noise(3 * HashTree.chunkBytes + 17, 2)),
    (.parameters, "c.bin", noise(HashTree.chunkBytes, 3)),
    (.asset, "empty", []),
    (.asset, "tokenizer/merges.txt", noise(70_000, 4)),
    (.asset, "tokenizer/vocab.txt", noise(300, 5)),
  ])

  /// A safetensors file: `first` 1 MiB of bytes, `second` 4 × 1 MiB, `third` eight.
  static let shard: [UInt8] = {
    let header =
      #"{"__metadata__":{"format":"pt"},"third":{"dtype":"F32","shape":[2],"data_offsets":[5242880,5242888]},"#
      + #""first":{"dtype":"U8","shape":[1048576],"data_offsets":[0,1048576]},"#
      + #""second":{"dtype":"F16","shape":[2,1048576],"data_offsets":[1048576,5242880]}}"#
    var bytes: [UInt8] = []
    bytes.append(littleEndian: UInt64(header.utf8.count))
    return bytes + Array(header.utf8) + noise(5_242_888, 1)
  }()
}
