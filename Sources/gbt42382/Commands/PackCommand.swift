import ArgumentParser
import Configuration
import Formats
import Glibc
import Packaging
import Profile
import Reports
import Storage

/// `pack IN OUT.pmp`: a directory, or a file with what it names, into a package.
struct PackCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pack",
    abstract: said(
      zh: "将模型目录或文件打包（第 8.2 章）", en: "Pack a model directory or file into a package (clause 8.2)."),
    discussion: said(
      zh: """
        示例：
          gbt42382 pack ./bert-base bert.pmp --sign-key key.pem
          gbt42382 pack model.onnx - --encrypt-for partner.crt | ssh host 'cat > model.pmp'
        """,
      en: """
        EXAMPLES:
          gbt42382 pack ./bert-base bert.pmp --sign-key key.pem
          gbt42382 pack model.onnx - --encrypt-for partner.crt | ssh host 'cat > model.pmp'
        """))

  @Argument(help: ArgumentHelp(said(zh: "模型目录或文件", en: "The directory or file."), valueName: "in"))
  var input: String

  @Argument(
    help: ArgumentHelp(said(zh: "封装（- 为标准输出）", en: "The package (- is standard output)."), valueName: "out"))
  var output: String

  @Option(
    help: ArgumentHelp(said(zh: "签名私钥（PEM）", en: "Sign with this private key (PEM)."), valueName: "file"))
  var signKey: String?

  @Option(
    help: ArgumentHelp(
      said(zh: "签名人的证书链（PEM，签名人在前）", en: "The signer's certificates (PEM), its own first."), valueName: "file"
    ))
  var certificate: String?

  @Option(
    help: ArgumentHelp(
      said(
        zh: "为此接收者加密（证书或 SM2 公钥，PEM；可多次）",
        en: "Encrypt for this certificate or SM2 public key (PEM); may be repeated."),
      valueName: "file"))
  var encryptFor: [String] = []

  @Option(
    help: help(
      zh: "加密套件；sm4-ctr-hmac-sm3 每核约 65 MB/s",
      en: "How to encrypt; sm4-ctr-hmac-sm3 runs at about 65 MB/s a core."))
  var suite = SuiteOption.aes256GCM

  @Option(help: ArgumentHelp(said(zh: "权利声明（YAML）", en: "YAML with the rights to state."), valueName: "file"))
  var rights: String?

  @OptionGroup var passphrase: PassphraseOptions

  @Flag(help: help(zh: "允许符号链接指向根目录之外", en: "Follow symbolic links that lead out of the directory."))
  var followLinks = false

  @OptionGroup(title: said(zh: "报告", en: "Reports")) var reports: PackageJSONOption

  @Option(
    help: help(
      zh: "并行处理的分块数（默认：处理器核数）；不影响输出",
      en: "How many chunks at once (default: one a core); the bytes do not depend on it."))
  var jobs: Int?

  @Option(help: help(zh: "供人阅读的内容所用语言", en: "The language of what people read (default: the locale's)."))
  var lang = Language.ofLocale

  @Flag(help: help(zh: "成功时不作声", en: "Say nothing on success."))
  var quiet = false

  /// The suites by the names that the command line gives them.
  enum SuiteOption: String, ExpressibleByArgument, CaseIterable {
    case aes256GCM = "aes-256-gcm"
    case sm4CTRHMACSM3 = "sm4-ctr-hmac-sm3"
  }

  mutating func validate() throws {
    try requireJobs(jobs)
    if certificate != nil, signKey == nil {
      throw ValidationError(said(zh: "--certificate 须与 --sign-key 同用", en: "--certificate needs --sign-key"))
    }
    if reports.json == "-", output == "-" {
      throw ValidationError(
        said(zh: "封装与报告不能都写到标准输出", en: "package and report cannot both go to standard output"))
    }
    if rights != nil, signKey == nil {
      throw ValidationError(
        said(zh: "声明权利的封装须签名（--sign-key）", en: "a package that states rights has to be signed (--sign-key)"))
    }
  }

  func run() async throws {
    try reports.run("pack", output) { report in try pack(&report) }
  }

  private func pack(_ report: inout PackageReport) throws {
    let (tree, names) = try inputFiles(&report)
    var packing = Packing()
    packing.jobs = jobs ?? Processors.count
    packing.suite = suite == .aes256GCM ? .aes256GCM : .sm4CTRHMACSM3
    if let signKey { packing.signer = try passphrase.signer(key: signKey, certificate: certificate) }
    for path in encryptFor {
      packing.recipients.append(
        try KeyFile.read(path) { pem throws(ProtectionError) in try Recipient(pem: pem) })
    }
    packing.rights = try rights.map(readRights)
    let progress = ByteProgress(
      total: standardError.isInteractive ? names.reduce(0) { $0 + ((try? tree.open($1).size) ?? 0) } : nil,
      isShown: !quiet)
    packing.progress = { progress.add($0) }
    defer { progress.finish() }
    let summary: Packing.Summary
    do throws(Fault) {
      summary = try write(packing, try PackagePlan(names: names), tree)
    } catch {
      progress.finish()
      throw report.failure(error, path: error.code == OutputFault.writable.rawValue ? output : input)
    }
    report.bytes = summary.byteCount
    report.contentRoot = summary.contentRoot
    report.packageRoot = summary.packageRoot
    report.take(summary.entries)
    report.take(packing, summary.start)
    guard !quiet else { return }
    let text = Text(
      zh: "已写入 \(output)：\(names.count) 个文件，\(summary.byteCount) B，根 \(summary.contentRoot)",
      en: "wrote \(output): \(names.count) file(s), \(summary.byteCount) B, root \(summary.contentRoot)")
    progress.finish()
    standardError.line(text[lang])
  }

  private func write(
    _ packing: Packing, _ plan: PackagePlan, _ tree: DirectoryTree
  ) throws(Fault) -> Packing.Summary {
    guard output != "-" else {
      return try packing.write(plan, from: tree, to: DescriptorSink(STDOUT_FILENO, name: "-"))
    }
    let file = try AtomicFile(output)
    let summary = try packing.write(plan, from: tree, to: file)
    try file.commit()
    return summary
  }

  /// The files to pack: all of a directory, or a file with those that the representation in it names.
  private func inputFiles(
    _ report: inout PackageReport
  ) throws(CommandFailure) -> (DirectoryTree, [String]) {
    var faults = FaultLog()
    let location: SampleLocation
    let names: [String]
    do throws(Fault) {
      location = try SampleLocation.resolve(path: input, followLinks: followLinks)
      if location.isDirectory {
        names = try location.tree.names(&faults)
      } else {
        let reading = SampleReader.read(location.tree, name: location.name)
        let named = reading.format == nil ? [] : reading.files.map { ExactString($0.path) }
        names = Set(named + [ExactString(location.name)]).map(\.value)
        // What keeps a file that is named from being found keeps the package from being whole.
        for entry in reading.faults.entries where FileFault(rawValue: entry.code) != nil {
          faults.log(entry.first)
        }
      }
    } catch {
      throw CommandFailure(error.code, error.kind, error.occurrence, path: input)
    }
    guard faults.isEmpty else { throw report.failure(faults, path: input) }
    try PackOutput.requireApart(output, from: location, names: names, followLinks: followLinks)
    return (location.tree, names)
  }

  private func readRights(_ path: String) throws(CommandFailure) -> RightsPayload {
    let text = String(decoding: try UserFile.bytes(path), as: UTF8.self)
    do throws(RightsFileError) {
      return try RightsFile.read(text, file: path)
    } catch {
      throw CommandFailure(
        .usage, zh: error.faults.map { $0[.zh] }.joined(separator: "\n"),
        en: error.faults.map { $0[.en] }.joined(separator: "\n"))
    }
  }
}
