import ArgumentParser
import Glibc
import Profile
import Reports

/// The command line: one executable with subcommands (conformance/command-line.md).
@main
struct Gbt42382: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gbt42382",
    abstract: said(
      zh: "神经网络表示的参考检验工具（按 GB/T 42382.2—2026 的章条结构组织）",
      en: "Reference validator for neural network representations, organised after GB/T 42382.2—2026"),
    discussion: said(
      zh: """
        示例：
          gbt42382 validate model.onnx
          gbt42382 validate ./bert-base --metadata bert.yaml --junit report.xml
          gbt42382 explain P6.1-020

        退出码：0 全部通过；1 有不通过项；2 有无法判定项；3 格式无法识别；64 用法错误；70 工具故障；74 读写错误。
        """,
      en: """
        EXAMPLES:
          gbt42382 validate model.onnx
          gbt42382 validate ./bert-base --metadata bert.yaml --junit report.xml
          gbt42382 explain P6.1-020

        EXIT CODES: 0 nothing failed; 1 a requirement failed; 2 something could not be judged; 3 format not \
        recognised; 64 wrong usage; 70 fault of the tool; 74 input or output error.
        """),
    version: Tool.version,
    subcommands: [
      ValidateCommand.self, InspectCommand.self, ConvertCommand.self, PackCommand.self,
      UnpackCommand.self, SignCommand.self, VerifyCommand.self, SplitCommand.self, JoinCommand.self,
      CompressCommand.self,
      DecompressCommand.self, CompareCommand.self,
      ServeCommand.self, FetchCommand.self, RequirementsCommand.self, ExplainCommand.self,
      VectorsCommand.self,
    ])

  static func main() async {
    // A reader that closes a pipe early must not kill the tool in the middle of a report.
    signal(SIGPIPE, SIG_IGN)
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch let failure as CommandFailure {
      standardError.line("gbt42382: \(failure.visibleText)")
      Glibc.exit(failure.status.rawValue)
    } catch {
      exit(withError: error)
    }
  }
}

/// What the tool calls itself in reports.
enum Tool {
  static let name = "gbt42382"
  static let version = "0.1.0"
}
