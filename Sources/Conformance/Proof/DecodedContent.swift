import Checks
import Formats
import Numerics
import Profile
import Representation
import Storage

/// What the tool reads from a sample, held against what an independent implementation reads (`decoded.json`).
enum DecodedContent {
  /// Tensors up to this size are decoded; vectors are small.
  private static let byteLimit: UInt64 = 16 << 20

  /// What differs, in a line each.
  static func differences(of judged: JudgedVector, _ folder: String) -> [Text] {
    guard let bytes = Disk.bytes("\(folder)/decoded.json") else {
      return [Text(zh: "缺少 decoded.json", en: "decoded.json is missing")]
    }
    guard let expected = try? JSONValue.read(bytes, depthLimit: 16, note: { _ in }) else {
      return [Text(zh: "decoded.json 不是 JSON", en: "decoded.json is no JSON")]
    }
    var differences: [String] = []
    let sample = judged.sample
    let variables = sample.model.parameters.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    let tensors = expected["tensors"]?.elements ?? []
    if tensors.count != variables.count {
      differences.append("tensors: \(tensors.count) ≠ \(variables.count)")
    }
    let parameters = expected["parameters"]?.number?.unsigned
    if parameters != sample.parameterCount {
      differences.append("parameters: \(text(parameters)) ≠ \(text(sample.parameterCount))")
    }
    for (tensor, variable) in zip(tensors, variables) {
      let name = tensor["name"]?.string ?? "—"
      if !name.utf8.elementsEqual(variable.name.utf8) {
        differences.append("name: \(name) ≠ \(variable.name)")
        continue
      }
      differences += self.differences(tensor, variable.tensor, sample.model.files, sample.tree).map {
        "\(name): \($0)"
      }
    }
    return differences.map {
      Text(
        zh: "与独立实现不符（独立实现 ≠ 本工具）：\($0)",
        en: "not as the independent implementation reads it (it ≠ this tool): \($0)")
    }
  }

  private static func differences(
    _ expected: JSONValue, _ tensor: Tensor, _ files: [ParameterFile], _ tree: any FileTree
  ) -> [String] {
    var differences: [String] = []
    func compare(_ what: String, _ expected: String?, _ found: String?) {
      if expected != found { differences.append("\(what) \(expected ?? "—") ≠ \(found ?? "—")") }
    }
    compare("element_type", expected["element_type"]?.string, tensor.type.elementType?.rawValue)
    compare("dims", expected["dims"]?.compact, dims(tensor.type))
    let elements: [UInt8]?
    do throws(Fault) {
      elements = try TensorElements.bytes(of: tensor, files: files, in: tree, limit: byteLimit)
    } catch {
      return differences + ["\(error.code)"]
    }
    if let elements {
      compare("sha256", expected["sha256"]?.string, (try? Digest.of(elements, .sha256))?.hex)
    }
    if let values = expected["values"]?.elements {
      compare(
        "values", values.map(normal).joined(separator: " "),
        self.values(tensor, elements)?.joined(separator: " "))
    }
    return differences
  }

  private static func dims(_ type: TensorType) -> String? {
    guard let dims = type.dims else { return nil }
    return "["
      + dims.map { if case .fixed(let size) = $0 { String(size) } else { "null" } }.joined(separator: ",")
      + "]"
  }

  /// The values, each in the form of `normal`.
  private static func values(_ tensor: Tensor, _ elements: [UInt8]?) -> [String]? {
    if case .strings(let strings) = tensor.content {
      return strings.map { String(decoding: $0, as: UTF8.self) }
    }
    guard let elements, let type = tensor.type.elementType, let count = tensor.type.elementCount else {
      return nil
    }
    let component = type.components
    var values: [String] = []
    for index in 0..<count * UInt64(component.count) {
      guard let code = component.type.code(at: index, in: elements) else { return nil }
      if component.type == .i64 {
        values.append(String(Int64(bitPattern: code)))
      } else if component.type == .u64 {
        values.append(String(code))
      } else if component.type == .bool {
        values.append(code == 0 ? "false" : "true")
      } else if let value = component.type.value(ofCode: code) {
        values.append(normal(value))
      } else {
        return nil
      }
    }
    return values
  }

  /// A value of `decoded.json`: numbers in the form in which Swift writes them, so that equal ones are equal texts.
  private static func normal(_ value: JSONValue) -> String {
    switch value.content {
    case .number(let number):
      // Integers of 64 bits are not all exact as floating-point numbers.
      number.lexeme.utf8.allSatisfy { $0 == UInt8(ascii: "-") || (48...57).contains($0) }
        ? number.lexeme : normal(number.double)
    case .string(let text): text
    case .boolean(let flag): flag ? "true" : "false"
    case .array(let parts): parts.map(normal).joined(separator: " ")
    default: value.compact
    }
  }

  private static func normal(_ value: Double) -> String {
    if value.isNaN { return "nan" }
    if value == 0, value.sign == .minus { return "-0.0" }
    return Int64(exactly: value).map(String.init) ?? value.description
  }

  private static func text(_ count: UInt64?) -> String { count.map(String.init) ?? "null" }
}
