import Storage

/// Reads the Protocol Buffers wire format from a source, whatever its size, through a window.
///
/// Payloads that nobody asks for are skipped without being read, offsets are those of the file, and nothing is held but the
/// window and what a caller asks for. The reader is handed on as `inout` and messages are plain ranges, so that no field
/// costs a reference count.
///
/// Source: the public description of the Protocol Buffers encoding.
struct WireReader: ~Copyable {
  /// Makes the fault of a container from what is wrong, where, what was expected and what was found.
  typealias FaultMaker =
    @Sendable (_ problem: WireProblem, _ place: Place, _ expected: String?, _ actual: String?) -> Fault

  /// The bytes.
  let source: any ByteSource
  /// What reading may cost.
  let limits: WireLimits
  /// The bytes that are held in memory so far, as far as the reader was told.
  private(set) var held: UInt64 = 0
  /// Whether more was to be held than the limit allows.
  private(set) var isExhausted = false

  private let makeFault: FaultMaker
  private let window: UnsafeMutableRawPointer
  private var windowStart: UInt64 = 0
  private var windowCount = 0
  private var chunk = WireReader.smallestChunk

  private static let smallestChunk = 8 << 10
  private static let largestChunk = 256 << 10
  /// The most bytes of a tag and a scalar together, with room to spare.
  private static let fieldHeader: UInt64 = 20

  /// A reader over a source; `fault` names the requirement that a problem breaks.
  init(_ source: any ByteSource, limits: WireLimits, fault: @escaping FaultMaker) {
    self.source = source
    self.limits = limits
    makeFault = fault
    window = UnsafeMutableRawPointer.allocate(byteCount: Self.largestChunk, alignment: 16)
  }

  deinit {
    window.deallocate()
  }

  /// The message that the whole source is.
  var root: WireMessage { WireMessage(position: 0, end: source.size, depth: 0) }

  /// The next field of a message; nil at its end.
  ///
  /// Where it throws, nothing more of this message can be read, but the enclosing one can be, since its own length tells
  /// where this one ends.
  mutating func next(_ message: inout WireMessage) throws(Fault) -> WireField? {
    let offset = message.position
    guard offset < message.end else { return nil }
    let available = min(Self.fieldHeader, message.end - offset)
    var index = try index(of: offset, count: Int(available))
    let first = index
    let limit = index + Int(available)
    let tag = try decodeVarint(&index, limit, offset)
    guard tag <= UInt64(UInt32.max), index - first <= 5 else {
      throw fault(.varint, offset, expected: "tag ≤ 5 B, < 2^32", actual: "\(index - first) B, \(tag)")
    }
    let number = UInt32(truncatingIfNeeded: tag >> 3)
    guard number > 0 else { throw fault(.fieldNumber, offset, expected: "≥ 1", actual: "0") }
    switch tag & 7 {
    case 0:
      let value = try decodeVarint(&index, limit, offset)
      message.position = offset + UInt64(index - first)
      return WireField(
        number: number, type: .varint, offset: offset, start: message.position, value: value)
    case 2:
      let length = try decodeVarint(&index, limit, offset)
      let start = offset + UInt64(index - first)
      guard length <= message.end - start else {
        throw fault(
          .length, offset, expected: "≤ \(message.end - start) B", actual: "\(length) B")
      }
      message.position = start + length
      return WireField(number: number, type: .length, offset: offset, start: start, value: length)
    case 5:
      guard limit - index >= 4 else { throw truncated(offset, 4, limit - index) }
      let value = UInt64(UInt32(littleEndian: window.loadUnaligned(fromByteOffset: index, as: UInt32.self)))
      message.position = offset + UInt64(index - first) + 4
      return WireField(
        number: number, type: .fixed32, offset: offset, start: message.position, value: value)
    case 1:
      guard limit - index >= 8 else { throw truncated(offset, 8, limit - index) }
      let value = UInt64(littleEndian: window.loadUnaligned(fromByteOffset: index, as: UInt64.self))
      message.position = offset + UInt64(index - first) + 8
      return WireField(
        number: number, type: .fixed64, offset: offset, start: message.position, value: value)
    case 3:
      message.position = offset + UInt64(index - first)
      return try group(number, offset, &message)
    case 4:
      throw fault(.group, offset, actual: "end of group \(number)")
    default:
      throw fault(.wireType, offset, expected: "0–5", actual: "\(tag & 7)")
    }
  }

