import ArgumentParser
import Packaging
import Profile
import Reports
import Storage

/// `unpack IN.pmp DIR`: the files of a package, once everything was verified.
struct UnpackCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unpack",
    abstract: said(
      zh: "核验并解包；全部通过之前，目标目录不会出现",
      en: "Verify and unpack; the directory appears once everything was verified."),
    discussion: said(
      zh:
        "示例：\n  gbt42382 unpack bert.pmp ./bert-base --trust policy.yaml\n  curl … | gbt42382 unpack - ./model",
      en:
        "EXAMPLES:\n  gbt42382 unpack bert.pmp ./bert-base --trust policy.yaml\n  curl … | gbt42382 unpack - ./model"
    ))

  @Argument(
    help: ArgumentHelp(said(zh: "封装（- 为标准输入）", en: "The package (- is standard input)."), valueName: "in"))
  var input: String

  @Argument(
    help: ArgumentHelp(said(zh: "目标目录，不得已存在", en: "The directory, which must not exist."), valueName: "dir"))
  var output: String

  @Option(
    help: ArgumentHelp(said(zh: "接收者私钥（PEM）", en: "The recipient's private key (PEM)."), valueName: "file"))
  var key: String?

  @OptionGroup var passphrase: PassphraseOptions
  @OptionGroup(title: said(zh: "信任", en: "Trust")) var trust: TrustOptions

  @OptionGroup(title: said(zh: "报告", en: "Reports")) var reports: PackageJSONOption

  @Option(help: help(zh: "并行处理的分块数（默认：处理器核数）", en: "How many chunks at once (default: one a core)."))
  var jobs: Int?

  @Option(help: help(zh: "供人阅读的内容所用语言", en: "The language of what people read (default: the locale's)."))
  var lang = Language.ofLocale

  @Flag(help: help(zh: "成功时不作声", en: "Say nothing on success."))
  var quiet = false

  mutating func validate() throws {
    try requireJobs(jobs)
  }

  func run() async throws {
    try reports.run("unpack", input) { report in try unpack(&report) }
  }

  private func unpack(_ report: inout PackageReport) throws {
    var unpacking = Unpacking(at: try trust.time())
    unpacking.policy = try trust.policy()
    unpacking.key = try passphrase.recipientKey(key)
    unpacking.jobs = jobs ?? Processors.count
    let package = try PackageInput(input)
    let progress = ByteProgress(total: package.size, isShown: !quiet)
    unpacking.progress = { progress.advance(to: $0) }
    let outcome: Unpacking.Outcome
    do throws(Fault) {
      switch package {
      case .file(let source): outcome = try unpacking.unpack(source, to: output)
      case .pipe(let stream): outcome = try unpacking.unpack(stream, to: output)
      }
    } catch {
      progress.finish()
      throw report.failure(error, path: output)
    }
    progress.finish()
    if let scan = outcome.scan { report.take(scan) }
    if let judgement = outcome.judgement { report.take(judgement, by: unpacking.policy, package: input) }
    guard outcome.faults.isEmpty else { throw report.failure(outcome.faults, path: input) }
    report.output = (output, outcome.fileCount, outcome.byteCount)
    guard !quiet else { return }
    for line in PackageFacts.lines(outcome.judgement, nil, hasPolicy: unpacking.policy != nil) {
      standardError.line(line[lang])
    }
    standardError.line(
      Text(
        zh: "已解包到 \(output)：\(outcome.fileCount) 个文件，\(outcome.byteCount) B",
        en: "unpacked to \(output): \(outcome.fileCount) file(s), \(outcome.byteCount) B")[lang])
  }
}
