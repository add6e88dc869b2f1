import Profile
import Reports
import Storage

/// Where a report of a command goes: standard output, or a file that appears whole or not at all.
struct Output: ByteSink {
  private let file: AtomicFile?

  private init(_ path: String) throws(Fault) {
    file = path == "-" ? nil : try AtomicFile(path)
  }

  mutating func append(_ bytes: UnsafeRawBufferPointer) throws {
    if let file {
      try file.append(bytes)
    } else {
      standardOutput.write(bytes)
    }
  }

  /// Writes a report to a path; `-` is standard output.
  ///
  /// - Throws: `CommandFailure` with `inputOutput` where the system does not let it be written.
  static func write(to path: String, _ body: (inout Output) throws -> Void) throws {
    do {
      var output = try Output(path)
      try body(&output)
      try output.file?.commit()
    } catch let fault as Fault {
      throw CommandFailure(unwritable: fault, path: path)
    }
  }
}

/// A stream that people read, as the goal of what is written for them.
struct TerminalSink: ByteSink {
  let terminal: Terminal

  mutating func append(_ bytes: UnsafeRawBufferPointer) {
    terminal.write(bytes)
  }
}

extension CommandFailure {
  init(unwritable fault: Fault, path: String) {
    let detail = fault.occurrence.actual.map { "：\($0)" } ?? ""
    self.init(
      .inputOutput, zh: "无法写入 \(path)\(detail)",
      en: "cannot write \(path)\(fault.occurrence.actual.map { ": \($0)" } ?? "")")
  }
}
