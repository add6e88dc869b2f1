public import Storage

/// A package that was read from front to back: what it holds, and everything that is wrong with it that can be told without a key
/// (profile clause 8.2, sections 1 to 9).
///
/// A damaged byte has one fault, the first by its place; what follows from it is not told again. What a unit says is used only once
/// its bytes were verified.
public struct PackageScan: Sendable {
  /// A signature of the package.
  public struct Signature: Sendable, Hashable {
    /// The unit that holds it.
    public var unit: PackageUnit
    /// What the unit says.
    public var payload: SignaturePayload
    /// The key of the signer; nil where it is none.
    public var signer: PublicKey?
    /// Whether it verifies over the statement; nil where that could not be judged.
    public var isValid: Bool?

    /// Where the payload begins.
    public var place: UInt64 { unit.payloadOffset }
  }

  /// What somebody grants, and where the unit lies.
  public struct Rights: Sendable, Hashable {
    /// What is granted.
    public var payload: RightsPayload
    /// The unit that says it.
    public var unit: PackageUnit
  }

  /// How a package is read.
  public struct Options: Sendable {
    /// How many chunks are verified at once; nothing that comes out depends on it.
    public var jobs = 1
    /// Whether files are left unread: headers, trailers and what units say of the package are judged alone, and leaf hashes are
    /// believed. Not of a package that comes through a pipe.
    public var skipsContent = false
    /// What takes the content of the units while they are read.
    public var receiver: (any ContentReceiver)?
    /// Is told, now and then, how many bytes were read.
    public var progress: (@Sendable (UInt64) -> Void)?

    /// A reading that only judges, in one thread.
    public init(jobs: Int = 1) {
      self.jobs = jobs
    }
  }

  /// The name under which faults speak of the package.
  public let name: String
  /// The units that were read whole, in their order.
  public internal(set) var units: [PackageUnit] = []
  /// What the start unit says; nil where it cannot be read.
  public internal(set) var start: StartPayload?
  /// The rights that the package states.
  public internal(set) var rights: Rights?
  /// The signatures that could be read.
  public internal(set) var signatures: [Signature] = []
  /// How many units the index speaks of; nil where it cannot be read.
  public internal(set) var contentCount: UInt64?
  /// The root over their digests, as the index says it.
  public internal(set) var contentRoot: Digest?
  /// The root over the digests of all units before the end, as the end unit says it.
  public internal(set) var packageRoot: Digest?
  /// How many bytes were read.
  public internal(set) var byteCount: UInt64 = 0
  /// Whether the end unit was reached.
  public internal(set) var isComplete = false
  /// Whether a header is wrong, so that units may not be what they seem.
  public internal(set) var isShaken = false
  /// What neither is met nor broken, because what answers it could not be read; beside those that `faults` are of.
  public internal(set) var open: Set<PackageFault> = []
  /// What is wrong.
  public internal(set) var faults = FaultLog()
  /// What is right, but should be said: versions and units that are not known, content that is not encrypted.
  public internal(set) var remarks = FaultLog()

  init(name: String) {
    self.name = name
  }

  /// The text that signatures are over; nil where the index cannot be read.
  public var statement: [UInt8]? {
    guard let contentCount, let contentRoot else { return nil }
    return SignaturePayload.statement(count: contentCount, contentRoot: contentRoot)
  }

  /// The units of types 3 to 6, each of which holds a file.
  public var files: [PackageUnit] { units.filter(\.type.isContent) }

  /// The length of what a unit holds, in bytes; nil of an encrypted one whose suite is not known.
  public func contentLength(of unit: PackageUnit) -> UInt64? {
    guard unit.flags.contains(.encrypted) else { return unit.length }
    return start?.protectionSuite?.contentLength(stored: unit.length)
  }

  /// Reads a package that can be read at random.
  ///
  /// - Throws: only what the system or the receiver refuses; what is wrong with the package is in `faults`.
  public static func scan(
    _ source: any ByteSource, _ options: Options = Options()
  ) throws(Fault) -> PackageScan {
    try PackageScanner(FrontReader(source), options).run()
  }

  /// Reads a package that comes once, through a pipe.
  ///
  /// - Throws: as `scan` of a source.
  public static func scan(
    _ stream: any ByteStream, _ options: Options = Options()
  ) throws(Fault) -> PackageScan {
    try PackageScanner(FrontReader(stream), options).run()
  }
}

/// What takes the content of a package while it is read.
///
/// Bytes come before the package was verified as a whole: they must not be released before.
public protocol ContentReceiver: Sendable {
  /// Is asked, in the order of the units, what takes the payload of a unit of types 3 to 6, or of an encrypted one of any type; nil
  /// where nothing does.
  ///
  /// - Parameters:
  ///   - header: the header of the unit, which was judged.
  ///   - identifier: its identifier; a safe name.
  ///   - offset: where the header lies.
  ///   - start: what the start unit says.
  func begin(
    _ header: UnitHeader, identifier: [UInt8], at offset: UInt64, start: StartPayload
  ) throws(Fault) -> (any PayloadReceiver)?
}

/// What takes the payload of a unit.
public protocol PayloadReceiver: Sendable {
  /// Takes a chunk as stored; chunks come in any order, several at once.
  ///
  /// - Throws: a fault of the package (a tag that does not verify), or one of kind `system`, which ends the reading.
  func take(_ stored: UnsafeRawBufferPointer, chunk: UInt64, isFinal: Bool) throws(Fault)

  /// Is told that every chunk was taken.
  func finish() throws(Fault)
}
