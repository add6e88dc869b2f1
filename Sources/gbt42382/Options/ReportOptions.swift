public import ArgumentParser
import Profile
public import Reports

/// Which reports are written, and where to.
struct ReportOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      said(zh: "写 JSON 报告（- 为标准输出）", en: "Write the JSON report (- is standard output)."), valueName: "file"))
  var json: String?

  @Option(
    help: ArgumentHelp(
      said(zh: "写 JUnit XML 报告（- 为标准输出）", en: "Write the JUnit XML report (- is standard output)."),
      valueName: "file"))
  var junit: String?

  @Option(
    help: help(
      zh: "JUnit 方言：strict 各类读取器通用，rich 另含属性、文件与行号",
      en: "The JUnit dialect: strict is read by all, rich adds properties, file and line."))
  var junitDialect = JUnitReport.Dialect.strict

  @Option(help: help(zh: "供人阅读的内容所用语言", en: "The language of what people read (default: the locale's)."))
  var lang = Language.ofLocale

  @Flag(help: help(zh: "每个样本只显示一行结论", en: "Show one line for each sample."))
  var quiet = false

  mutating func validate() throws {
    if [json, junit].count(where: { $0 == "-" }) > 1 {
      throw ValidationError(
        said(zh: "只能有一个报告写到标准输出（-）", en: "only one report can go to standard output (-)"))
    }
  }

  /// Whether a report takes standard output, so that what people read has to go elsewhere.
  var takesStandardOutput: Bool { json == "-" || junit == "-" }
}

extension JUnitReport.Dialect: ExpressibleByArgument {}
