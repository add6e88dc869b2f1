import CLibZstd
import Numerics
public import Storage

/// One frame of Zstandard (profile clause 7.5, section 8); the stage has no fields.
public struct ZstdStage: StageCodec, Hashable {
  /// The stage.
  public init() {}

  public var isLossless: Bool { true }

  public var leavesOpenCount: Bool { true }

  public func output(of input: ElementsType) throws(Fault) -> ElementsType? { try input.with(.u8, [0]) }

  /// The greatest window.
  static let windowLimit: UInt64 = 1 << 23

  public func decode(
    _ payload: Elements?, as input: ElementsType, in decoding: Decoding
  ) throws(Fault) -> Elements {
    guard let payload, payload.type.element == .u8, payload.type.dims.count == 1 else {
      throw .payload(try output(of: input), payload)
    }
    let frame = payload.bytes
    let header = try ZstdHeader(frame)
    guard let content = header.content, content == UInt64(input.byteCount) else {
      throw .stage(
        .zstdContentSize, expected: "\(input.byteCount)",
        actual: header.content.map(String.init) ?? "not stated")
    }
    guard header.window ?? content <= Self.windowLimit else {
      throw .stage(
        .zstdWindowWithinLimit, expected: "≤ \(Self.windowLimit)", actual: "\(header.window ?? content)")
    }
    guard header.dictionary == 0 else {
      throw .stage(.zstdNoDictionary, expected: "0", actual: "\(header.dictionary)")
    }
    let end = try header.end(of: frame)
    guard end == frame.count else {
      throw .stage(.zstdOneFrame, expected: "\(end) B", actual: "\(frame.count) B")
    }
    let decoded = try Elements(writing: input) { target throws(Fault) in
      let size = frame.withUnsafeBytes {
        ZSTD_decompress(target.baseAddress, target.count, $0.baseAddress, $0.count)
      }
      guard ZSTD_isError(size) == 0, size == target.count else {
        throw .stage(
          .zstdFrameReadable, expected: "\(target.count) B",
          actual: ZSTD_isError(size) == 0 ? "\(size) B" : String(cString: ZSTD_getErrorName(size)))
      }
    }
    return decoded.withoutPadding()
  }

  /// Whether a frame ends with a checksum of its content, as it should; nil where it is not the beginning of a frame.
  public static func hasChecksum(_ frame: [UInt8]) -> Bool? {
    do throws(Fault) {
      return try ZstdHeader(frame).hasChecksum
    } catch {
      return nil
    }
  }

  /// Encodes elements as a frame with content size and checksum, always the same for the same library.
  ///
  /// - Parameter level: 1 to 22: how much is tried. Decoding is as fast after any of them.
  public static func encode(_ x: Elements, level: Int = 19) throws(Fault) -> Encoded<ZstdStage> {
    guard let context = ZSTD_createCCtx() else {
      throw .stage(.zstdFrameReadable, "", .system, expected: "memory", actual: "none")
    }
    defer { ZSTD_freeCCtx(context) }
    var settings = [(ZSTD_c_compressionLevel, Int32(clamping: level)), (ZSTD_c_checksumFlag, 1)]
    // Wider windows only come with levels that ask for more memory than a decoder has to have.
    if level > 19 { settings.append((ZSTD_c_windowLog, 23)) }
    for (parameter, value) in settings {
      let status = ZSTD_CCtx_setParameter(context, parameter, value)
      guard ZSTD_isError(status) == 0 else { throw failure(status) }
    }
    let bound = ZSTD_compressBound(x.bytes.count)
    guard ZSTD_isError(bound) == 0 else { throw failure(bound) }
    var size = 0
    let frame = [UInt8](unsafeUninitializedCapacity: bound) { target, count in
      size = x.bytes.withUnsafeBytes {
        ZSTD_compress2(context, target.baseAddress, bound, $0.baseAddress, $0.count)
      }
      count = ZSTD_isError(size) == 0 ? size : 0
    }
    guard ZSTD_isError(size) == 0 else { throw failure(size) }
    return Encoded(ZstdStage(), Elements(try x.type.with(.u8, [frame.count]), exactly: frame))
  }

