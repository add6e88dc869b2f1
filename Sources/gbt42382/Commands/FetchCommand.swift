import ArgumentParser
import HTTP
import Packaging
import Profile
import Storage

/// `fetch SOURCE OUT`: a package, or a part of one, from a URL or a folder of segments (profile clause 8.3, sections 5 to 7).
struct FetchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fetch",
    abstract: said(
      zh: "从网址或分段目录接收封装，可续传、可只取一部分",
      en:
        "A package from a URL or a folder of segments; goes on after a break, and takes a part where that is enough."
    ),
    discussion: said(
      zh: """
        SOURCE 为封装的网址、以 / 结尾的分段目录网址，或本机的分段目录。核对无误之前 OUT 不会出现；中断后再次执行同一命令即可继续，\
        已接收的保留在 OUT.fetch 中。带 --select 时 OUT 为目录，只含所选的文件；tensors:通配 从 safetensors 文件中选取张量。

        示例：
          gbt42382 fetch https://example.com/model.pmp model.pmp --trust trust.yaml
          gbt42382 fetch https://example.com/model.pmp ./part --select 'tokenizer*' --select 'tensors:*.embed_tokens.*'
          gbt42382 fetch https://example.com/model-2.pmp model-2.pmp --base model-1.pmp
        """,
      en: """
        SOURCE is the URL of a package, that of a folder of segments, which ends in /, or a folder of segments at hand. OUT does \
        not appear before everything is verified; after a break the same command goes on with what OUT.fetch holds. With \
        --select OUT is a folder of what was selected; tensors:GLOB selects tensors of safetensors files.

        EXAMPLES:
          gbt42382 fetch https://example.com/model.pmp model.pmp --trust trust.yaml
          gbt42382 fetch https://example.com/model.pmp ./part --select 'tokenizer*' --select 'tensors:*.embed_tokens.*'
          gbt42382 fetch https://example.com/model-2.pmp model-2.pmp --base model-1.pmp
        """))

  @Argument(
    help: ArgumentHelp(said(zh: "网址或分段目录", en: "A URL, or a folder of segments."), valueName: "source"))
  var source: String

  @Argument(
    help: ArgumentHelp(
      said(zh: "封装；带 --select 时为目录；不应已存在", en: "The package, or with --select the folder; must not exist."),
      valueName: "out"))
  var output: String

  @Option(
    help: ArgumentHelp(
      said(
        zh: "只取名称符合的文件，或 tensors:通配（可重复；* 不跨目录，** 跨目录）",
        en: "Only files of such names, or tensors:GLOB; may be repeated (* within a folder, ** across)."),
      valueName: "glob"))
  var select: [String] = []

  @Option(
    help: ArgumentHelp(
      said(
        zh: "已有的封装、文件或目录，相同的分块不再传输", en: "A package, file or folder at hand: equal chunks are not fetched."),
      valueName: "path"))
  var base: String?

  @OptionGroup(title: said(zh: "信任", en: "Trust")) var trust: TrustOptions

  @Option(
    help: ArgumentHelp(
      said(
        zh: "接收者的私钥（PEM），用于从加密的封装中选取",
        en: "The recipient's private key (PEM), to select from an encrypted package."
      ),
      valueName: "file"))
  var key: String?

  @OptionGroup var passphrase: PassphraseOptions

  @Option(help: help(zh: "同时接收的部分数（默认 4）", en: "How many parts are fetched at once (default: 4)."))
  var jobs = 4

  @Option(help: help(zh: "供人阅读的内容所用语言", en: "The language of what people read (default: the locale's)."))
  var lang = Language.ofLocale

  @Flag(help: help(zh: "成功时不作声", en: "Say nothing on success."))
  var quiet = false

  mutating func validate() throws { try requireJobs(jobs) }

  func run() throws {
    let receiving = try Receiving(trust, key: try passphrase.recipientKey(key), jobs: jobs)
    let progress = ByteProgress(isShown: !quiet)
    var fetching = receiving.fetching
    fetching.progress = { count in progress.add(count) }
    do throws(Fault) {
      if !select.isEmpty { fetching.selection = try Selection(select) }
      if let base { fetching.base = try BaseFiles(path: base) }
    } catch {
      throw CommandFailure(transfer: error, from: source)
    }
    try receiving.run(from: source, progress) { faults throws(Fault) in
      guard let location = RemoteLocation(source) else {
        return try fetching.fetch(try Receiving.segments(in: source), to: output, &faults)
      }
      try fetching.fetch(location, over: CurlTransport(agent: "\(Tool.name)/\(Tool.version)"), to: output)
      return true
    }
    guard !quiet else { return }
    standardError.line(Text(zh: "已写入 \(output)", en: "wrote \(output)")[lang])
  }
}
