public import Compression
import Numerics

/// Reads what the reference encoder shall do from the YAML that its user wrote (`conformance/schema/recipe.schema.json`).
public enum RecipeFile {
  /// The recipe in a text.
  ///
  /// - Parameter file: its name, for complaints.
  /// - Throws: everything that is wrong with it, each with its line.
  public static func read(_ text: String, file: String) throws(RecipeFileError) -> CompressionRecipe {
    let faults = YAMLFaults(file: file)
    let recipe = YAMLNode(document: text, faults).flatMap(read)
    guard faults.list.isEmpty, let recipe else { throw RecipeFileError(faults: faults.list) }
    return recipe
  }

  private static func read(_ node: YAMLNode) -> CompressionRecipe? {
    guard let fields = node.fields(required: ["steps"]), let items = fields["steps"]?.items() else {
      return nil
    }
    if items.isEmpty || items.count > 16 {
      fields["steps"]?.complain(zh: "应有 1 至 16 步", en: "must have 1 to 16 steps")
    }
    var steps: [CompressionRecipe.Step] = []
    for item in items {
      guard let step = readStep(item) else { continue }
      if steps.contains(where: { $0.name == step.name }) {
        item.complain(zh: "重复的步骤名 \(step.name)", en: "the step \(step.name) is named twice")
      }
      steps.append(step)
    }
    return CompressionRecipe(steps: steps)
  }

  private static func readStep(_ node: YAMLNode) -> CompressionRecipe.Step? {
    guard let fields = node.fields(required: ["method"], optional: ["name", "targets", "settings"]),
      let method = fields["method"]?.text()
    else { return nil }
    let name = fields["name"].map { $0.text() ?? "" } ?? method
    if name.isEmpty { node.complain(zh: "步骤名不得为空", en: "the name of a step must not be empty") }
    let targets = fields["targets"].map(readTargets) ?? CompressionRecipe.Targets()
    guard let read = RecipeMethods.readers[method] else {
      let known = RecipeMethods.readers.keys.sorted().joined(separator: ", ")
      fields["method"]?.complain(
        zh: "未知或不针对单个张量的方法 \(method)；可用：\(known)",
        en: "\(method) is unknown or not a method for single tensors; known: \(known)")
      return nil
    }
    guard let targets, let read = read(RecipeSettings(fields["settings"], of: node)) else { return nil }
    return CompressionRecipe.Step(name: name, method: read, targets: targets)
  }

  private static func readTargets(_ node: YAMLNode) -> CompressionRecipe.Targets? {
    guard
      let fields = node.fields(
        required: [], optional: ["include", "exclude", "least-dims", "least-elements"])
    else { return nil }
    var targets = CompressionRecipe.Targets()
    if let include = fields["include"] {
      targets.include = include.texts() ?? []
      if targets.include.isEmpty { include.complain(zh: "不得为空", en: "must not be empty") }
    }
    targets.exclude = fields["exclude"]?.texts() ?? []
    if let node = fields["least-dims"] { targets.leastDims = node.integer(in: 0...64) ?? 0 }
    if let node = fields["least-elements"] { targets.leastElements = node.integer(in: 0...(1 << 53)) ?? 0 }
    return targets
  }
}

/// What is wrong with a recipe, all of it.
public struct RecipeFileError: Error, Sendable, Hashable {
  /// The complaints, in the order of the file.
  public let faults: [YAMLFault]
}
