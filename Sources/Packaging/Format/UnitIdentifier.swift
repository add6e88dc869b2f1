public import Storage

/// What a unit may be called (profile clause 8.2, sections 2.2 and 5.2).
public enum UnitIdentifier {
  /// The name of a file or of a vendor's unit, from the bytes of its identifier.
  ///
  /// - Throws: `FileFault.nameSafe` of kind `unsafe`.
  public static func name(_ identifier: [UInt8], at place: Place) throws(Fault) -> String {
    guard let name = String(validating: identifier, as: UTF8.self) else {
      throw Fault(
        FileFault.nameSafe, .unsafe, at: place, expected: "UTF-8",
        actual: String(decoding: identifier, as: UTF8.self))
    }
    try FileName.check(name, at: place)
    return name
  }

  /// Whether a name is one of a vendor: `[a-z0-9-]+(\.[a-z0-9-]+)+(/.*)?`.
  public static func isVendors(_ name: String) -> Bool {
    let domain = name.utf8.prefix { $0 != UInt8(ascii: "/") }
    let labels = domain.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return labels.count > 1
      && labels.allSatisfy { label in
        !label.isEmpty
          && label.allSatisfy {
            $0 == UInt8(ascii: "-") || $0.isASCIIDigit || $0.isASCIILetter && !$0.isASCIICapital
          }
      }
  }

  /// Whether bytes are the identifier of a signature: 64 lower-case hexadecimal digits.
  public static func isSignatures(_ identifier: [UInt8]) -> Bool {
    identifier.count == 64 && identifier.allSatisfy { $0.isASCIIHexadecimalDigit && !$0.isASCIICapital }
  }

  /// The type that a file is packed as, by its name; ASCII letters are taken in lower case.
  public static func type(of name: String) -> UnitType {
    let lower = name.utf8.map { $0.isASCIICapital ? $0 | 0x20 : $0 }
    if lower.ends(with: ".compression.json") { return .statement }
    if structureSuffixes.contains(where: lower.ends) { return .structure }
    let last = lower.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).last ?? []
    if ["config.json", "adapter_config.json"].contains(where: { $0.utf8.elementsEqual(last) }) {
      return .structure
    }
    return parameterSuffixes.contains(where: lower.ends) || isONNXData(lower) ? .parameters : .asset
  }

  private static let structureSuffixes = [
    ".pmr", ".pmr.json", ".onnx", ".mindir", ".pdmodel", ".index.json",
  ]
  private static let parameterSuffixes = [
    ".safetensors", ".gguf", ".bin", ".data", ".pdiparams", ".pt", ".pth", ".ckpt", ".npy", ".npz", ".h5",
    ".weight", ".weights",
  ]

  /// `.onnx_data` or `_onnx_data`, or one of these followed by `_` and decimal digits.
  private static func isONNXData(_ lower: [UInt8]) -> Bool {
    var name = lower[...]
    let digits = name.reversed().prefix { $0.isASCIIDigit }.count
    if digits > 0, name.dropLast(digits).last == UInt8(ascii: "_") { name = name.dropLast(digits + 1) }
    return Array(name).ends(with: ".onnx_data") || Array(name).ends(with: "_onnx_data")
  }
}

extension [UInt8] {
  fileprivate func ends(with suffix: String) -> Bool {
    suffix.utf8.elementsEqual(self.suffix(suffix.utf8.count))
  }
}

/// The names of the files of a package as they come: each a file of its own on every system, and none the folder of another.
public struct PackagedNames: Sendable {
  // The keys are strings on purpose: Swift compares them by canonical equivalence, as the profile asks.
  private var files: Set<String> = []
  private var folders: Set<String> = []

  /// No names.
  public init() {}

  /// Takes a name.
  ///
  /// - Throws: `FileFault.namesDistinct` or `PackageFault.namesNoFolder`.
  public mutating func insert(_ name: String, at place: Place) throws(Fault) {
    let folded = NameFolding.folded(name)
    guard !files.contains(folded) else {
      throw Fault(FileFault.namesDistinct, at: place, actual: name)
    }
    var above: [String] = []
    var rest = Substring(folded).utf8
    while let slash = rest.lastIndex(of: UInt8(ascii: "/")) {
      rest = rest[..<slash]
      let folder = String(Substring(rest))
      // What lies above a known folder is known.
      if folders.contains(folder) { break }
      above.append(folder)
    }
    guard !folders.contains(folded), !above.contains(where: files.contains) else {
      throw Fault(PackageFault.namesNoFolder, at: place, actual: name)
    }
    files.insert(folded)
    folders.formUnion(above)
  }
}