  /// The message in a field's payload.
  func message(_ field: WireField, in parent: WireMessage) throws(Fault) -> WireMessage {
    try expect(field, .length)
    guard parent.depth < limits.depth else {
      throw fault(.depth, field.offset, expected: "≤ \(limits.depth)", actual: "\(parent.depth + 1)")
    }
    return WireMessage(position: field.start, end: field.end, depth: parent.depth + 1)
  }

  /// The next variable-length integer of packed scalars; the caller has asked whether they are at their end.
  mutating func varint(_ packed: inout WireMessage) throws(Fault) -> UInt64 {
    let offset = packed.position
    let available = Int(min(10, packed.end - min(offset, packed.end)))
    var index = try index(of: offset, count: available)
    let first = index
    let value = try decodeVarint(&index, first + available, offset)
    packed.position = offset + UInt64(index - first)
    return value
  }

  /// The next four bytes of packed scalars.
  mutating func fixed32(_ packed: inout WireMessage) throws(Fault) -> UInt32 {
    let offset = packed.position
    let rest = packed.end - min(offset, packed.end)
    guard rest >= 4 else { throw truncated(offset, 4, Int(rest)) }
    let index = try index(of: offset, count: 4)
    packed.position = offset + 4
    return UInt32(littleEndian: window.loadUnaligned(fromByteOffset: index, as: UInt32.self))
  }

  /// Counts the variable-length integers of a payload, of which none is kept.
  mutating func countVarints(_ field: WireField) throws(Fault) -> UInt64 {
    var count: UInt64 = 0
    var run = 0
    var position = field.start
    while position < field.end {
      let length = Int(min(UInt64(Self.largestChunk), field.end - position))
      let index = try index(of: position, count: length)
      for (place, byte) in UnsafeRawBufferPointer(start: window + index, count: length).enumerated() {
        run += 1
        // The tenth byte holds the 64th bit and nothing else.
        if run == 10, byte > 1 {
          throw fault(
            .varint, position + UInt64(place) - 9, expected: "≤ 10 B, < 2^64",
            actual: byte < 0x80 ? "≥ 2^64" : "> 10 B")
        }
        if byte < 0x80 {
          count += 1
          run = 0
        }
      }
      position += UInt64(length)
    }
    guard run == 0 else { throw truncated(field.end, 1, 0) }
    return count
  }

  /// Counts bytes that are held in memory against the limit.
  mutating func hold(_ bytes: UInt64, at offset: UInt64) throws(Fault) {
    let (sum, overflow) = held.addingReportingOverflow(bytes)
    guard !overflow, sum <= limits.heldBytes else {
      isExhausted = true
      throw fault(.memory, offset, expected: "≤ \(limits.heldBytes) B", actual: "> \(limits.heldBytes) B")
    }
    held = sum
  }

  /// Throws where a field is written in another way than its schema says.
  @inline(__always)
  func expect(_ field: WireField, _ type: WireType) throws(Fault) {
    guard field.type == type else {
      throw fault(
        .fieldType, field.offset, expected: "field \(field.number): wire type \(type.rawValue)",
        actual: "wire type \(field.type.rawValue)")
    }
  }

  /// The fault of a problem at an offset.
  func fault(_ problem: WireProblem, _ offset: UInt64, expected: String? = nil, actual: String? = nil)
    -> Fault
  {
    makeFault(problem, Place(source.name, offset: offset), expected, actual)
  }

  /// Calls `body` with bytes that lie in the window, or in memory of their own where the window is too small for them.
  mutating func withBytes<Result>(
    at offset: UInt64, count: Int, _ body: (UnsafeRawBufferPointer) -> Result
  ) throws(Fault) -> Result {
    if count <= Self.largestChunk {
      let index = try index(of: offset, count: count)
      return body(UnsafeRawBufferPointer(start: window + index, count: count))
    }
    return try source.bytes(at: offset, count: count).withUnsafeBytes(body)
  }

