public import Packaging
import Profile
import Storage

/// Reads a trust policy from the YAML that a verifier wrote (profile clause 8.2, section 8.3;
/// `conformance/schema/trust-policy.schema.json`).
public enum TrustPolicyFile {
  /// How many bytes a policy, or a file that it names, may have.
  public static let byteLimit = 1 << 20

  /// The policy in a file; the keys that it names lie beside it.
  ///
  /// - Throws: everything that is wrong with the file, each with its line.
  public static func read(path: String) throws(TrustPolicyFileError) -> TrustPolicy {
    let faults = YAMLFaults(file: path)
    guard let content = bytes(path) else {
      faults.add(
        line: 1, zh: "无法读取，或超过 \(byteLimit) 字节", en: "cannot be read, or has more than \(byteLimit) bytes")
      throw TrustPolicyFileError(faults: faults.list)
    }
    guard let text = String(validating: content, as: UTF8.self) else {
      faults.add(line: 1, zh: "不是 UTF-8", en: "is not UTF-8")
      throw TrustPolicyFileError(faults: faults.list)
    }
    let folder = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[...$0] } ?? ""
    return try read(text, file: path) { name in
      bytes(name.utf8.first == UInt8(ascii: "/") ? name : folder + name)
    }
  }

  /// The policy in a text.
  ///
  /// - Parameters:
  ///   - text: the content of the file.
  ///   - file: its name, for complaints.
  ///   - load: the bytes of a file that the policy names, by the name that stands there; nil where it cannot be read.
  /// - Throws: everything that is wrong with the policy, each with its line.
  public static func read(
    _ text: String, file: String, load: (String) -> [UInt8]?
  ) throws(TrustPolicyFileError) -> TrustPolicy {
    let faults = YAMLFaults(file: file)
    let policy = YAMLNode(document: text, faults).flatMap { read($0, load) }
    guard faults.list.isEmpty, let policy else { throw TrustPolicyFileError(faults: faults.list) }
    return policy
  }

  private static func read(_ node: YAMLNode, _ load: (String) -> [UInt8]?) -> TrustPolicy? {
    guard let fields = node.fields(required: ["signers"], optional: ["required", "algorithms"]) else {
      return nil
    }
    let required = fields["required"].map(readRequired) ?? 1
    let algorithms = fields["algorithms"].map(readAlgorithms) ?? SignatureAlgorithm.allCases
    let signers = fields["signers"]?.items()?.compactMap { readSigner($0, load) }
    guard let required, let algorithms, let signers else { return nil }
    return TrustPolicy(required: required, algorithms: Set(algorithms), signers: signers)
  }

  private static func readRequired(_ node: YAMLNode) -> Int? {
    guard let number = node.number() else { return nil }
    // More signatures than that no package has.
    guard let count = Int(exactly: number), (0...1_000_000).contains(count) else {
      node.complain(zh: "应为 0 至 1000000 的整数", en: "must be a whole number from 0 to 1000000")
      return nil
    }
    return count
  }

  private static func readAlgorithms(_ node: YAMLNode) -> [SignatureAlgorithm]? {
    guard let names = node.texts() else { return nil }
    if names.isEmpty { node.complain(zh: "不得为空", en: "must not be empty") }
    return names.compactMap { name in
      let algorithm = SignatureAlgorithm(name: name)
      if algorithm == nil {
        let known = SignatureAlgorithm.allCases.map(\.name).joined(separator: ", ")
        node.complain(zh: "未知的算法 \(name)；可用：\(known)", en: "unknown algorithm \(name); known: \(known)")
      }
      return algorithm
    }
  }

  private static func readSigner(_ node: YAMLNode, _ load: (String) -> [UInt8]?) -> TrustPolicy.Signer? {
    guard let fields = node.fields(required: ["name"], optional: ["key", "authority", "rights"]) else {
      return nil
    }
    let name = fields["name"]?.text()
    if fields["key"] == nil, fields["authority"] == nil {
      node.complain(zh: "应给出 key 或 authority", en: "give a key or an authority")
    }
    let key = fields["key"].flatMap { node in
      readFile(node, load) { pem throws(ProtectionError) in try PublicKey(pem: pem) }
    }
    let authority = fields["authority"].flatMap { node in
      readFile(node, load) { pem throws(ProtectionError) in try CertificateChain(pem: pem) }
    }
    let mayIssueRights = fields["rights"].map { $0.truth() } ?? false
    guard let name, let mayIssueRights else { return nil }
    return TrustPolicy.Signer(name: name, key: key, authority: authority, mayIssueRights: mayIssueRights)
  }

  private static func readFile<Content>(
    _ node: YAMLNode, _ load: (String) -> [UInt8]?, _ parse: ([UInt8]) throws(ProtectionError) -> Content
  ) -> Content? {
    guard let name = node.text() else { return nil }
    guard let bytes = load(name) else {
      node.complain(zh: "无法读取 \(name)，或其过大", en: "\(name) cannot be read, or is too large")
      return nil
    }
    do throws(ProtectionError) {
      return try parse(bytes)
    } catch {
      let text = error.text
      node.complain(zh: "\(name)：\(text[.zh])", en: "\(name): \(text[.en])")
      return nil
    }
  }

  private static func bytes(_ path: String) -> [UInt8]? {
    do throws(Fault) {
      // Keys are often links where secrets are mounted.
      let location = try SampleLocation.resolve(path: path, followLinks: true)
      let source = try location.tree.open(location.name)
      guard source.size <= UInt64(byteLimit) else { return nil }
      return try source.bytes(at: 0, count: Int(source.size))
    } catch {
      return nil
    }
  }
}

/// What is wrong with a trust policy, all of it.
public struct TrustPolicyFileError: Error, Sendable, Hashable {
  /// The complaints, in the order of the file.
  public let faults: [YAMLFault]
}
