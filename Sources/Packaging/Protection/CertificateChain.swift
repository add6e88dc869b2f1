/// Certificates (X.509), the signer's own first and each followed by its issuer's; a root may be left out.
public struct CertificateChain: Sendable, Hashable {
  /// Each certificate in DER: at least one.
  public let certificates: [[UInt8]]

  /// Certificates in DER.
  ///
  /// - Throws: `absent` where there is none, `damaged` for anything that is no certificate.
  public init(der: [[UInt8]]) throws(ProtectionError) {
    guard !der.isEmpty else { throw .absent(labels: [PEMBlock.certificate]) }
    for (index, certificate) in der.enumerated() {
      _ = try Certificate(certificate, item: "\(PEMBlock.certificate) \(index + 1)")
    }
    certificates = der
  }

  /// Certificates in DER, one after the other without anything between, as a signature unit holds them.
  ///
  /// - Throws: as `init(der:)`.
  public init(concatenatedDER bytes: [UInt8]) throws(ProtectionError) {
    var reader = DERReader(bytes)
    var certificates: [[UInt8]] = []
    while !reader.isAtEnd {
      guard let next = reader.next() else {
        throw .damaged(item: "\(PEMBlock.certificate) \(certificates.count + 1)")
      }
      certificates.append(Array(next.whole))
    }
    try self.init(der: certificates)
  }

  /// All certificates of a PEM file, in their order.
  ///
  /// - Throws: as `init(der:)`.
  public init(pem: [UInt8]) throws(ProtectionError) {
    let blocks = try PEMBlock.blocks(in: pem)
    try self.init(der: blocks.filter { $0.label == PEMBlock.certificate }.map(\.content))
  }

  /// The certificates one after the other, as a signature unit holds them.
  public var concatenatedDER: [UInt8] { Array(certificates.joined()) }

  /// The key of the first certificate.
  public var signer: PublicKey {
    get throws(ProtectionError) {
      try PublicKey(subjectPublicKeyInfo: try first().subjectPublicKeyInfo())
    }
  }

  /// Whose the first certificate is, as RFC 4514 writes names; for reports.
  public var subject: String {
    get throws(ProtectionError) { try first().subject }
  }

  /// The subjects, and the issuer of the last one where it is not there itself: who vouches for whom, from the signer on.
  var path: String {
    get throws(ProtectionError) {
      var names: [String] = []
      for (index, bytes) in certificates.enumerated() {
        let certificate = try Certificate(bytes, item: PEMBlock.certificate)
        names.append(certificate.subject)
        if index == certificates.count - 1, !certificate.isSelfIssued { names.append(certificate.issuer) }
      }
      return names.joined(separator: " ← ")
    }
  }

  private func first() throws(ProtectionError) -> Certificate {
    guard let first = certificates.first else { throw .absent(labels: [PEMBlock.certificate]) }
    return try Certificate(first, item: PEMBlock.certificate)
  }
}
