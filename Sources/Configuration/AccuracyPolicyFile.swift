public import Compression

/// Reads the limits of fidelity that a user asks for from YAML (`conformance/schema/accuracy-policy.schema.json`).
public enum AccuracyPolicyFile {
  /// The policy in a text.
  ///
  /// - Parameter file: its name, for complaints.
  /// - Throws: everything that is wrong with it, each with its line.
  public static func read(_ text: String, file: String) throws(AccuracyPolicyFileError) -> AccuracyPolicy {
    let faults = YAMLFaults(file: file)
    let limits = YAMLNode(document: text, faults).flatMap { $0.fields(required: ["limits"]) }?["limits"]?
      .items()?.compactMap(readLimit)
    guard faults.list.isEmpty, let limits else { throw AccuracyPolicyFileError(faults: faults.list) }
    return AccuracyPolicy(limits: limits)
  }

  private static func readLimit(_ node: YAMLNode) -> CompressionStatement.FidelityLimit? {
    guard let fields = node.fields(required: ["measure", "value"], optional: ["targets"]),
      let measure = fields["measure"]?.choice(FidelityMeasure.self), let value = fields["value"]?.number()
    else { return nil }
    guard let targets = fields["targets"] else { return CompressionStatement.FidelityLimit(measure, value) }
    guard let members = targets.fields(required: [], optional: ["include", "exclude"]) else { return nil }
    return CompressionStatement.FidelityLimit(
      measure, value,
      targets: CompressionStatement.Targets(
        include: members["include"].map { $0.texts() ?? [] }, exclude: members["exclude"]?.texts() ?? []))
  }
}

/// What is wrong with a policy, all of it.
public struct AccuracyPolicyFileError: Error, Sendable, Hashable {
  /// The complaints, in the order of the file.
  public let faults: [YAMLFault]
}
