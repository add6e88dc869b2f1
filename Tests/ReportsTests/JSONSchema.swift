import Foundation

/// Validates JSON against the keywords of JSON Schema that the schemas of this repository use; an unknown one is an error.
///
/// Written for the tests alone, so that they need no other language; conformance/schema is checked with it as well.
struct JSONSchema {
  private let root: [String: Any]

  init(_ bytes: [UInt8]) throws {
    root = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any] ?? [:]
  }

  /// What is wrong with a JSON text.
  func problems(_ bytes: [UInt8]) throws -> [String] {
    let value = try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
    var problems: [String] = []
    check(value, root, "$", &problems)
    return problems
  }

  private static let silent: Set = ["$schema", "$defs", "title", "description"]

  private func check(_ value: Any, _ schema: [String: Any], _ path: String, _ problems: inout [String]) {
    for (keyword, argument) in schema where !Self.silent.contains(keyword) {
      switch keyword {
      case "$ref":
        let name = (argument as? String)?.split(separator: "/").last.map(String.init) ?? ""
        let target = (root["$defs"] as? [String: Any])?[name] as? [String: Any]
        guard let target else {
          problems.append("\(path): no definition \(name)")
          continue
        }
        check(value, target, path, &problems)
      case "type":
        let types = argument as? [String] ?? [argument as? String ?? ""]
        if !types.contains(where: { isType(value, $0) }) { problems.append("\(path): not \(types)") }
      case "enum":
        let choices = argument as? [String] ?? []
        if !choices.contains(value as? String ?? "") {
          problems.append("\(path): \(value) is none of \(choices)")
        }
      case "pattern":
        let text = value as? String ?? ""
        if text.range(of: argument as? String ?? "", options: .regularExpression) == nil {
          problems.append("\(path): \(text) does not match")
        }
      case "minimum":
        if (value as? NSNumber)?.doubleValue ?? 0 < (argument as? NSNumber)?.doubleValue ?? 0 {
          problems.append("\(path): too small")
        }
      case "minLength": if (value as? String)?.isEmpty != false { problems.append("\(path): empty") }
      case "minItems", "maxItems", "uniqueItems": checkItems(value, keyword, argument, path, &problems)
      case "items":
        for (index, item) in (value as? [Any] ?? []).enumerated() {
          check(item, argument as? [String: Any] ?? [:], "\(path)[\(index)]", &problems)
        }
      case "properties":
        let object = value as? [String: Any] ?? [:]
        for (name, schema) in argument as? [String: [String: Any]] ?? [:] {
          if let field = object[name] { check(field, schema, "\(path).\(name)", &problems) }
        }
      case "required":
        let object = value as? [String: Any] ?? [:]
        for name in argument as? [String] ?? [] where object[name] == nil {
          problems.append("\(path): no \(name)")
        }
      case "additionalProperties":
        let known = schema["properties"] as? [String: Any] ?? [:]
        for name in (value as? [String: Any] ?? [:]).keys where known[name] == nil {
          problems.append("\(path): unknown \(name)")
        }
      case "oneOf", "anyOf":
        let matching = (argument as? [[String: Any]] ?? []).count { choice in
          var inner: [String] = []
          check(value, choice, path, &inner)
          return inner.isEmpty
        }
        if matching == 0 || keyword == "oneOf" && matching > 1 { problems.append("\(path): \(keyword)") }
      default: problems.append("\(path): keyword \(keyword) is not known to this validator")
      }
    }
  }

  private func checkItems(
    _ value: Any, _ keyword: String, _ argument: Any, _ path: String, _ problems: inout [String]
  ) {
    let items = value as? [Any] ?? []
    let limit = (argument as? NSNumber)?.intValue ?? 0
    let isFine =
      switch keyword {
      case "minItems": items.count >= limit
      case "maxItems": items.count <= limit
      default: Set(items.compactMap { $0 as? String }).count == items.lazy.filter { $0 is String }.count
      }
    if !isFine { problems.append("\(path): \(keyword)") }
  }

  private func isType(_ value: Any, _ type: String) -> Bool {
    switch type {
    case "object": value is [String: Any]
    case "array": value is [Any]
    case "string": value is String
    case "null": value is NSNull
    case "integer": (value as? NSNumber).map { $0.doubleValue == $0.doubleValue.rounded() } ?? false
    case "number": value is NSNumber
    default: false
    }
  }
}
