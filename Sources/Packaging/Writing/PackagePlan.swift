public import Storage

/// Which files become which units, in their order (profile clause 8.2, section 5).
public struct PackagePlan: Sendable {
  /// A file to be packed.
  public struct File: Sendable, Hashable {
    /// What it is packed as.
    public let type: UnitType
    /// Its name.
    public let name: String
  }

  /// The files, in the order of the units.
  public let files: [File]

  /// A plan for files of a tree.
  ///
  /// - Parameter names: each once, in any order.
  /// - Throws: `FileFault.nameSafe`, `.namesDistinct`, `PackageFault.namesNoFolder`, `.contentPresent` or `.unitCountWithinLimit`.
  public init(names: [String]) throws(Fault) {
    var files: [File] = []
    files.reserveCapacity(names.count)
    for name in names {
      try FileName.check(name)
      files.append(File(type: UnitIdentifier.type(of: name), name: name))
    }
    files.sort {
      $0.type == $1.type ? ExactString($0.name) < ExactString($1.name) : $0.type < $1.type
    }
    var known = PackagedNames()
    for file in files { try known.insert(file.name, at: Place(file.name)) }
    guard files.contains(where: { $0.type == .structure || $0.type == .parameters }) else {
      throw Fault(PackageFault.contentPresent, at: Place(), expected: "3 | 5")
    }
    // Start, rights, index, a signature and the end stand beside the files.
    guard files.count <= UnitOrder.unitLimit - 5 else {
      throw Fault(
        PackageFault.unitCountWithinLimit, at: Place(), expected: "≤ \(UnitOrder.unitLimit)",
        actual: "\(files.count) + 5")
    }
    self.files = files
  }

  /// Whether the package says how its parameters are compressed.
  public var hasStatement: Bool { files.contains { $0.type == .statement } }
}
