import CLibCrypto

/// The digest of a run of bytes (profile clause 6.1, digests).
public struct Digest: Sendable, Hashable, CustomStringConvertible {
  /// The algorithms; the raw value is the name that the profile gives them.
  public enum Algorithm: String, Sendable, Hashable, CaseIterable {
    /// SHA-256 (FIPS 180-4).
    case sha256
    /// SHA-512 (FIPS 180-4).
    case sha512
    /// SM3 (GB/T 32905—2016).
    case sm3

    /// The number of bytes of a digest.
    public var byteCount: Int {
      switch self {
      case .sha256, .sm3: 32
      case .sha512: 64
      }
    }
  }

  /// The algorithm.
  public let algorithm: Algorithm
  /// The digest's bytes.
  public let bytes: [UInt8]

  /// A digest that was computed or declared.
  public init(_ algorithm: Algorithm, bytes: [UInt8]) {
    self.algorithm = algorithm
    self.bytes = bytes
  }

  /// The bytes in lower-case hexadecimal digits.
  public var hex: String { Hexadecimal.text(of: bytes) }

  public var description: String { "\(algorithm.rawValue):\(hex)" }

  /// How many bytes are read at a time.
  public static let chunkBytes = 1 << 20

  /// The digest of bytes in memory.
  ///
  /// - Throws: `DigestFault.available` where libcrypto lacks the algorithm.
  public static func of(_ bytes: [UInt8], _ algorithm: Algorithm) throws(Fault) -> Digest {
    let stream = try DigestStream(algorithm)
    try bytes.withUnsafeBufferPointer { bytes throws(Fault) in
      try stream.update(UnsafeRawBufferPointer(bytes))
    }
    return try stream.finish()
  }

  /// The digest of a source, or of a range of it, read in chunks of `chunkBytes`.
  ///
  /// - Parameters:
  ///   - range: the bytes; the whole source where none is given.
  ///   - progress: is told the number of bytes of each chunk that was read.
  /// - Throws: what the source throws, and `DigestFault.available` where libcrypto lacks the algorithm.
  public static func of(
    _ source: any ByteSource, _ algorithm: Algorithm, range: Range<UInt64>? = nil,
    progress: ((Int) -> Void)? = nil
  ) throws(Fault) -> Digest {
    let stream = try DigestStream(algorithm)
    try source.forEachChunk(in: range ?? 0..<source.size, of: chunkBytes) { chunk throws(Fault) in
      try stream.update(chunk)
      progress?(chunk.count)
    }
    return try stream.finish()
  }
}

/// A digest in the making.
public final class DigestStream {
  private let algorithm: Digest.Algorithm
  private let context: OpaquePointer

  /// Begins a digest.
  ///
  /// - Throws: `DigestFault.available` of kind `system` where libcrypto lacks the algorithm or has no memory.
  public init(_ algorithm: Digest.Algorithm) throws(Fault) {
    self.algorithm = algorithm
    guard let context = EVP_MD_CTX_new() else { throw DigestStream.fault(algorithm) }
    guard let method = algorithm.method, EVP_DigestInit_ex(context, method, nil) == 1 else {
      EVP_MD_CTX_free(context)
      throw DigestStream.fault(algorithm)
    }
    self.context = context
  }

  deinit {
    EVP_MD_CTX_free(context)
  }

  /// Takes more bytes.
  public func update(_ bytes: UnsafeRawBufferPointer) throws(Fault) {
    guard let base = bytes.baseAddress, !bytes.isEmpty else { return }
    guard EVP_DigestUpdate(context, base, bytes.count) == 1 else { throw DigestStream.fault(algorithm) }
  }

  /// The digest of everything taken so far, after which the stream begins anew.
  public func finish() throws(Fault) -> Digest {
    var bytes = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var count: UInt32 = 0
    guard EVP_DigestFinal_ex(context, &bytes, &count) == 1, Int(count) == algorithm.byteCount,
      let method = algorithm.method, EVP_DigestInit_ex(context, method, nil) == 1
    else { throw DigestStream.fault(algorithm) }
    return Digest(algorithm, bytes: Array(bytes.prefix(Int(count))))
  }

  private static func fault(_ algorithm: Digest.Algorithm) -> Fault {
    Fault(DigestFault.available, .system, at: Place(), expected: algorithm.rawValue, actual: "libcrypto")
  }
}

/// What keeps a digest from being computed: a fault of the system, never one of the sample.
public enum DigestFault: String, FaultCode {
  /// The cryptographic library of the system lacks the algorithm.
  case available = "digest-algorithm-available"
}

/// Bytes as hexadecimal digits.
public enum Hexadecimal {
  /// Bytes in lower-case digits.
  public static func text(of bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count * 2)
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The bytes that digits of either case stand for; nil for anything else.
  public static func bytes(of text: String) -> [UInt8]? {
    guard text.utf8.count % 2 == 0 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count / 2)
    var high: UInt8?
    for character in text.utf8 {
      guard let digit = digit(character) else { return nil }
      if let first = high {
        bytes.append(first << 4 | digit)
        high = nil
      } else {
        high = digit
      }
    }
    return bytes
  }

  private static func digit(_ character: UInt8) -> UInt8? {
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}

extension Digest.Algorithm {
  /// The implementation; looked up once, since each look-up costs as much as the digest of a short text.
  fileprivate var method: OpaquePointer? {
    switch self {
    case .sha256: Digest.Algorithm.sha256Method
    case .sha512: Digest.Algorithm.sha512Method
    case .sm3: Digest.Algorithm.sm3Method
    }
  }

  // Kept until the process ends; libcrypto lets several threads use one.
  private nonisolated(unsafe) static let sha256Method = EVP_MD_fetch(nil, "SHA256", nil)
  private nonisolated(unsafe) static let sha512Method = EVP_MD_fetch(nil, "SHA512", nil)
  private nonisolated(unsafe) static let sm3Method = EVP_MD_fetch(nil, "SM3", nil)
}
