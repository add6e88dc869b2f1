import Storage

/// What can be said of a signature without knowing whom to trust (profile clause 8.2, section 8).
enum SignatureJudge {
  /// The key of the signer.
  ///
  /// - Throws: the fault of a key that is none, of another kind than the algorithm's, or not the one that the unit is named by.
  static func signer(of signature: PackageScan.Signature, file: String) throws(Fault) -> PublicKey {
    let payload = signature.payload
    let place = Place(file, offset: signature.place + SignaturePayload.keyPosition)
    let key: PublicKey
    do throws(ProtectionError) {
      switch payload.keyForm {
      case .bare: key = try PublicKey(subjectPublicKeyInfo: payload.key)
      case .certificates: key = try CertificateChain(concatenatedDER: payload.key).signer
      }
    } catch {
      throw fault(error, at: place)
    }
    guard key.algorithm.rawValue == payload.algorithm else {
      throw Fault(
        PackageFault.signatureKeyKind, at: place,
        expected: SignatureAlgorithm(rawValue: payload.algorithm)?.name ?? "\(payload.algorithm)",
        actual: key.algorithm.name)
    }
    let identifier = Hexadecimal.text(of: key.identifier)
    guard identifier.utf8.elementsEqual(signature.unit.identifier) else {
      throw Fault(
        PackageFault.signatureKeyNamed, at: Place(file, offset: signature.unit.offset + 32),
        expected: identifier, actual: signature.unit.name)
    }
    return key
  }

  /// Accepts a signature that verifies over a statement.
  ///
  /// - Throws: `PackageFault.signatureEncoding` or `.signatureValid`.
  static func judge(
    _ signature: PackageScan.Signature, over statement: [UInt8], file: String
  ) throws(Fault) {
    guard let key = signature.signer else { return }
    let bytes = signature.payload.signature
    let place = Place(file, offset: signature.place + signature.payload.signaturePosition)
    guard PublicKey.isStrictSignature(bytes, key.algorithm) else {
      throw Fault(PackageFault.signatureEncoding, at: place, actual: Hexadecimal.text(of: bytes))
    }
    let isValid: Bool
    do throws(ProtectionError) {
      isValid = try key.verifies(bytes, over: statement)
    } catch {
      throw fault(error, at: place)
    }
    guard isValid else {
      throw Fault(PackageFault.signatureValid, at: place, actual: signature.unit.name)
    }
  }

  private static func fault(_ error: ProtectionError, at place: Place) -> Fault {
    switch error {
    case .refused(let operation, let reason):
      Fault(DigestFault.available, .system, at: place, expected: operation, actual: reason)
    case .unsuitable(let found, let needed):
      Fault(PackageFault.signatureKeyKind, at: place, expected: needed, actual: found)
    case .damaged(let item):
      Fault(PackageFault.signatureSyntax, at: place, actual: item)
    case .absent, .passphraseNeeded, .passphraseWrong, .certificateNeeded:
      Fault(PackageFault.signatureSyntax, at: place)
    }
  }
}
