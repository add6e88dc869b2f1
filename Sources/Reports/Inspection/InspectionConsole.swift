import Numerics
public import Profile
public import Representation

/// Tells a person what a file is.
public struct InspectionConsole: Sendable {
  /// The language.
  public var language: Language
  /// How many tensors are listed; the rest are counted.
  public var tensorLimit: Int

  /// A console in a language.
  public init(language: Language, tensorLimit: Int = 20) {
    self.language = language
    self.tensorLimit = tensorLimit
  }

  /// What is shown of an inspection, as lines.
  public func text(_ inspection: Inspection) -> String {
    var lines = [
      "\(VisibleText.forTerminal(inspection.path))  \(inspection.format)  \(inspection.bytes.formatted) B"
    ]
    lines += description(inspection).map { "  " + $0 }
    lines += architecture(inspection.model).map { "  " + $0 }
    lines += graphs(inspection.model).map { "  " + $0 }
    lines += tensors(inspection).map { "  " + $0 }
    return lines.joined(separator: "\n") + "\n"
  }

  private func said(_ zh: String, _ en: String) -> String { Text(zh: zh, en: en)[language] }

  private func field(_ zh: String, _ en: String, _ value: String?) -> String? {
    value.map { "\(said(zh, en)): \(VisibleText.forTerminal($0))" }
  }

  private func description(_ inspection: Inspection) -> [String] {
    let model = inspection.model
    let producer = model.producer.map { [$0.name, $0.version].compactMap(\.self).joined(separator: " ") }
    let contributors = model.contributors.compactMap { $0.name ?? $0.organisation }
    var fields = [
      field("名称", "name", model.name), field("版本", "version", model.version),
      field("标识符", "identifier", model.identifier), field("产生框架", "producer", producer),
      field("许可证", "licence", model.licence),
      field("贡献者", "contributors", contributors.isEmpty ? nil : contributors.joined(separator: ", ")),
      field("模态", "modalities", model.modalities.isEmpty ? nil : model.modalities.joined(separator: ", ")),
      field("预训练", "pre-training", model.preTraining?.paradigm),
    ].compactMap(\.self)
    if let count = inspection.parameterCount {
      fields.append("\(said("参数量", "parameters")): \(count.formatted)")
    }
    for total in inspection.elementTypes {
      fields.append(
        "\(total.type.rawValue): \(total.elements.formatted) \(said("个元素", "elements")), \(total.bytes.formatted) B"
      )
    }
    if !model.assets.isEmpty {
      let names = model.assets.map { "\(VisibleText.forTerminal($0.path)) (\($0.kind))" }
      fields.append("\(said("资产", "assets")): \(names.joined(separator: ", "))")
    }
    return fields
  }

  private func architecture(_ model: Model) -> [String] {
    guard let architecture = model.architecture else { return [] }
    let names = [architecture.family, architecture.kind].compactMap(\.self).map(VisibleText.forTerminal)
    let settings = architecture.hyperParameters.map {
      "  \(VisibleText.forTerminal($0.name)) = \($0.value.notation)"
    }
    return ["\(said("架构", "architecture")): \(names.joined(separator: ", "))"] + settings
  }

  private func graphs(_ model: Model) -> [String] {
    var lines: [String] = []
    if !model.operatorSets.isEmpty {
      let sets = model.operatorSets.map {
        "\($0.domain.isEmpty ? "ai.onnx" : VisibleText.forTerminal($0.domain)) \($0.version)"
      }
      lines.append("\(said("算子集", "operator sets")): \(sets.joined(separator: ", "))")
    }
    for graph in model.graphs {
      let name = graph.name.map(VisibleText.forTerminal) ?? ""
      lines.append(
        "\(said("计算图", "graph")) \(name): \(graph.nodes.count) \(said("个算子节点", "operator nodes"))")
      lines += graph.inputs.map { "  \(said("输入", "input")) \(Self.notation($0))" }
      lines += graph.outputs.map { "  \(said("输出", "output")) \(Self.notation($0))" }
    }
    if !model.blocks.isEmpty {
      lines.append(
        "\(said("块", "blocks")): \(model.blocks.map { VisibleText.forTerminal($0.name) }.joined(separator: ", "))"
      )
    }
    return lines
  }

  private static func notation(_ value: Value) -> String {
    "\(VisibleText.forTerminal(value.name)) \(value.type.map { VisibleText.forTerminal($0.notation) } ?? "?")"
  }

  private func tensors(_ inspection: Inspection) -> [String] {
    guard !inspection.tensors.isEmpty else { return [] }
    var lines = ["\(said("张量", "tensors")): \(UInt64(inspection.tensors.count).formatted)"]
    for tensor in inspection.tensors.prefix(tensorLimit) {
      var line = "  \(VisibleText.forTerminal(tensor.name))  \(tensor.type.notation)"
      if let file = tensor.file, let offset = tensor.offset, let length = tensor.length {
        line += "  \(VisibleText.forTerminal(file)) @\(offset) +\(length)"
      } else {
        line += "  \(tensor.storage)"
      }
      lines.append(line)
    }
    let rest = inspection.tensors.count - tensorLimit
    if rest > 0 {
      lines.append(
        said("  …… 另有 \(rest) 个（--all 列出全部）", "  … and \(rest) more (--all lists every one)"))
    }
    return lines
  }
}

extension HyperParameter.Value {
  /// The value as people write it.
  public var notation: String {
    switch self {
    case .integer(let value): String(value)
    case .float(let value): "\(value)"
    case .text(let value): VisibleText.forTerminal(value)
    case .boolean(let value): String(value)
    }
  }
}

extension UInt64 {
  /// The number with groups of three digits: 22,713,216.
  var formatted: String {
    var result = ""
    for (index, digit) in String(self).reversed().enumerated() {
      if index > 0, index % 3 == 0 { result.append(",") }
      result.append(digit)
    }
    return String(result.reversed())
  }
}
