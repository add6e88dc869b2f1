import Profile

extension ConsolePage {
  /// How many of the worst tensors are listed.
  private static var worstListed: Int { 10 }

  /// Adds what a comparison measured: the whole, and the worst tensors with their margins.
  mutating func comparison(_ figures: ComparisonFigures) {
    line((say("与原模型比较", "Against the original"), .strong), ("  \(figures.original)", .faint))
    let total = figures.total
    line(
      indent: 2,
      (
        say(
          "\(figures.tensors.count) 个张量 · 相对误差 \(Figures.scientific(total.relativeError)) · 信噪比 \(Figures.decimals(total.sqnr, 2)) dB · 余弦 \(Figures.decimals(total.cosine, 6))",
          "\(figures.tensors.count) tensors · relative error \(Figures.scientific(total.relativeError)) · SQNR \(Figures.decimals(total.sqnr, 2)) dB · cosine \(Figures.decimals(total.cosine, 6))"
        ), .plain
      ))
    if let bits = figures.bitsPerWeight {
      let ratio = figures.ratio.map { Figures.decimals($0, 2) } ?? "–"
      line(
        indent: 2,
        (
          say(
            "每权重 \(Figures.decimals(bits, 3)) 位 · 压缩 \(ratio) 倍",
            "\(Figures.decimals(bits, 3)) bits a weight · ratio \(ratio)"), .plain
        ))
    }
    let worst = figures.worst.prefix(Self.worstListed)
    if worst.contains(where: { $0.measures?.greatestError != 0 }) {
      line(indent: 2, (say("误差最大的张量：", "the worst tensors:"), .faint))
      for tensor in worst {
        guard let measures = tensor.measures, measures.greatestError != 0 else { continue }
        let margin = tensor.margin.map { say("  余量 ", "  margin ") + Figures.scientific($0) } ?? ""
        line(
          indent: 4, (Figures.scientific(measures.relativeError), .strong),
          ("  \(Figures.decimals(measures.sqnr, 1)) dB  \(tensor.name)\(margin)", .plain))
      }
    } else if figures.unpaired.isEmpty {
      line(indent: 2, (say("与原模型无任何差别", "no difference from the original"), .good))
    }
    names(say("未能配对（原模型）：", "not paired (original):"), figures.unpaired)
    names(say("原模型没有的：", "not in the original:"), figures.added)
    skip()
  }

  private mutating func names(_ title: String, _ names: [String]) {
    guard !names.isEmpty else { return }
    let listed = names.prefix(5).joined(separator: ", ")
    let rest = names.count > 5 ? say(" 等 \(names.count) 个", " and \(names.count - 5) more") : ""
    paragraph(title + listed + rest, indent: 2, .faint)
  }
}
