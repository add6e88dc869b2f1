import ArgumentParser
import Packaging
import Profile
import Reports
import Storage

/// `sign PKG`: one more signature in a package, or one that is kept apart from it.
struct SignCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sign",
    abstract: said(
      zh: "核验封装后签名；索引之前的内容不变",
      en: "Verify a package and sign it; what stands before the index stays as it is."),
    discussion: said(
      zh:
        "示例：\n  gbt42382 sign bert.pmp --key key.pem\n  gbt42382 sign bert.pmp --key key.pem --detached bert.sig",
      en:
        "EXAMPLES:\n  gbt42382 sign bert.pmp --key key.pem\n  gbt42382 sign bert.pmp --key key.pem --detached bert.sig"
    ))

  @Argument(help: ArgumentHelp(said(zh: "封装", en: "The package."), valueName: "package"))
  var package: String

  @Option(help: ArgumentHelp(said(zh: "签名私钥（PEM）", en: "The private key (PEM)."), valueName: "file"))
  var key: String

  @Option(
    help: ArgumentHelp(
      said(zh: "签名人的证书链（PEM，签名人在前）", en: "The signer's certificates (PEM), its own first."), valueName: "file"
    ))
  var certificate: String?

  @Option(
    help: ArgumentHelp(
      said(zh: "签名另存于此文件，封装不变", en: "Write the signature to this file; the package stays as it is."),
      valueName: "out"))
  var detached: String?

  @OptionGroup var passphrase: PassphraseOptions

  @OptionGroup(title: said(zh: "报告", en: "Reports")) var reports: PackageJSONOption

  @Option(help: help(zh: "并行处理的分块数（默认：处理器核数）", en: "How many chunks at once (default: one a core)."))
  var jobs: Int?

  @Option(help: help(zh: "供人阅读的内容所用语言", en: "The language of what people read (default: the locale's)."))
  var lang = Language.ofLocale

  @Flag(help: help(zh: "成功时不作声", en: "Say nothing on success."))
  var quiet = false

  mutating func validate() throws {
    try requireJobs(jobs)
    if detached != nil, certificate != nil {
      throw ValidationError(
        said(zh: "另存的签名不含证书", en: "a signature that is kept apart holds no certificates"))
    }
  }

  func run() async throws {
    try reports.run("sign", package) { report in try sign(&report) }
  }

  private func sign(_ report: inout PackageReport) throws {
    let signer = try passphrase.signer(key: key, certificate: certificate)
    guard case .file(let source) = try PackageInput(package) else {
      throw CommandFailure(.usage, zh: "sign 须以文件为输入", en: "sign needs a file")
    }
    let progress = ByteProgress(total: source.size, isShown: !quiet)
    var options = PackageScan.Options(jobs: jobs ?? Processors.count)
    options.progress = { progress.advance(to: $0) }
    do throws(Fault) {
      let scan = try PackageScan.scan(source, options)
      progress.finish()
      report.take(scan)
      // Nobody should put a name under what is damaged.
      if let fault = scan.faults.foremost { throw fault }
      if let detached {
        try AtomicFile.write(try PackageSigning.detached(scan, signedBy: signer), to: detached)
      } else {
        let file = try AtomicFile(package)
        try PackageSigning.write(scan, of: source, signedBy: signer, to: file)
        try file.commit()
      }
    } catch {
      progress.finish()
      throw report.failure(error, path: package)
    }
    report.take(signer, detached: detached)
    guard !quiet else { return }
    let identifier = Hexadecimal.text(of: signer.key.publicKey.identifier)
    standardError.line(
      Text(
        zh: "已签名 \(detached ?? package)：\(signer.key.publicKey.algorithm.name) \(identifier)",
        en: "signed \(detached ?? package): \(signer.key.publicKey.algorithm.name) \(identifier)")[lang])
  }
}
