public import ArgumentParser
import Checks
import Configuration
public import Profile

/// By what samples are judged, and how strictly.
struct JudgingOptions: ParsableArguments {
  /// From which modality on an unmet requirement is a failure.
  enum FailOn: String, ExpressibleByArgument, CaseIterable {
    case shall, should
  }

  @Option(
    help: help(
      zh: "判定到哪一级：syntax、semantics、accuracy（逐级包含，默认全部）",
      en: "The highest level that is judged; each includes the ones before it (default: all)."))
  var level = Requirement.Level.accuracy

  @Option(
    help: help(
      zh: "权重读取深度：structure 不读，digests 核对已声明的摘要，values 读取数值（默认）",
      en: "How deep weights are read: structure, digests (those declared are verified) or values (default)."))
  var read = Requirement.Depth.values

  @Option(
    help: ArgumentHelp(
      said(zh: "规程覆盖文件（YAML）：调整限值、应/宜及名称", en: "YAML overlay: changes limits, modalities and titles."),
      valueName: "file"))
  var profile: String?

  @Option(
    help: help(zh: "自哪一级要求起判为不通过", en: "From which modality on an unmet requirement fails."))
  var failOn = FailOn.shall

  @Flag(help: help(zh: "有无法判定项时仍以 0 退出", en: "Exit 0 although something could not be judged."))
  var allowInconclusive = false

  @Option(
    help: ArgumentHelp(
      said(zh: "视为今天的日期（YYYY-MM-DD），写入报告", en: "The date taken for today (YYYY-MM-DD); it is in the report."),
      valueName: "date"))
  var at: String?

  mutating func validate() throws {
    if let at, !CalendarDate.isValid(at) {
      throw ValidationError(
        said(zh: "--at 的日期应为 YYYY-MM-DD，而非 \(at)", en: "--at takes a date as YYYY-MM-DD, not \(at)"))
    }
  }

  /// The options for the judge.
  var judge: Judge.Options {
    var options = Judge.Options()
    options.level = level
    options.depth = read
    options.failsOnShould = failOn == .should
    return options
  }
}

extension Requirement.Level: ExpressibleByArgument {}
extension Requirement.Depth: ExpressibleByArgument {}