  private static func failure(_ status: Int) -> Fault {
    .stage(.zstdFrameReadable, "", .system, actual: String(cString: ZSTD_getErrorName(status)))
  }
}

/// The header of a frame (RFC 8878, 3.1.1.1).
private struct ZstdHeader {
  /// The window; nil where the frame has none but its content.
  var window: UInt64?
  /// The dictionary; 0 for none.
  var dictionary: UInt64 = 0
  /// The bytes of the content, where they are stated.
  var content: UInt64?
  /// Where the blocks begin.
  var blocks: Int
  /// Whether a checksum stands behind the last block.
  var hasChecksum: Bool

  /// Reads the header; what comes first breaks first.
  init(_ frame: [UInt8]) throws(Fault) {
    guard frame.count >= 5 else { throw Self.unreadable("≥ 5 B", "\(frame.count) B") }
    let magic = Self.number(frame[0..<4])
    // Sixteen numbers stand for frames that decoders skip.
    guard magic & 0xFFFF_FFF0 != 0x184D_2A50 else {
      throw .stage(.zstdOneFrame, expected: "a frame", actual: "a skippable frame")
    }
    guard magic == 0xFD2F_B528 else {
      throw Self.unreadable("28b52ffd", Hexadecimal.text(of: Array(frame[..<4])))
    }
    let flags = frame[4]
    guard flags & 8 == 0 else { throw Self.unreadable("reserved bit 0", "\(flags)") }
    hasChecksum = flags & 4 != 0
    let isSingle = flags & 32 != 0
    var at = 5
    func next(_ count: Int) throws(Fault) -> UInt64 {
      guard count <= frame.count - at else { throw Self.unreadable("≥ \(at + count) B", "\(frame.count) B") }
      defer { at += count }
      return Self.number(frame[at..<at + count])
    }
    if !isSingle {
      let byte = try next(1)
      // At most 2^41 and seven eighths of it.
      let base = UInt64(1) << (byte >> 3 + 10)
      window = base + base >> 3 * (byte & 7)
    }
    dictionary = try next([0, 1, 2, 4][Int(flags & 3)])
    let width = [isSingle ? 1 : 0, 2, 4, 8][Int(flags >> 6)]
    if width > 0 {
      let size = try next(width)
      content = width == 2 ? size + 256 : size
    }
    blocks = at
  }

  /// Where the frame ends, by the sizes of its blocks.
  func end(of frame: [UInt8]) throws(Fault) -> Int {
    var at = blocks
    while true {
      guard at <= frame.count - 3 else { throw Self.unreadable("≥ \(at + 3) B", "\(frame.count) B") }
      let block = Int(Self.number(frame[at..<at + 3]))
      guard block >> 1 & 3 != 3 else { throw Self.unreadable("block types 0 … 2", "3") }
      at += 3 + (block >> 1 & 3 == 1 ? 1 : block >> 3)
      guard block & 1 == 0 else { break }
    }
    if hasChecksum { at += 4 }
    guard at <= frame.count else { throw Self.unreadable("≥ \(at) B", "\(frame.count) B") }
    return at
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  private static func unreadable(_ expected: String, _ actual: String) -> Fault {
    .stage(.zstdFrameReadable, expected: expected, actual: actual)
  }
}

extension Elements {
  /// The same elements, with the bits behind the last one zero, so that equal elements have equal bytes.
  func withoutPadding() -> Elements {
    let padding = type.element.paddingBits(elements: UInt64(type.count))
    guard padding > 0, let last = bytes.last, last >> UInt8(8 - padding) != 0 else { return self }
    var bytes = bytes
    bytes[bytes.count - 1] = last & UInt8.max >> UInt8(padding)
    return Elements(type, exactly: bytes)
  }
}
