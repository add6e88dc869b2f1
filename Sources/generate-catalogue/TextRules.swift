import Configuration
import Profile

/// Rules that every text of the catalogue keeps, whatever it says.
enum TextRules {
  /// The places that a message or a fix may have.
  static let places: Set<String> = ["file", "offset", "path", "expected", "actual"]

  /// Complains about a text in two languages: swapped languages, stray white space, a claim that nobody may make.
  static func check(_ text: Text, at node: YAMLNode) {
    if !text.zh.unicodeScalars.contains(where: isHan) {
      node.complain(zh: "zh 不含汉字", en: "zh holds no Chinese")
    }
    if text.en.unicodeScalars.contains(where: isHan) {
      node.complain(zh: "en 含汉字", en: "en holds Chinese")
    }
    if hasFoldedSpace(text.zh) {
      node.complain(zh: "汉字之间有空格（折行所致？）", en: "a space between Chinese characters (a folded line?)")
    }
    for language in Language.allCases {
      let string = text[language]
      if string.first?.isWhitespace == true || string.last?.isWhitespace == true {
        node.complain(
          zh: "\(language.rawValue) 首尾有空白", en: "\(language.rawValue) starts or ends with white space")
      }
      let packed = string.lowercased().filter { !$0.isWhitespace }
      if packed.contains("conformstogb/t42382.2") || packed.contains("符合gb/t42382.2") {
        node.complain(zh: "不得作此声明", en: "nobody may claim that a file conforms to the standard itself")
      }
    }
  }

  /// Complains about a template: an unknown place, or places that stand in one language only.
  static func checkTemplate(_ text: Text, at node: YAMLNode) {
    check(text, at: node)
    let zh = placesUsed(in: text.zh)
    let en = placesUsed(in: text.en)
    for place in zh.union(en).subtracting(places).sorted() {
      node.complain(zh: "未知的占位 {\(place)}", en: "unknown place {\(place)}")
    }
    if zh != en {
      let odd = zh.symmetricDifference(en).sorted().joined(separator: ", ")
      node.complain(zh: "占位 \(odd) 只见于一种语言", en: "places in one language only: \(odd)")
    }
  }

  /// The `{words}` of a template; braces around anything else are text.
  static func placesUsed(in template: String) -> Set<String> {
    var found: Set<String> = []
    var rest = Substring(template)
    while let open = rest.firstIndex(of: "{") {
      rest = rest[rest.index(after: open)...]
      guard let close = rest.firstIndex(where: { !($0.isASCII && $0.isLowercase) }) else { break }
      if rest[close] == "}", close > rest.startIndex { found.insert(String(rest[..<close])) }
    }
    return found
  }

  /// Whether a string is a name in lower-case words joined by hyphens.
  static func isKebab(_ string: String) -> Bool {
    let words = string.split(separator: "-", omittingEmptySubsequences: false)
    let isWordLike = words.allSatisfy { word in
      !word.isEmpty && word.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber) }
    }
    return isWordLike && string.first?.isLetter == true
  }

  /// Whether a string is a clause of the standard: `6`, `6.1`, `A.2`.
  static func isClause(_ string: String) -> Bool {
    let parts = string.split(separator: ".", omittingEmptySubsequences: false)
    guard let first = parts.first, first == "A" || isNumber(first) else { return false }
    return parts.dropFirst().allSatisfy(isNumber)
  }

  /// Whether a string is decimal digits.
  static func isNumber(_ string: Substring) -> Bool {
    !string.isEmpty && string.allSatisfy { $0.isASCII && $0.isNumber }
  }

  private static func isHan(_ scalar: Unicode.Scalar) -> Bool {
    (0x4E00...0x9FFF).contains(scalar.value) || (0x3400...0x4DBF).contains(scalar.value)
  }

  private static func hasFoldedSpace(_ string: String) -> Bool {
    let scalars = Array(string.unicodeScalars)
    return scalars.indices.dropFirst().dropLast().contains { index in
      (scalars[index] == " " || scalars[index] == "\n") && isHan(scalars[index - 1])
        && isHan(scalars[index + 1])
    }
  }
}
