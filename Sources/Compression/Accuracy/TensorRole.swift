/// Where a tensor stands in a model, as far as its name says so.
public struct TensorRole: Sendable, Hashable {
  /// The number of its layer; nil outside of layers.
  public let layer: Int?
  /// What it is within its layer, such as `self_attn.q_proj.weight`; the whole name outside of layers.
  public let kind: String

  /// The role of a name: the first component of digits alone is the layer, and what follows is the kind.
  ///
  /// `model.layers.3.self_attn.q_proj.weight` is `self_attn.q_proj.weight` of layer 3; numbers that follow, such as those of
  /// experts, stand as `*` in the kind.
  public init(_ name: String) {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    func number(_ part: Substring) -> Int? {
      part.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(part) : nil
    }
    guard let place = parts.indices.dropLast().first(where: { $0 > 0 && number(parts[$0]) != nil }) else {
      layer = nil
      kind = name
      return
    }
    layer = number(parts[place])
    kind = parts[(place + 1)...].map { number($0) == nil ? String($0) : "*" }.joined(separator: ".")
  }
}
