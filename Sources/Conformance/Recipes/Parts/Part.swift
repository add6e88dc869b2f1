import Configuration

/// A structure taken apart: what its members hold, and what edits make of them.
struct Part: Sendable, Hashable {
  /// What an edit makes of the bytes of a member, or of a whole structure.
  enum Change: Sendable, Hashable {
    case become([UInt8])
    /// Adds to the number.
    case by(Int64)
    /// Turns round the lowest bit of that byte.
    case flip(Int)
    /// Keeps so many bytes; fewer than none: drops so many from the end.
    case cut(Int)

    /// The bytes with the change made.
    func applied(to bytes: [UInt8]) throws(RecipeError) -> [UInt8] {
      var result = bytes
      switch self {
      case .become(let content): return content
      case .by(let difference):
        return (Part.number(bytes) &+ UInt64(bitPattern: difference)).littleEndianBytes.prefix(bytes.count)
          .map(\.self)
      case .flip(let index):
        guard bytes.indices.contains(index) else {
          throw RecipeError(
            zh: "只有 \(bytes.count) B，没有第 \(index) 个字节", en: "it has \(bytes.count) B, and no byte \(index)")
        }
        result[index] ^= 1
        return result
      case .cut(let count):
        let kept = count < 0 ? bytes.count + count : count
        guard 0...bytes.count ~= kept else {
          throw RecipeError(zh: "只有 \(bytes.count) B", en: "it has \(bytes.count) B")
        }
        return Array(bytes.prefix(kept))
      }
    }
  }

  let layout: PartLayout
  /// The bytes of numbers, texts and runs of bytes, before changes.
  var values: [String: [UInt8]] = [:]
  /// The structures in place.
  var parts: [String: Part] = [:]
  var lists: [String: [Part]] = [:]
  /// The changes of each member in their order; those of the structure as a whole under the empty name.
  var changes: [String: [Change]] = [:]
  /// Of a unit and its entry in the index: which unit it is, whatever becomes of its place.
  var tag: Int?
  /// Of a signature: the test key that signs again.
  var signer: String?

  /// A structure without content.
  init(_ layout: PartLayout) {
    self.layout = layout
    for member in layout.members {
      switch member.kind {
      case .number(let width): values[member.name] = [UInt8](repeating: 0, count: width)
      case .bytes, .text:
        if case .fixed(let count) = member.extent {
          values[member.name] = [UInt8](repeating: 0, count: count)
        } else {
          values[member.name] = []
        }
      case .part(let inner): parts[member.name] = Part(inner)
      case .list: lists[member.name] = []
      }
    }
  }

  /// An unsigned integer, the least significant byte first.
  static func number(_ bytes: some Collection<UInt8>) -> UInt64 {
    bytes.prefix(8).enumerated().reduce(0) { $0 | UInt64($1.element) << UInt64(8 * $1.offset) }
  }

  /// The number in a member before changes.
  func number(_ name: String) -> UInt64 { Self.number(values[name] ?? []) }
}

/// Writes structures, and keeps where each member came to lie.
struct PartWriter {
  private(set) var bytes: [UInt8] = []
  /// The bytes of each member by its path from the top.
  private(set) var marks: [String: Range<Int>] = [:]

  /// Writes a structure with its changes made.
  mutating func write(_ part: Part, path: String = "") throws(RecipeError) {
    let start = bytes.count
    for member in part.layout.members {
      let inner = path.isEmpty ? member.name : "\(path).\(member.name)"
      let place = bytes.count
      switch member.kind {
      case .part: if let content = part.parts[member.name] { try write(content, path: inner) }
      case .list:
        for (index, item) in (part.lists[member.name] ?? []).enumerated() {
          try write(item, path: "\(inner)[\(index)]")
        }
      case .number, .bytes, .text: bytes += try part.base(of: member)
      }
      try change(part.changes[member.name] ?? [], from: place)
      marks[inner] = place..<bytes.count
    }
    try change(part.changes[""] ?? [], from: start)
    marks[path] = start..<bytes.count
  }

  private mutating func change(_ changes: [Part.Change], from start: Int) throws(RecipeError) {
    guard !changes.isEmpty else { return }
    var content = Array(bytes[start...])
    for change in changes { content = try change.applied(to: content) }
    bytes.replaceSubrange(start..., with: content)
  }
}

extension Part {
  /// All bytes of the structure.
  func written() throws(RecipeError) -> [UInt8] {
    var writer = PartWriter()
    try writer.write(self)
    return writer.bytes
  }

  /// The bytes of a member as they are written.
  func written(_ name: String) throws(RecipeError) -> [UInt8] {
    let member = try layout.member(name)
    var bytes: [UInt8]
    switch member.kind {
    case .part: bytes = try parts[name]?.written() ?? []
    case .list:
      bytes = []
      for item in lists[name] ?? [] { bytes += try item.written() }
    case .number, .bytes, .text: bytes = try base(of: member)
    }
    for change in changes[name] ?? [] { bytes = try change.applied(to: bytes) }
    return bytes
  }

  /// The value of a member before its changes.
  fileprivate func base(of member: PartLayout.Member) throws(RecipeError) -> [UInt8] {
    guard case .number(let width) = member.kind else { return values[member.name] ?? [] }
    switch member.source {
    case .stored: return values[member.name] ?? []
    case .count(let list):
      return UInt64(lists[list]?.count ?? 0).littleEndianBytes.prefix(width).map(\.self)
    case .length(let other):
      return UInt64(try written(other).count).littleEndianBytes.prefix(width).map(\.self)
    }
  }
}
