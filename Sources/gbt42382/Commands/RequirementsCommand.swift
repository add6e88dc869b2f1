import ArgumentParser
import Profile
import Reports

/// `requirements list`: the catalogue, offline.
struct RequirementsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "requirements",
    abstract: said(zh: "要求目录", en: "The catalogue of requirements."),
    subcommands: [List.self], defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list",
      abstract: said(zh: "列出全部要求", en: "List every requirement."),
      discussion: said(
        zh: "示例：\n  gbt42382 requirements list\n  gbt42382 requirements list --json catalogue.json",
        en: "EXAMPLES:\n  gbt42382 requirements list\n  gbt42382 requirements list --json catalogue.json"))

    @Option(
      help: ArgumentHelp(
        said(zh: "写 JSON（- 为标准输出）", en: "Write JSON (- is standard output)."), valueName: "file"))
    var json: String?

    @Option(
      help: ArgumentHelp(said(zh: "规程覆盖文件（YAML）", en: "YAML overlay."), valueName: "file"))
    var profile: String?

    @Option(help: help(zh: "供人阅读的内容所用语言", en: "The language of what people read (default: the locale's)."))
    var lang = Language.ofLocale

    func run() throws {
      let catalogue = try Catalogue.inForce(overlay: profile)
      if let json {
        try Output.write(to: json) { try CatalogueListing.writeJSON(catalogue, to: &$0) }
      }
      if json != "-" {
        var sink = TerminalSink(terminal: standardOutput)
        try CatalogueListing.write(catalogue, standardOutput.consoleOptions(lang), to: &sink)
      }
    }
  }
}

/// `explain ID`: what a requirement asks, why, where it comes from, and how to meet it.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: said(
      zh: "解释一条要求：内容、理由、出处、示例与修正方法",
      en: "What a requirement asks, why, where it comes from, examples and the fix."),
    discussion: said(
      zh: "示例：\n  gbt42382 explain P6.1-020\n  gbt42382 explain licence-present",
      en: "EXAMPLES:\n  gbt42382 explain P6.1-020\n  gbt42382 explain licence-present"))

  @Argument(help: ArgumentHelp(said(zh: "要求的编号或键", en: "The id or key of a requirement."), valueName: "id"))
  var id: String

  @Option(
    help: ArgumentHelp(said(zh: "规程覆盖文件（YAML）", en: "YAML overlay."), valueName: "file"))
  var profile: String?

  @Option(help: help(zh: "所用语言", en: "The language (default: the locale's)."))
  var lang = Language.ofLocale

  func run() throws {
    let catalogue = try Catalogue.inForce(overlay: profile)
    guard let requirement = catalogue[id] else {
      throw CommandFailure(
        .usage, zh: "没有编号或键为 \(id) 的要求；`gbt42382 requirements list` 列出全部要求",
        en: "no requirement has the id or key \(id); `gbt42382 requirements list` lists them")
    }
    var sink = TerminalSink(terminal: standardOutput)
    try Explanation.write(requirement, of: catalogue, standardOutput.consoleOptions(lang), to: &sink)
  }
}
