import Packaging
import Profile
import Storage

/// What people read of what ends a transfer.
enum TransferFaultText {
  /// A fault of a transfer in both languages; nil for any other.
  static func text(_ fault: Fault) -> Text? { transfer(fault) }

  private static func transfer(_ fault: Fault) -> Text? {
    let found = fault.occurrence
    let (file, actual) = (found.place.file, found.actual ?? "")
    if fault.code == OutputFault.writable.rawValue {
      return Text(zh: "无法写入 \(file)：\(actual)", en: "cannot write \(file): \(actual)")
    }
    switch TransferFault(rawValue: fault.code) {
    case .offerUnchanged:
      return Text(
        zh: "\(file) 中留有另一个封装的内容；确认不再需要后请删除该目录",
        en: "\(file) holds parts of another package; remove the folder once it is not needed any more")
    case .segmentsAllHeld:
      return Text(zh: "分段未齐", en: "not all segments are there")
    case .withoutRange:
      return Text(
        zh: "\(file)：服务端不支持字节范围（\(actual)），只能下载整个封装；请去掉 --select",
        en:
          "\(file): the server knows no byte ranges (\(actual)), so that only the whole can be fetched; leave --select out"
      )
    case .sourceUnchanged:
      let change = found.expected.map { "\($0) → \(actual)" } ?? found.place.offset.map { "@\($0)" } ?? ""
      return Text(
        zh: "\(file)：来源在传输中已改变或已损坏（\(change)），已中止",
        en: "\(file): the source changed in the middle, or is damaged (\(change)); the transfer was aborted")
    case .lengthBounded:
      return Text(
        zh: "\(file)：应答过长或未给出长度 \(actual)", en: "\(file): the answer is too long or gives no length \(actual)"
      )
    case .sourceReachable:
      return Text(zh: "\(file)：无法取得（\(actual)）", en: "\(file) cannot be fetched (\(actual))")
    case .answerUnderstood:
      return Text(zh: "\(file)：应答不合规则（\(actual)）", en: "\(file): the answer breaks the rules (\(actual))")
    case .destinationFree:
      return Text(zh: "\(file) 已存在", en: "\(file) exists already")
    case .destinationUnlocked:
      return Text(zh: "另一个进程正在写入 \(file)", en: "another process is at work in \(file)")
    case .selectionFound:
      return Text(
        zh: "没有可选的内容：\(file) \(actual)", en: "nothing there is what was selected: \(file) \(actual)")
    case .selectionSupported:
      return Text(
        zh: "不支持这样的选择：\(actual)；分段目录和 partition: 不能选择，请使用封装本身的地址、文件名通配或 tensors:通配",
        en:
          "such a selection is not supported: \(actual); use the URL of the package itself, names of files or tensors:GLOB"
      )
    case .eventExpected:
      return Text(
        zh: "传输状态 \(found.expected ?? "") 不接受 \(actual)",
        en: "a transfer that is \(found.expected ?? "") takes no \(actual)")
    case nil:
      return nil
    }
  }
}

extension CommandFailure {
  /// The end of a transfer by a fault: of the system, or of what it was given.
  init(transfer fault: Fault, from source: String) {
    guard let text = TransferFaultText.text(fault) else {
      self.init(fault, path: source)
      return
    }
    let status: ExitStatus =
      switch fault.kind {
      case .system: .inputOutput
      case .unsupported: .inconclusive
      case .malformed, .unsafe: .failed
      }
    self.init(status, text)
  }
}
