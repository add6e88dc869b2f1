import ArgumentParser
import Packaging
import Profile
import Storage
import Synchronization

/// `split PKG DIR`: a package as a folder of segments (profile clause 8.3, section 4).
struct SplitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "split",
    abstract: said(
      zh: "将封装切分为可逐段核对的分段目录", en: "A package as a folder of segments, each of which is verified alone."),
    discussion: said(
      zh: """
        先核对整个封装，再写出分段；目录写完后才出现，清单 manifest.pmm 最后写入。

        示例：
          gbt42382 split model.pmp ./segments
          gbt42382 split model.pmp ./segments --segment-size 64
        """,
      en: """
        The package is verified first. The folder appears once everything is in it; manifest.pmm is written last.

        EXAMPLES:
          gbt42382 split model.pmp ./segments
          gbt42382 split model.pmp ./segments --segment-size 64
        """))

  @Argument(help: ArgumentHelp(said(zh: "封装", en: "The package."), valueName: "package"))
  var package: String

  @Argument(
    help: ArgumentHelp(
      said(zh: "分段目录，不应已存在", en: "The folder of segments; must not exist."), valueName: "dir"))
  var folder: String

  @Option(
    help: ArgumentHelp(
      said(
        zh: "每段的 MiB 数：1 至 1024，2 的幂（默认 16）",
        en: "MiB of a segment: a power of two from 1 to 1024 (default: 16)."),
      valueName: "mib"))
  var segmentSize = Manifest.usualChunks

  @Option(
    help: help(zh: "并行数（默认为处理器数）", en: "How many segments are written at once (default: one per processor)."))
  var jobs: Int?

  @Option(help: help(zh: "供人阅读的内容所用语言", en: "The language of what people read (default: the locale's)."))
  var lang = Language.ofLocale

  @Flag(help: help(zh: "成功时不作声", en: "Say nothing on success."))
  var quiet = false

  mutating func validate() throws {
    try requireJobs(jobs)
    guard Manifest.isSegmentSize(segmentSize) else {
      throw ValidationError(
        said(
          zh: "--segment-size 应为 1 至 \(Manifest.mostChunks) 之间 2 的幂，而非 \(segmentSize)",
          en: "--segment-size takes a power of two from 1 to \(Manifest.mostChunks), not \(segmentSize)"))
    }
  }

  func run() throws {
    guard case .file(let source) = try PackageInput(package) else {
      throw CommandFailure(.usage, zh: "split 需要文件", en: "split needs a file")
    }
    do {
      if let faults = try split(source) { throw PackageRefusal.failure(faults, path: package) }
    } catch let fault as Fault {
      throw CommandFailure(transfer: fault, from: package)
    }
  }

  /// Gives what is wrong with the package; nil where the folder is there.
  private func split(_ source: any ByteSource) throws(Fault) -> FaultLog? {
    let jobs = self.jobs ?? Processors.count
    // Each byte is read to be verified, and again to be written.
    let progress = ByteProgress(total: source.size * 2, isShown: !quiet)
    defer { progress.finish() }
    var options = PackageScan.Options(jobs: jobs)
    options.progress = { progress.advance(to: $0) }
    let scan = try PackageScan.scan(source, options)
    guard scan.faults.isEmpty, let root = scan.packageRoot else { return scan.faults }
    var splitting = Splitting()
    splitting.chunks = segmentSize
    splitting.jobs = jobs
    splitting.progress = { count in progress.add(count) }
    let manifest = try splitting.split(source, packageRoot: root, into: folder)
    progress.finish()
    guard !quiet else { return nil }
    let text = Text(
      zh: "已写入 \(folder)：\(manifest.count) 个分段，传输根 \(manifest.transferRoot.hex)",
      en: "wrote \(folder): \(manifest.count) segments, transfer root \(manifest.transferRoot.hex)")
    standardError.line(text[lang])
    return nil
  }
}
