public import Storage

/// Who signs a package.
public struct PackageSigner: Sendable {
  /// The private key.
  public let key: SigningKey
  /// The signer's certificates, its own first; nil where the bare key is given.
  public let certificates: CertificateChain?

  /// A signer.
  ///
  /// - Throws: `ProtectionError.unsuitable` where the first certificate is not the key's.
  public init(key: SigningKey, certificates: CertificateChain? = nil) throws(ProtectionError) {
    if let certificates {
      let certified = try certificates.signer
      guard certified == key.publicKey else {
        throw .unsuitable(
          found: Hexadecimal.text(of: certified.identifier),
          needed: Hexadecimal.text(of: key.publicKey.identifier))
      }
    }
    self.key = key
    self.certificates = certificates
  }

  /// The unit that holds the signature over a statement.
  func unit(over statement: [UInt8]) throws(Fault) -> (identifier: [UInt8], payload: [UInt8]) {
    let publicKey = key.publicKey
    let signature: [UInt8]
    do throws(ProtectionError) {
      signature = try key.signature(over: statement)
    } catch {
      throw error.systemFault
    }
    let payload = SignaturePayload(
      algorithm: publicKey.algorithm.rawValue, keyForm: certificates == nil ? .bare : .certificates,
      key: certificates?.concatenatedDER ?? publicKey.subjectPublicKeyInfo, signature: signature)
    return (Array(Hexadecimal.text(of: publicKey.identifier).utf8), payload.encoded)
  }
}

/// Packs files into a package (profile clause 8.2, section 5).
public struct Packing: Sendable {
  /// How many chunks are worked on at once; the bytes do not depend on it.
  public var jobs = 1
  /// For whom the files are encrypted; nobody: they are not.
  public var recipients: [Recipient] = []
  /// How they are encrypted.
  public var suite = ProtectionSuite.aes256GCM
  /// The rights that the package states.
  public var rights: RightsPayload?
  /// Who signs the package.
  public var signer: PackageSigner?
  /// Is told how many more bytes were written.
  public var progress: (@Sendable (UInt64) -> Void)?

  /// A packing in one thread, without encryption, rights or signature.
  public init() {}

  /// What was written.
  public struct Summary: Sendable {
    /// What the start unit says.
    public let start: StartPayload
    /// What the index says of the units before it.
    public let entries: [IndexEntry]
    /// The root over their digests.
    public let contentRoot: Digest
    /// The root over the digests of all units before the end.
    public let packageRoot: Digest
    /// How many bytes the package has.
    public let byteCount: UInt64
  }

  /// Writes a package.
  ///
  /// - Throws: what opening and reading the files throws, `FileFault.stableWhileRead` where one changes meanwhile, and what the sink
  ///   throws; then what is in the sink is no package.
  @discardableResult
  public func write(
    _ plan: PackagePlan, from tree: any FileTree, to sink: any PackageSink
  ) throws(Fault) -> Summary {
    let writer = PackageWriter(sink, jobs: jobs, progress: progress)
    do throws(Fault) {
      return try write(plan, from: tree, by: writer)
    } catch {
      writer.abandon()
      throw error
    }
  }

  private func write(
    _ plan: PackagePlan, from tree: any FileTree, by writer: PackageWriter
  ) throws(Fault) -> Summary {
    let (start, sealer) = try startPayload()
    try writer.add(.start, .critical, start.encoded)
    if let rights { try writer.add(.rights, .critical, rights.encoded) }
    let hasStatement = plan.hasStatement
    for file in plan.files {
      var flags: UnitFlags = file.type == .asset ? [] : .critical
      if sealer != nil { flags.insert(.encrypted) }
      if file.type == .parameters, hasStatement { flags.insert(.compressed) }
      let source = try tree.open(file.name)
      try writer.add(
        file.type, flags, identifier: Array(file.name.utf8), file: source, seal: sealer,
        check: { () throws(Fault) in try Packing.requireStable(source) })
    }
    try writer.finish()
    let index = try IndexPayload(writer.entries)
    let count = UInt64(index.entries.count)
    let indexOffset = writer.offset
    try writer.add(.index, .critical, index.encoded)
    if let signer {
      let statement = SignaturePayload.statement(count: count, contentRoot: index.contentRoot)
      let unit = try signer.unit(over: statement)
      try writer.add(.signature, [], identifier: unit.identifier, unit.payload)
    }
    let packageRoot = try writer.addEnd(indexOffset: indexOffset)
    return Summary(
      start: start, entries: index.entries, contentRoot: index.contentRoot, packageRoot: packageRoot,
      byteCount: writer.offset)
  }

  /// A file that changed its size while it was packed would be another one than its first bytes say.
  private static func requireStable(_ source: any ByteSource) throws(Fault) {
    guard let file = source as? FileByteSource, let now = file.sizeNow, now != source.size else { return }
    throw Fault(
      FileFault.stableWhileRead, at: Place(source.name), expected: "\(source.size) B", actual: "\(now) B")
  }

  private func startPayload() throws(Fault) -> (StartPayload, ContentSealer?) {
    var start = StartPayload()
    guard !recipients.isEmpty else { return (start, nil) }
    do throws(ProtectionError) {
      let key = try ContentKey.random()
      start.suite = suite.rawValue
      start.commitment = try key.commitment(suite)
      for recipient in recipients
      where !start.recipients.contains(where: { $0.keyIdentifier == recipient.keyIdentifier }) {
        start.recipients.append(
          StartPayload.RecipientEntry(
            scheme: recipient.scheme.rawValue, keyIdentifier: recipient.keyIdentifier,
            wrappedKey: try recipient.wrap(key)))
      }
      return (start, ContentSealer(suite: suite, key: key))
    } catch {
      throw error.systemFault
    }
  }
}

extension PackageWriter {
  /// Writes the end unit, after everything that was added.
  ///
  /// - Returns: the package root.
  @discardableResult
  func addEnd(indexOffset: UInt64) throws(Fault) -> Digest {
    let root = try HashTree.root(of: entries.map(\.digest))
    let end = EndPayload(
      indexOffset: indexOffset, endOffset: offset, count: UInt64(entries.count), packageRoot: root)
    try add(.end, .critical, end.encoded)
    return root
  }
}
