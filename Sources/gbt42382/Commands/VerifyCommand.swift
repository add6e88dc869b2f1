import ArgumentParser
import Packaging
import Profile
import Reports
import Storage

/// `verify PKG`: every byte, every signature, and what the verifier asks of them.
struct VerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: said(
      zh: "核验封装的每个字节、每个签名及信任策略", en: "Verify each byte and each signature of a package, and a trust policy."),
    discussion: said(
      zh: "示例：\n  gbt42382 verify bert.pmp\n  gbt42382 verify bert.pmp --trust policy.yaml --at 2026-12-31",
      en:
        "EXAMPLES:\n  gbt42382 verify bert.pmp\n  gbt42382 verify bert.pmp --trust policy.yaml --at 2026-12-31"
    ))

  @Argument(
    help: ArgumentHelp(
      said(zh: "封装（- 为标准输入）", en: "The package (- is standard input)."), valueName: "package"))
  var package: String

  @Option(
    help: ArgumentHelp(
      said(zh: "另存的签名（openssl 所写的字节）", en: "A signature kept apart, as openssl writes it."), valueName: "file"
    ))
  var detached: [String] = []

  @Option(
    help: ArgumentHelp(
      said(
        zh: "接收者私钥（PEM）：同时核验加密内容", en: "The recipient's private key (PEM): encrypted content is verified too."
      ),
      valueName: "file"))
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
    try reports.run("verify", package) { report in try verify(&report) }
  }

  private func verify(_ report: inout PackageReport) throws {
    let policy = try trust.policy()
    let time = try trust.time()
    let recipientKey = try passphrase.recipientKey(key)
    var signatures: [SignedContent.DetachedSignature] = []
    for path in detached {
      signatures.append(SignedContent.DetachedSignature(place: Place(path), bytes: try UserFile.bytes(path)))
    }
    let input = try PackageInput(package)
    let progress = ByteProgress(total: input.size, isShown: !quiet)
    var options = PackageScan.Options(jobs: jobs ?? Processors.count)
    options.progress = { progress.advance(to: $0) }
    if let recipientKey { options.receiver = ContentReading(file: package, key: recipientKey) }
    let scan: PackageScan
    do throws(Fault) {
      scan = try input.scan(options)
    } catch {
      progress.finish()
      throw report.failure(error, path: package)
    }
    progress.finish()
    report.take(scan)
    var faults = scan.faults
    let judgement = try judge(scan.signedContent(detached: signatures), policy, time, &faults)
    if let judgement { report.take(judgement, by: policy, package: package) }
    let console = reports.console
    if !quiet {
      for line in PackageFacts.lines(judgement, scan.rights?.payload, hasPolicy: policy != nil) {
        console.line(VisibleText.forTerminal(line[lang]))
      }
      for line in PackageRefusal.lines(scan.remarks, path: package) {
        console.line(VisibleText.forTerminal(line[lang]))
      }
    }
    guard faults.isEmpty else { throw report.failure(faults, path: package) }
    guard !quiet else { return }
    let root = scan.contentRoot?.description ?? ""
    console.line(
      Text(
        zh: "\(package)：核验通过，\(scan.units.count) 个单元，\(scan.byteCount) B，根 \(root)",
        en: "\(package): verifies, \(scan.units.count) units, \(scan.byteCount) B, root \(root)")[lang])
  }

  private func judge(
    _ content: SignedContent?, _ policy: TrustPolicy?, _ time: JudgingTime, _ faults: inout FaultLog
  ) throws(CommandFailure) -> TrustJudgement? {
    guard let content else { return nil }
    do throws(ProtectionError) {
      let judgement = try TrustPolicy.judge(content, by: policy, at: time)
      faults.append(judgement.faults)
      return judgement
    } catch {
      throw CommandFailure(.toolFault, zh: "\(error)", en: "\(error)")
    }
  }
}
