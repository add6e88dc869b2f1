import Compression
import Numerics

/// The settings of a step of a recipe, read field by field; a class, as reading them remembers what they may be.
struct RecipeSettings {
  private let node: YAMLNode?
  private let step: YAMLNode
  private let box = Box()

  private final class Box { var fields: YAMLFields? }

  /// Which elements share a scale.
  static let sharingFields = ["per", "size", "block"]

  init(_ node: YAMLNode?, of step: YAMLNode) {
    self.node = node
    self.step = step
  }

  /// Takes the fields, of which some have to be there; false with a complaint where they are not these.
  func take(_ required: [String], _ optional: [String] = []) -> Bool {
    guard let node else {
      if let missing = required.first {
        step.complain(zh: "缺少 settings.\(missing)", en: "settings.\(missing) is missing")
      }
      return required.isEmpty
    }
    box.fields = node.fields(required: required, optional: optional)
    return box.fields != nil
  }

  func complain(_ name: String, zh: String, en: String) {
    (box.fields?[name] ?? step).complain(zh: zh, en: en)
  }

  func integer(_ name: String, in range: ClosedRange<Int>, default other: Int? = nil) -> Int? {
    guard let field = box.fields?[name] else { return other }
    return field.integer(in: range)
  }

  func number(_ name: String, above least: Double?) -> Double? {
    guard let field = box.fields?[name], let number = field.number() else { return nil }
    if let least, number <= least {
      field.complain(zh: "应大于 \(least)", en: "must be above \(least)")
    } else if number < 0 {
      field.complain(zh: "不得为负", en: "must not be negative")
    }
    return number
  }

  func share(_ name: String) -> Double? {
    guard let field = box.fields?[name], let number = field.number() else { return nil }
    guard number >= 0, number <= 1 else {
      field.complain(zh: "应为 0 至 1", en: "must be from 0 to 1")
      return nil
    }
    return number
  }

  func truth(_ name: String, default other: Bool) -> Bool? {
    guard let field = box.fields?[name] else { return other }
    return field.truth()
  }

  func numbers(_ name: String) -> [Double]? { box.fields?[name]?.items()?.compactMap { $0.number() } }

  func sizes(_ name: String) -> [Int]? {
    guard let field = box.fields?[name], let items = field.items() else { return nil }
    let sizes = items.compactMap { $0.integer(in: 1...(1 << 53)) }
    if sizes.isEmpty { field.complain(zh: "不得为空", en: "must not be empty") }
    return sizes.count == items.count && !sizes.isEmpty ? sizes : nil
  }

  func choice<Choice: RawRepresentable<String> & CaseIterable>(_ name: String, default other: Choice)
    -> Choice?
  {
    guard let field = box.fields?[name] else { return other }
    return field.choice(Choice.self)
  }

  func elementType(_ name: String, of known: [ElementType], default other: ElementType?) -> ElementType? {
    guard let field = box.fields?[name] else { return other }
    guard let text = field.text() else { return nil }
    guard let type = ElementType(rawValue: text), known.contains(type) else {
      let names = known.map(\.rawValue).joined(separator: ", ")
      field.complain(zh: "应为以下之一：\(names)", en: "must be one of \(names)")
      return nil
    }
    return type
  }

  func sharing(default other: CompressionRecipe.Sharing) -> CompressionRecipe.Sharing? {
    guard let fields = box.fields, let per = fields["per"] else { return other }
    guard let per = per.choice(Per.self) else { return nil }
    switch per {
    case .tensor: return .tensor
    case .channel: return .channel
    case .group: return integer("size", in: 1...(1 << 53), default: 128).map { .group($0) }
    case .block: return fields["block"] == nil ? .block([128, 128]) : sizes("block").map { .block($0) }
    }
  }

  private enum Per: String, CaseIterable { case tensor, channel, group, block }
}