  private func truncated(_ offset: UInt64, _ expected: Int, _ actual: Int) -> Fault {
    fault(.truncated, offset, expected: "\(expected) B", actual: "\(actual) B")
  }

  /// Skips a group whose start tag was read; groups in it are skipped without recursion.
  private mutating func group(
    _ number: UInt32, _ offset: UInt64, _ message: inout WireMessage
  ) throws(Fault) -> WireField {
    let start = message.position
    var open = [number]
    while let innermost = open.last {
      guard message.position < message.end else {
        throw fault(.group, offset, expected: "end of group \(innermost)", actual: "end of message")
      }
      let position = message.position
      let tag = try varint(&message)
      guard tag <= UInt64(UInt32.max), message.position - position <= 5 else {
        throw fault(.varint, position, expected: "tag ≤ 5 B, < 2^32", actual: "\(tag)")
      }
      let inner = UInt32(truncatingIfNeeded: tag >> 3)
      switch tag & 7 {
      case 3:
        guard inner > 0 else { throw fault(.fieldNumber, position, expected: "≥ 1", actual: "0") }
        guard message.depth + open.count < limits.depth else {
          throw fault(.depth, position, expected: "≤ \(limits.depth)", actual: "\(limits.depth + 1)")
        }
        open.append(inner)
      case 4:
        guard inner == innermost else {
          throw fault(
            .group, position, expected: "end of group \(innermost)", actual: "end of group \(inner)")
        }
        open.removeLast()
        if open.isEmpty {
          return WireField(
            number: number, type: .group, offset: offset, start: start, value: position - start)
        }
      default:
        message.position = position
        _ = try next(&message)
      }
    }
    throw fault(.group, offset)
  }

  /// Makes `count` bytes from `offset` on stand in the window, and gives the index of the first one in it.
  ///
  /// The caller has compared the range with the end of its message, which lies in the source, and `count` with the window.
  @inline(__always)
  private mutating func index(of offset: UInt64, count: Int) throws(Fault) -> Int {
    // An offset before the window wraps round to a huge distance.
    let distance = offset &- windowStart
    if distance < UInt64(windowCount), windowCount - Int(distance) >= count { return Int(distance) }
    try refill(offset, count)
    return 0
  }

  @inline(never)
  private mutating func refill(_ offset: UInt64, _ count: Int) throws(Fault) {
    // Reading on is read in ever larger chunks; a jump over a payload starts small again, so that a file which is
    // mostly payload is mostly not read.
    let goesOn = offset >= windowStart && offset - windowStart <= UInt64(windowCount)
    chunk = goesOn ? min(chunk * 2, Self.largestChunk) : Self.smallestChunk
    let rest = source.size > offset ? source.size - offset : 0
    let length = Int(min(UInt64(max(chunk, count)), rest))
    windowCount = 0
    guard length >= count else { throw truncated(offset, count, length) }
    try source.read(into: UnsafeMutableRawBufferPointer(start: window, count: length), at: offset)
    windowStart = offset
    windowCount = length
  }

  @inline(__always)
  private func decodeVarint(_ index: inout Int, _ limit: Int, _ offset: UInt64) throws(Fault) -> UInt64 {
    if index < limit {
      let byte = window.load(fromByteOffset: index, as: UInt8.self)
      if byte < 0x80 {
        index += 1
        return UInt64(byte)
      }
    }
    return try decodeLongVarint(&index, limit, offset)
  }

  @inline(never)
  private func decodeLongVarint(_ index: inout Int, _ limit: Int, _ offset: UInt64) throws(Fault) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while index < limit {
      let byte = window.load(fromByteOffset: index, as: UInt8.self)
      index += 1
      // The tenth byte holds the 64th bit and nothing else.
      if shift == 63, byte > 1 {
        throw fault(.varint, offset, expected: "≤ 10 B, < 2^64", actual: byte < 0x80 ? "≥ 2^64" : "> 10 B")
      }
      value |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
    throw fault(.truncated, offset, expected: "end of variable-length integer", actual: "end of message")
  }
}
