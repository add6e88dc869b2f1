import Numerics
import Storage

extension CompressionRecipe.Method {
  /// The method, as the statement names it.
  public var listed: CompressionStatement.ListedMethod {
    switch self {
    case .uniformQuantization: .uniformQuantization
    case .codebookQuantization: .codebookQuantization
    case .floatQuantization: .floatQuantization
    case .ternaryQuantization: .ternaryQuantization
    case .binaryQuantization: .binaryQuantization
    case .unstructuredPruning: .unstructuredPruning
    case .nOfMSparsity: .nMSparsity
    case .blockSparsity: .blockSparsity
    case .lowRank: .lowRank
    case .blockCirculant: .blockCirculant
    case .entropyCoding: .entropyCoding
    case .generalCoding: .generalCoding
    case .delta: .delta
    case .sparseDelta: .sparseDelta
    case .multiModelSharing: .multiModelSharing
    }
  }

  /// What the statement says of it: the settings that bind, in the words of the chapters.
  public var statedSettings: CompressionStatement.Settings {
    var members: [JSONValue.Member] = []
    func add(_ key: String, _ content: JSONValue.Content) {
      members.append(JSONValue.Member(key: key, value: JSONValue(content)))
    }
    func number(_ key: String, _ value: Int) { add(key, .number(JSONValue.Number(lexeme: "\(value)"))) }
    func number(_ key: String, _ value: Double) {
      members.append(JSONValue.Member(key: key, value: JSONValue(number: value)))
    }
    switch self {
    case .uniformQuantization(let settings):
      number("bits", settings.bits)
      add("rounding", .string(settings.rounding.rawValue))
      add("scale-rule", .string(settings.scaleRule.rawValue))
    case .codebookQuantization: add("rounding", .string("nearest"))
    case .floatQuantization(let settings):
      add("element-type", .string(settings.elementType.rawValue))
      add("rounding", .string("nearest"))
      if settings.scaled != nil { add("scale-rule", .string(settings.isMX ? "mx" : "greatest")) }
    case .unstructuredPruning(let sparsity, _):
      number("sparsity", sparsity)
      add("values", .string("kept"))
    case .nOfMSparsity(let n, let m, _):
      number("n", n)
      number("m", m)
      add("values", .string("kept"))
    case .blockSparsity(let block, let sparsity, _):
      add("block", .array(block.map { JSONValue(.number(JSONValue.Number(lexeme: "\($0)"))) }))
      number("sparsity", sparsity)
      add("values", .string("kept"))
    case .lowRank(let rank): number("rank", rank)
    case .blockCirculant(let block): number("block", block)
    case .sparseDelta(let sparsity): number("sparsity", sparsity)
    case .ternaryQuantization, .binaryQuantization, .entropyCoding, .generalCoding, .delta,
      .multiModelSharing:
      break
    }
    return CompressionStatement.Settings(members)
  }
}

extension CompressionRecipe.Uniform {
  /// Where the scales come from.
  fileprivate var scaleRule: CompressionStatement.ScaleRule {
    if step != nil || relativeError != nil { return .other }
    return origin == .symmetric ? .greatest : .range
  }
}

extension CompressionRecipe.ScaledFloat {
  /// Whether the scales are powers of two for 32 elements each, as the MX formats have them.
  var isMX: Bool { scaled == .group(32) && scaleType == .f8e8m0 }
}
