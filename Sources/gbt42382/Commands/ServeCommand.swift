import ArgumentParser
import Glibc
import HTTP
import Profile

/// `serve PATH…`: packages and folders of segments over HTTP, for reading (profile clause 8.3, section 5).
struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: said(
      zh: "以 HTTP 只读方式提供封装及分段目录", en: "Packages and folders of segments over HTTP, for reading."),
    discussion: said(
      zh: """
        每个封装的地址为 /名称.pmp，分段目录为 /名称/；支持断点续传（字节范围），除此之外的任何文件都无法访问。
        默认只监听本机；连接不加密，需要加密或认证时请置于反向代理之后。按 Ctrl-C 结束。

        示例：
          gbt42382 serve model.pmp
          gbt42382 serve model.pmp ./segments --listen 0.0.0.0:8042
        """,
      en: """
        A package is at /NAME.pmp, a folder of segments at /NAME/, with byte ranges; no other file can be reached. Only \
        this machine is listened to unless told otherwise. Connections are not encrypted: where that or a password is \
        needed, put it behind a proxy that has it. Ctrl-C ends it.

        EXAMPLES:
          gbt42382 serve model.pmp
          gbt42382 serve model.pmp ./segments --listen 0.0.0.0:8042
        """))

  @Argument(
    help: ArgumentHelp(
      said(zh: "封装文件或分段目录", en: "Packages, or folders of segments."), valueName: "path"))
  var paths: [String]

  @Option(
    help: ArgumentHelp(
      said(
        zh: "监听地址（默认 127.0.0.1:8042；端口 0 由系统选择）",
        en: "Where to listen (default: 127.0.0.1:8042; port 0 lets the system choose)."),
      valueName: "address:port"))
  var listen: String?

  @Option(help: help(zh: "供人阅读的内容所用语言", en: "The language of what people read (default: the locale's)."))
  var lang = Language.ofLocale

  @Flag(help: help(zh: "不显示地址", en: "Do not print the URLs."))
  var quiet = false

  func run() throws {
    guard let address = listen.map(ListenAddress.init) ?? .loopback else {
      throw CommandFailure(
        .usage, zh: "--listen \(listen ?? "")：应为 地址:端口", en: "--listen \(listen ?? ""): ADDRESS:PORT expected"
      )
    }
    let offer = try offered()
    let server: RangeServer
    do throws(RangeServer.Failure) {
      server = try RangeServer(offer, at: address)
    } catch {
      throw CommandFailure(
        .inputOutput, zh: "无法监听 \(error.address)：\(error.words)",
        en: "cannot listen at \(error.address): \(error.words)")
    }
    StopSignals.write(to: server.stopDescriptor)
    if !quiet {
      for path in offer.paths { standardOutput.line(server.url + path) }
    }
    server.run(threads: min(4, Processors.count))
  }

  private func offered() throws(CommandFailure) -> Offer {
    do throws(Offer.Failure) {
      return try Offer(paths)
    } catch {
      switch error {
      case .unreadable(let path, let words):
        throw CommandFailure(.inputOutput, zh: "无法读取 \(path)：\(words)", en: "cannot read \(path): \(words)")
      case .neither(let path):
        throw CommandFailure(
          .notRecognised, zh: "\(path) 既不是封装，也不是带清单的分段目录",
          en: "\(path) is neither a package nor a folder of segments with its manifest")
      case .sameName(let path, let name):
        throw CommandFailure(
          .usage, zh: "\(path)：已有同名的 \(name)", en: "\(path): there is a \(name) already")
      }
    }
  }
}

/// The signals by which a user or a service manager ends a command that runs until it is told to stop.
private enum StopSignals {
  /// Where the handler writes; it may do nothing but that.
  nonisolated(unsafe) private static var descriptor: Int32 = -1

  /// Writes a byte whenever one of them comes, which otherwise changes nothing.
  static func write(to descriptor: Int32) {
    // Set before the handler is: it must not be the first to ask for it.
    self.descriptor = descriptor
    for number in [SIGINT, SIGTERM] {
      signal(number) { _ in
        let before = errno
        var byte: UInt8 = 0
        _ = Glibc.write(StopSignals.descriptor, &byte, 1)
        errno = before
      }
    }
  }
}
