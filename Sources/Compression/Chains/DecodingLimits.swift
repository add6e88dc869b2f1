import Glibc

/// What decoding may cost (profile clause 7.1, section 8).
public struct DecodingLimits: Sendable, Hashable {
  /// Stages of a chain.
  public var stages = 16
  /// Chains inside of chains: a payload or side tensor that is itself compressed.
  public var nesting = 4
  /// Tensors from which one is derived in turn.
  public var bases = 16
  /// Bytes after decoding for each byte stored, bases included.
  public var expansion: UInt64 = 65_536
  /// Bytes after decoding that need no byte stored.
  public var allowance: UInt64 = 1 << 20
  /// Bytes of one tensor in memory.
  public var tensorBytes: UInt64 = DecodingLimits.memory / 2
  /// Bytes of bases that are decoded for each byte that models store, above `allowanceOfBases`.
  ///
  /// Each base is decoded once for each time it is needed and no longer at hand: a model that needs big ones in turn again and again
  /// would never be done.
  public var expansionOfBases: UInt64 = 256
  /// Bytes of bases that are decoded whatever models store.
  public var allowanceOfBases: UInt64 = 1 << 30
  /// Bytes of bases that are kept at hand; the last one is whatever its size.
  public var keptBases: UInt64 = DecodingLimits.memory / 16

  /// The limits of the profile.
  public init() {}

  /// Bytes of memory that the machine has, at least 1 GiB.
  private static let memory: UInt64 = {
    let pages = UInt64(clamping: sysconf(Int32(_SC_PHYS_PAGES)))
    let size = UInt64(clamping: sysconf(Int32(_SC_PAGESIZE)))
    let (bytes, overflow) = pages.multipliedReportingOverflow(by: size)
    return overflow ? .max : max(bytes, 1 << 30)
  }()
}
