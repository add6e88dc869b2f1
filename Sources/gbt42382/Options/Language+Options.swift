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

extension Language {
  /// The language of messages that end a command: what `--lang` asks for, else that of the locale.
  static let ofMessages: Language = {
    let arguments = CommandLine.arguments
    for (index, argument) in arguments.enumerated() {
      if argument == "--lang", index + 1 < arguments.count {
        return Language(rawValue: arguments[index + 1]) ?? ofLocale
      }
      if argument.hasPrefix("--lang=") {
        return Language(rawValue: String(argument.dropFirst(7))) ?? ofLocale
      }
    }
    return ofLocale
  }()
}

/// A text of the command line itself, in the language that the user asked for.
func said(zh: String, en: String) -> String {
  Text(zh: zh, en: en)[.ofMessages]
}

/// A help text in the language of the locale.
func help(zh: String, en: String) -> ArgumentHelp {
  ArgumentHelp(stringLiteral: said(zh: zh, en: en))
}
