public import Storage

extension PackageScan {
  /// What the package has of signatures and rights, for a policy to judge; nil where the index cannot be read.
  ///
  /// - Parameter detached: signatures that are kept apart from it.
  public func signedContent(detached: [SignedContent.DetachedSignature] = []) -> SignedContent? {
    statement.map {
      SignedContent(
        place: Place(name), statement: $0, signatures: signatures.compactMap { $0.signed(in: name) },
        detached: detached, rights: rights?.payload,
        rightsPlace: rights.map { Place(name, offset: $0.unit.offset) })
    }
  }
}

extension PackageTree {
  /// What the package has of signatures and rights, for a policy to judge.
  ///
  /// - Parameter detached: signatures that are kept apart from it.
  /// - Throws: as `rights`.
  public func signedContent(detached: [SignedContent.DetachedSignature] = []) throws(Fault) -> SignedContent {
    let rights = try rights()
    return SignedContent(
      place: Place(name), statement: statement, signatures: signatures.compactMap { $0.signed(in: name) },
      detached: detached, rights: rights?.payload,
      rightsPlace: rights.map { Place(name, offset: $0.unit.offset) })
  }
}

extension PackageScan.Signature {
  /// The signature as a policy judges it; nil where its key is none.
  fileprivate func signed(in file: String) -> SignedContent.Signature? {
    guard let signer, let isValid else { return nil }
    let certificates =
      payload.keyForm == .certificates ? try? CertificateChain(concatenatedDER: payload.key) : nil
    return SignedContent.Signature(
      place: Place(file, offset: unit.offset), key: signer, certificates: certificates, isValid: isValid)
  }
}
