public import Storage

/// Signs a package that is there already (profile clause 8.2, section 8).
public enum PackageSigning {
  /// Writes a package with one more signature, or another one of the same key; everything up to the index stays as it is.
  ///
  /// - Parameters:
  ///   - scan: what reading the whole package gave, without faults.
  ///   - source: the package.
  ///   - output: the new one, which is not committed here.
  /// - Throws: what source and output throw.
  public static func write(
    _ scan: PackageScan, of source: any ByteSource, signedBy signer: PackageSigner, to output: AtomicFile
  ) throws(Fault) {
    guard scan.faults.isEmpty, let number = scan.units.firstIndex(where: { $0.type == .index }),
      let statement = scan.statement
    else {
      throw Fault(PackageFault.complete, at: Place(source.name))
    }
    let index = scan.units[number]
    try output.append(copying: source, range: 0..<index.end)
    let writer = PackageWriter(
      output, jobs: 1, after: scan.units[...number].map(\.entry), at: index.end)
    var signatures: [[UInt8]: [UInt8]] = [:]
    for signature in scan.signatures {
      signatures[signature.unit.identifier] = signature.payload.encoded
    }
    let unit = try signer.unit(over: statement)
    signatures[unit.identifier] = unit.payload
    for (identifier, payload) in signatures.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
      try writer.add(.signature, [], identifier: identifier, payload)
    }
    try writer.addEnd(indexOffset: index.offset)
  }

  /// The signature over the statement of a package, to be kept apart from it: what `openssl` would write.
  public static func detached(_ scan: PackageScan, signedBy signer: PackageSigner) throws(Fault) -> [UInt8] {
    guard let statement = scan.statement else {
      throw Fault(PackageFault.indexPresent, at: Place(scan.name))
    }
    do throws(ProtectionError) {
      return try signer.key.signature(over: statement)
    } catch {
      throw error.systemFault
    }
  }
}
