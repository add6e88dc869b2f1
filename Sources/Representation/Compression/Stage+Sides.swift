extension Stage {
  /// Changes each side tensor of the descriptor; `change` is given its path from the stage, such as `.scale` or `.factors[1]`.
  public mutating func changeSides<Failure: Error>(
    _ change: (inout Tensor, String) throws(Failure) -> Void
  ) throws(Failure) {
    func side(_ tensor: inout Tensor?, _ path: String) throws(Failure) {
      guard var changed = tensor else { return }
      try change(&changed, path)
      tensor = changed
    }
    switch self {
    case .sparse(var stage):
      try side(&stage.pattern, ".pattern")
      try side(&stage.columns, ".columns")
      self = .sparse(stage)
    case .outliers(var stage):
      try side(&stage.positions, ".positions")
      try side(&stage.values, ".values")
      self = .outliers(stage)
    case .lowRank(var stage):
      try side(&stage.left, ".left")
      try side(&stage.right, ".right")
      self = .lowRank(stage)
    case .uniform(var stage):
      try side(&stage.scale, ".scale")
      try side(&stage.zeroPoint, ".zeroPoint")
      try side(&stage.offset, ".offset")
      try side(&stage.groupIndex, ".groupIndex")
      self = .uniform(stage)
    case .codebook(var stage):
      try side(&stage.codebook, ".codebook")
      try side(&stage.scale, ".scale")
      try side(&stage.offset, ".offset")
      self = .codebook(stage)
    case .scaledFloat(var stage):
      try side(&stage.scale, ".scale")
      self = .scaledFloat(stage)
    case .sign(var stage):
      try side(&stage.scale, ".scale")
      try side(&stage.offset, ".offset")
      self = .sign(stage)
    case .adapter(var stage):
      for index in stage.factors.indices { try change(&stage.factors[index], ".factors[\(index)]") }
      try side(&stage.magnitude, ".magnitude")
      self = .adapter(stage)
    case .permute, .parts, .codes, .planes, .pack, .trits, .reshape, .circulant, .reference, .entropy, .zstd,
      .delta, .unknown:
      break
    }
  }

  /// Calls `body` with each side tensor of the descriptor and its path from the stage.
  public func forEachSide<Failure: Error>(_ body: (Tensor, String) throws(Failure) -> Void) throws(Failure) {
    var copy = self
    try copy.changeSides { tensor, path throws(Failure) in try body(tensor, path) }
  }
}

extension CompressedContent {
  /// Changes the side tensors and the payload; those of chains inside of them before they themselves. `change` is given the path from the
  /// tensor that has this content, such as `.stages[1].scale` or `.payload`.
  public mutating func changeTensors<Failure: Error>(
    _ change: (inout Tensor, String) throws(Failure) -> Void
  ) throws(Failure) {
    for index in stages.indices {
      try stages[index].changeSides { tensor, path throws(Failure) in
        try Self.changeInside(&tensor, ".stages[\(index)]\(path)", change)
      }
    }
    if var changed = payload {
      try Self.changeInside(&changed, ".payload", change)
      payload = changed
    }
  }

  private static func changeInside<Failure: Error>(
    _ tensor: inout Tensor, _ path: String, _ change: (inout Tensor, String) throws(Failure) -> Void
  ) throws(Failure) {
    // Readers bound how deep chains may be nested.
    if case .compressed(var inner) = tensor.content {
      try inner.changeTensors { tensor, rest throws(Failure) in try change(&tensor, path + rest) }
      tensor.content = .compressed(inner)
    }
    try change(&tensor, path)
  }

  /// Calls `body` with the side tensors and the payload, in the order of `changeTensors`.
  public func forEachTensor<Failure: Error>(_ body: (Tensor, String) throws(Failure) -> Void) throws(Failure)
  {
    var copy = self
    try copy.changeTensors { tensor, path throws(Failure) in try body(tensor, path) }
  }
}
