import ArgumentParser
import Checks
import Compression
import Configuration
import Formats
import Profile
import Reports
import Representation
import Storage

/// `compare ORIGINAL CANDIDATE`: judges a compression output against its original.
struct CompareCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: said(
      zh: "将压缩结果与原模型比较并判定", en: "Judge a compression output against its original."),
    discussion: said(
      zh: """
        由压缩说明所声明的方法推出的性质（如最近舍入不超过半步）直接判定；保真度只按声明的限值或 --policy 判定，其余作为数据报告。
        两者须为同一命名；无法配对的张量不判定。
        示例：
          gbt42382 compare ./bert ./bert-w4
          gbt42382 compare ./llama ./llama-gptq --policy policy.yaml --json report.json
        """,
      en: """
        What follows from the declared methods (rounding to nearest stays within half a step) is judged by itself; fidelity
        only against declared limits or --policy, and is reported otherwise. Tensors are paired by name; what cannot be
        paired is inconclusive.
        EXAMPLES:
          gbt42382 compare ./bert ./bert-w4
          gbt42382 compare ./llama ./llama-gptq --policy policy.yaml --json report.json
        """))

  @Argument(help: ArgumentHelp(said(zh: "原模型", en: "The original."), valueName: "original"))
  var original: String

  @Argument(help: ArgumentHelp(said(zh: "压缩结果", en: "The compression output."), valueName: "candidate"))
  var candidate: String

  @Option(
    help: ArgumentHelp(
      said(zh: "用户的验收限值（YAML）", en: "The user's own limits of fidelity (YAML)."), valueName: "file"))
  var policy: String?

  @Option(
    help: ArgumentHelp(
      said(
        zh: "增量所基于的模型（默认：原模型）", en: "The model that deltas build on (default: the original)."),
      valueName: "path"))
  var base: String?

  @Option(
    help: ArgumentHelp(
      said(
        zh: "压缩说明所称已合并的适配器（PEFT 目录）",
        en: "The adapter that the candidate's statement says was merged (a directory of PEFT)."),
      valueName: "path"))
  var adapter: String?

  @OptionGroup(title: said(zh: "输入", en: "Input")) var input: InputOptions
  @OptionGroup(title: said(zh: "判定", en: "Judging")) var judging: JudgingOptions
  @OptionGroup(title: said(zh: "报告", en: "Reports")) var reports: ReportOptions

  @Option(help: help(zh: "并行处理的张量数（默认：处理器核数）", en: "How many tensors at once (default: one a core)."))
  var jobs: Int?

  mutating func validate() throws { try requireJobs(jobs) }

  func run() async throws {
    let catalogue = try Catalogue.inForce(overlay: judging.profile)
    let limits = try loadedPolicy()
    let first = try sample(original)
    let second = try sample(candidate, metadata: try input.loadedMetadata())
    let ground = try base.map { try sample($0) }
    let merged = try adapter.map { try sample($0) }
    let total = second.model.parameters.reduce(UInt64(0)) { $0 &+ ($1.tensor.type.byteCount ?? 0) }
    let progress = ByteProgress(total: total > 0 ? total : nil, isShown: !reports.quiet)
    let compared = second.compared(
      with: first, base: ground, adapter: merged, policy: limits, by: catalogue,
      jobs: jobs ?? Processors.count
    ) { progress.add($0) }
    progress.finish()
    let results = Judge(catalogue, judging.judge).results(for: compared).filter {
      $0.requirement.clause.hasPrefix("7")
    }
    let report = SampleReport(
      path: candidate, format: second.reading.format?.rawValue,
      bytes: second.reading.files.reduce(0) { $0 &+ $1.bytes },
      files: second.reading.files.map { SampleReport.File(path: $0.path, bytes: $0.bytes) },
      parameters: second.parameterCount, results: results,
      comparison: compared.comparison.map { ComparisonFigures($0.result, original: original) })
    try reports.write(
      RunReport(tool: (Tool.name, Tool.version), catalogue: catalogue, at: judging.at, samples: [report]))
    let status = ExitStatus(report, allowInconclusive: judging.allowInconclusive)
    if status != .success { throw ExitCode(status.rawValue) }
  }

  /// A sample that is compared, or the command ends with the reason.
  private func sample(_ path: String, metadata: Metadata? = nil) throws -> Sample {
    let opened = try OpenedSample(
      path, format: path == candidate ? input.format : nil, root: path == candidate ? input.root : nil,
      followLinks: input.followLinks)
    return Sample(reading: opened.reading, tree: opened.tree, metadata: metadata, depth: .structure)
  }

  private func loadedPolicy() throws -> AccuracyPolicy? {
    guard let policy else { return nil }
    let text = String(decoding: try UserFile.bytes(policy), as: UTF8.self)
    do throws(AccuracyPolicyFileError) {
      return try AccuracyPolicyFile.read(text, file: policy)
    } catch {
      throw CommandFailure(
        .usage, zh: error.faults.map { $0[.zh] }.joined(separator: "\n"),
        en: error.faults.map { $0[.en] }.joined(separator: "\n"))
    }
  }
}
