import ArgumentParser
import Configuration
import Conformance
import Profile
import Reports
import Storage

/// `vectors`: the corpus of test vectors.
struct VectorsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vectors", abstract: said(zh: "测试向量语料库", en: "The corpus of test vectors."),
    subcommands: [
      VectorsListCommand.self, VectorsCheckCommand.self, VectorsGenerateCommand.self,
      VectorsExportCommand.self,
    ])
}

/// Which vectors of which corpus.
struct CorpusOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      said(zh: "语料库目录（默认 vectors）", en: "The directory of the corpus (default: vectors)."), valueName: "dir"))
  var corpus = "vectors"

  @Option(
    help: ArgumentHelp(
      said(zh: "只取编号与之相符的向量，如 'P6.1-02*'", en: "Only vectors whose id matches, such as 'P6.1-02*'."),
      valueName: "pattern"))
  var select: [String] = []

  /// The corpus, as far as it is selected.
  ///
  /// - Throws: `CommandFailure` with `usage` where its files are faulty, or where nothing is selected.
  func read() throws(CommandFailure) -> Corpus {
    do throws(Fault) {
      guard try SampleLocation.resolve(path: corpus, followLinks: true).isDirectory else {
        throw Fault(FileFault.regular, .system, at: Place(corpus), expected: "directory", actual: "file")
      }
    } catch {
      throw CommandFailure(
        .inputOutput, zh: "无法读取语料库 \(corpus)：\(error.occurrence.actual ?? error.code)",
        en: "cannot read the corpus \(corpus): \(error.occurrence.actual ?? error.code)")
    }
    let read: Corpus
    do throws(CorpusError) {
      read = try Corpus.read(corpus, selection: select.map(Glob.init))
    } catch {
      throw CommandFailure(
        .usage, zh: error.faults.map { $0[.zh] }.joined(separator: "\n"),
        en: error.faults.map { $0[.en] }.joined(separator: "\n"))
    }
    if !select.isEmpty, read.vectors.isEmpty {
      throw CommandFailure(.usage, zh: "没有与 --select 相符的向量", en: "no vector matches --select")
    }
    return read
  }
}

/// `vectors generate`: makes what lies beside each vector.
struct VectorsGenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: said(
      zh: "由配方重新生成各向量的输入与覆盖页；无须改动时不写任何文件",
      en:
        "Make the input of each vector from its recipe, and the coverage page; writes nothing where nothing changed."
    ))

  @OptionGroup var options: CorpusOptions

  func run() throws {
    let corpus = try options.read()
    var changed = 0
    var failed = 0
    for vector in corpus.vectors {
      do {
        for name in try corpus.generate(vector) {
          changed += 1
          standardOutput.line("\(vector.id)/\(name)")
        }
      } catch let error as RecipeError {
        failed += 1
        standardError.line("\(vector.id): \(error.message[.ofMessages])")
      }
    }
    let page = CoveragePage.markdown(corpus.coverage(of: .published))
    if options.select.isEmpty, try corpus.write(page: page, named: Corpus.coveragePage) {
      changed += 1
      standardOutput.line(Corpus.coveragePage)
    }
    standardOutput.line(
      said(
        zh: "\(corpus.vectors.count) 个向量，改动 \(changed) 个文件",
        en: "\(corpus.vectors.count) vectors, \(changed) files changed"))
    if failed > 0 { throw ExitCode(ExitStatus.failed.rawValue) }
  }
}

/// `vectors list`: the coverage.
struct VectorsListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: said(
      zh: "按标准的章条列出各要求的向量", en: "Show the vectors of each requirement in the outline of the standard."))

  @OptionGroup var options: CorpusOptions
  @Option(help: help(zh: "供人阅读的内容所用语言", en: "The language of what people read (default: the locale's)."))
  var lang = Language.ofLocale
  @Flag(help: help(zh: "同时列出每个向量", en: "Name every vector as well."))
  var long = false

  func run() throws {
    let corpus = try options.read()
    var sink = TerminalSink(terminal: standardOutput)
    try CoverageConsole.write(
      corpus.coverage(of: .published), standardOutput.consoleOptions(lang), namesVectors: long,
      leavesOutEmpty: !options.select.isEmpty, to: &sink)
  }
}

/// `vectors export DIR`: the corpus for others.
struct VectorsExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: said(
      zh: "把语料库导出为普通文件与一份 JSON 索引，不依赖本工具即可使用",
      en: "Write the corpus as plain files with one index in JSON, usable without this tool."),
    discussion: said(
      zh: "用法见 conformance/using-the-corpus.md。", en: "How to use it: conformance/using-the-corpus.md."))

  @OptionGroup var options: CorpusOptions
  @Argument(
    help: ArgumentHelp(
      said(zh: "新建的目录", en: "The directory, which must not be there yet."), valueName: "dir"))
  var target: String

  func run() throws {
    let corpus = try options.read()
    let progress = Progress(total: corpus.vectors.count, isShown: standardError.isInteractive)
    var requirements = MemorySink()
    try CatalogueListing.writeJSON(.published, to: &requirements)
    do {
      let export = CorpusExport(corpus, .published)
      let isWritten = try export.write(to: target, with: ["requirements.json": requirements.bytes]) {
        progress.advance(to: $0)
      }
      guard isWritten else {
        throw CommandFailure(.usage, zh: "\(target) 已存在", en: "\(target) is there already")
      }
    } catch let fault as Fault {
      throw CommandFailure(unwritable: fault, path: target)
    } catch let error as RecipeError {
      throw CommandFailure(.toolFault, error.message)
    }
    progress.finish()
    standardOutput.line(
      said(
        zh: "\(corpus.vectors.count) 个向量 → \(target)/index.json",
        en: "\(corpus.vectors.count) vectors → \(target)/index.json"))
  }
}
