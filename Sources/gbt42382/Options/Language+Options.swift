public import ArgumentParser
import Glibc
public import Profile

extension Language: ExpressibleByArgument {
  /// The language of the locale: Chinese for `zh*`, else English.
  static let ofLocale: Language = {
    for name in ["LC_ALL", "LC_MESSAGES", "LANG"] {
      guard let value = getenv(name).map({ String(cString: $0) }), !value.isEmpty else { continue }
      return value.hasPrefix("zh") ? .zh : .en
    }
    return .en
  }()
}

/// A text of the command line itself, in the language of the locale.
func said(zh: String, en: String) -> String {
  Text(zh: zh, en: en)[.ofLocale]
}

/// A help text in the language of the locale.
func help(zh: String, en: String) -> ArgumentHelp {
  ArgumentHelp(stringLiteral: said(zh: zh, en: en))
}
