import ArgumentParser
import Packaging
import Profile
import Storage

/// `join DIR OUT.pmp`: a folder of segments as the package that it was (profile clause 8.3, sections 4 and 6).
struct JoinCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "join",
    abstract: said(zh: "将分段目录合并为封装", en: "A folder of segments as the package that it was."),
    discussion: said(
      zh: """
        逐段核对；有分段缺失或损坏时，已核对的保留在 OUT.fetch 中，补齐后再次执行即可继续。整个封装核对无误之前 OUT 不会出现。

        示例：
          gbt42382 join ./segments model.pmp
        """,
      en: """
        Each segment is verified alone. Where some are missing or damaged, the others are kept in OUT.fetch, and the same \
        command goes on once they were replaced. OUT does not appear before the whole package is verified.

        EXAMPLES:
          gbt42382 join ./segments model.pmp
        """))

  @Argument(help: ArgumentHelp(said(zh: "分段目录", en: "The folder of segments."), valueName: "dir"))
  var folder: String

  @Argument(help: ArgumentHelp(said(zh: "封装，不应已存在", en: "The package; must not exist."), valueName: "out"))
  var output: String

  @OptionGroup(title: said(zh: "信任", en: "Trust")) var trust: TrustOptions

  @Option(
    help: help(zh: "并行数（默认为处理器数）", en: "How many segments are taken at once (default: one per processor)."))
  var jobs: Int?

  @Option(help: help(zh: "供人阅读的内容所用语言", en: "The language of what people read (default: the locale's)."))
  var lang = Language.ofLocale

  @Flag(help: help(zh: "成功时不作声", en: "Say nothing on success."))
  var quiet = false

  mutating func validate() throws { try requireJobs(jobs) }

  func run() throws {
    let receiving = try Receiving(trust, key: nil, jobs: jobs ?? Processors.count)
    let progress = ByteProgress(isShown: !quiet)
    var fetching = receiving.fetching
    fetching.progress = { count in progress.add(count) }
    try receiving.run(from: folder, progress) { faults throws(Fault) in
      try fetching.fetch(try Receiving.segments(in: folder), to: output, &faults)
    }
    guard !quiet else { return }
    standardError.line(Text(zh: "已写入 \(output)", en: "wrote \(output)")[lang])
  }
}
