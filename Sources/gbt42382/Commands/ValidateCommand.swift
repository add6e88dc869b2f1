import ArgumentParser
import Checks
import Configuration
import Formats
import Glibc
import Packaging
import Profile
import Reports
import Storage

/// `validate PATH…`: judges model files against clauses 6, 7 and 8, whatever applies.
struct ValidateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: said(
      zh: "检验模型文件，逐个样本给出结论", en: "Judge model files; each PATH is a sample with a verdict of its own."),
    discussion: said(
      zh: """
        示例：
          gbt42382 validate model.onnx model.safetensors
          gbt42382 validate ./llama --metadata llama.yaml --junit junit.xml --json report.json
          gbt42382 validate model.onnx --level syntax --fail-on should --lang en
        """,
      en: """
        EXAMPLES:
          gbt42382 validate model.onnx model.safetensors
          gbt42382 validate ./llama --metadata llama.yaml --junit junit.xml --json report.json
          gbt42382 validate model.onnx --level syntax --fail-on should --lang zh
        """))

  @Argument(
    help: ArgumentHelp(
      said(
        zh: "模型文件、Hugging Face 目录、自有格式文件、封装或其分段文件夹",
        en:
          "A model file, a directory in Hugging Face layout, a native representation, a package or a folder of its segments."
      ),
      valueName: "path"))
  var paths: [String]

  @OptionGroup(title: said(zh: "输入", en: "Input")) var input: InputOptions
  @OptionGroup(title: said(zh: "判定", en: "Judging")) var judging: JudgingOptions
  @OptionGroup(title: said(zh: "封装", en: "Packages")) var package: PackageOptions
  @OptionGroup(title: said(zh: "报告", en: "Reports")) var reports: ReportOptions

  @Option(help: help(zh: "并行处理的样本数（默认：处理器核数）", en: "How many samples at once (default: one a core)."))
  var jobs: Int?

  mutating func validate() throws {
    try requireJobs(jobs)
  }

  /// Today, where a verdict depends on it.
  private static func today(of samples: [SampleReport]) -> String? {
    let keys = [PackageFault.rightsInForce.rawValue, PackageFault.certificateInForce.rawValue]
    let isAsked = samples.contains { sample in
      sample.results.contains { keys.contains($0.requirement.key) && $0.verdict != .notApplicable }
    }
    return isAsked ? JudgingTime(secondsSince1970: Glibc.time(nil))?.day.description : nil
  }

  func run() async throws {
    let catalogue = try Catalogue.inForce(overlay: judging.profile)
    var verification = try package.verification(on: judging.at)
    verification.readsContent = judging.read > .structure
    let validation = Validation(
      judge: Judge(catalogue, judging.judge), metadata: try input.loadedMetadata(), format: input.format,
      root: input.root, followLinks: input.followLinks, limits: DirectoryTree.Limits(catalogue),
      depth: judging.read, verification: verification)
    let progress = Progress(total: paths.count, isShown: standardError.isInteractive && !reports.quiet)
    let samples = await validation.reports(for: paths, jobs: jobs ?? Processors.count) {
      progress.advance(to: $0)
    }
    progress.finish()
    let run = RunReport(
      tool: (Tool.name, Tool.version), catalogue: catalogue, at: judging.at ?? Self.today(of: samples),
      samples: samples)
    try reports.write(run)
    let status = ExitStatus.first(
      of: samples.map { ExitStatus($0, allowInconclusive: judging.allowInconclusive) })
    if status != .success { throw ExitCode(status.rawValue) }
  }
}
