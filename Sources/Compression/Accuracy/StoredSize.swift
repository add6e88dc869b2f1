public import Representation
import Storage

/// What tensors take as they are stored: payloads and side tensors, each stored byte once (profile clause 7.1, section 7).
public struct StoredSize: Sendable, Hashable {
  private var ranges: [ByteRange] = []
  private var inline: UInt64 = 0
  /// The bytes after decoding.
  public private(set) var decodedBytes: UInt64 = 0
  /// The elements.
  public private(set) var elements: UInt64 = 0

  /// Nothing.
  public init() {}

  /// Takes a tensor in.
  public mutating func add(_ tensor: Tensor) {
    decodedBytes &+= tensor.type.byteCount ?? 0
    elements &+= tensor.type.elementCount ?? 0
    take(tensor, depth: 0)
  }

  /// The bytes as stored.
  public var storedBytes: UInt64 {
    var total = inline
    var last: (file: Int, end: UInt64)?
    for range in ranges.sorted(by: { ($0.file, $0.offset) < ($1.file, $1.offset) }) {
      guard let end = range.end else { continue }
      let start =
        last.map { $0.file == range.file ? max($0.end, range.offset) : range.offset } ?? range.offset
      if end > start {
        total &+= end - start
        last = (range.file, end)
      }
    }
    return total
  }

  /// Decoded bytes for each byte stored; infinite where none is stored.
  public var ratio: Double {
    storedBytes == 0 ? .infinity : Double(decodedBytes) / Double(storedBytes)
  }

  /// Stored bits for each element; 0 where there are no elements.
  public var bitsPerWeight: Double {
    elements == 0 ? 0 : 8 * Double(storedBytes) / Double(elements)
  }

  /// Nesting of chains is limited; what is deeper has a finding and no size.
  private static let depthLimit = 8

  private mutating func take(_ tensor: Tensor, depth: Int) {
    guard depth < Self.depthLimit else { return }
    switch tensor.content {
    case .stored(let range): ranges.append(range)
    case .encoded(let content): ranges += content.ranges
    case .inline(let bytes): inline &+= UInt64(bytes.count)
    case .strings(let strings): for string in strings { inline &+= UInt64(string.count) }
    case .sparse(let values, let indices):
      take(values, depth: depth + 1)
      take(indices, depth: depth + 1)
    case .compressed(let content):
      for stage in content.stages { stage.forEachSide { side, _ in take(side, depth: depth + 1) } }
      if let payload = content.payload { take(payload, depth: depth + 1) }
    case .absent, .withheld: break
    }
  }
}
