/// What a unit holds (profile clause 8.2, section 1).
public struct UnitType: RawRepresentable, Sendable, Hashable, Comparable {
  public let rawValue: UInt16

  public init(rawValue: UInt16) {
    self.rawValue = rawValue
  }

  /// Version, suite and recipients; the first unit.
  public static let start = UnitType(rawValue: 1)
  /// Who may do what.
  public static let rights = UnitType(rawValue: 2)
  /// A file of the representation.
  public static let structure = UnitType(rawValue: 3)
  /// The compression statement of clause 7.
  public static let statement = UnitType(rawValue: 4)
  /// A file with parameters.
  public static let parameters = UnitType(rawValue: 5)
  /// Any other file.
  public static let asset = UnitType(rawValue: 6)
  /// Where each unit before it lies, with its digest.
  public static let index = UnitType(rawValue: 65520)
  /// A signature over the content root.
  public static let signature = UnitType(rawValue: 65521)
  /// The last unit, which leads to the index.
  public static let end = UnitType(rawValue: 65522)

  /// The types that profile 8.2 in version 1.0 defines, in their order.
  public static let known: [UnitType] = [
    .start, .rights, .structure, .statement, .parameters, .asset, .index, .signature, .end,
  ]

  private static let names = [
    "start", "rights", "structure", "statement", "parameters", "asset", "index", "signature", "end",
  ]

  /// Whether the profile defines the type.
  public var isKnown: Bool { UnitType.known.contains(self) }
  /// Whether a unit of the type holds a file.
  public var isContent: Bool { UnitType.structure <= self && self <= .asset }
  /// Whether the type is a vendor's.
  public var isVendor: Bool { (32768...65279).contains(rawValue) }
  /// Whether the type belongs to later versions of the profile.
  public var isReserved: Bool { !isKnown && !isVendor }
  /// Whether the critical flag is set on units of the type; nil where the writer of a unit decides.
  public var isCritical: Bool? { isKnown ? self != .asset && self != .signature : nil }
  /// Whether units of the type may be encrypted.
  public var mayBeEncrypted: Bool { isContent || !isKnown }

  /// The longest payload, in bytes.
  public var payloadLimit: UInt64 {
    switch self {
    case .start, .rights, .signature, .end: 1 << 20
    case .index: 1 << 28
    default: 1 << 63 - 1
    }
  }

  /// The name that reports use: that of a known type, else the number.
  public var name: String {
    UnitType.known.firstIndex(of: self).map { UnitType.names[$0] } ?? "\(rawValue)"
  }

  public static func < (left: UnitType, right: UnitType) -> Bool { left.rawValue < right.rawValue }
}

/// What holds for a unit beyond its type (profile clause 8.2, section 2.1).
public struct UnitFlags: OptionSet, Sendable, Hashable {
  public let rawValue: UInt16

  public init(rawValue: UInt16) {
    self.rawValue = rawValue
  }

  /// Who does not know the type refuses the package.
  public static let critical = UnitFlags(rawValue: 1)
  /// The payload is encrypted.
  public static let encrypted = UnitFlags(rawValue: 2)
  /// The payload becomes parameters only through the compression statement.
  public static let compressed = UnitFlags(rawValue: 4)

  /// The flags that version 1.0 defines.
  public static let known: UnitFlags = [.critical, .encrypted, .compressed]

  /// Four hexadecimal digits, as reports show flags.
  public var hex: String {
    let digits = String(rawValue, radix: 16)
    return String(repeating: "0", count: 4 - digits.utf8.count) + digits
  }
}
