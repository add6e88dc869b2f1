import Compression
import Numerics

/// The methods that a recipe may name, each with the settings that it takes.
enum RecipeMethods {
  typealias Method = CompressionRecipe.Method

  static let readers: [String: @Sendable (RecipeSettings) -> Method?] = [
    "uniform-quantization": uniform,
    "codebook-quantization": codebook,
    "float-quantization": float,
    "ternary-quantization": { settings in
      guard settings.take([], RecipeSettings.sharingFields) else { return nil }
      return settings.sharing(default: .channel).map(Method.ternaryQuantization)
    },
    "binary-quantization": { settings in
      guard settings.take([], RecipeSettings.sharingFields) else { return nil }
      return settings.sharing(default: .channel).map(Method.binaryQuantization)
    },
    "unstructured-pruning": { settings in
      guard settings.take(["sparsity"], ["stored"]), let sparsity = settings.share("sparsity"),
        let stored = settings.choice("stored", default: CompressionRecipe.SparseForm.bitmap)
      else { return nil }
      return .unstructuredPruning(sparsity: sparsity, stored: stored)
    },
    "n-m-sparsity": { settings in
      guard settings.take(["n", "m"], ["stored"]), let m = settings.integer("m", in: 2...256),
        let n = settings.integer("n", in: 1...(m - 1)),
        let stored = settings.choice("stored", default: CompressionRecipe.SparseForm.nOfM)
      else { return nil }
      return .nOfMSparsity(n: n, m: m, stored: stored)
    },
    "block-sparsity": { settings in
      guard settings.take(["block", "sparsity"], ["stored"]), let block = settings.sizes("block"),
        let sparsity = settings.share("sparsity"),
        let stored = settings.choice("stored", default: CompressionRecipe.SparseForm.block)
      else { return nil }
      return .blockSparsity(block: block, sparsity: sparsity, stored: stored)
    },
    "low-rank": { settings in
      guard settings.take(["rank"]) else { return nil }
      return settings.integer("rank", in: 1...65_536).map { .lowRank(rank: $0) }
    },
    "block-circulant": { settings in
      guard settings.take(["block"]) else { return nil }
      return settings.integer("block", in: 2...65_536).map { .blockCirculant(block: $0) }
    },
    "entropy-coding": { settings in
      guard settings.take([], ["run"]) else { return nil }
      return settings.integer("run", in: 64...(1 << 24), default: 262_144).map { .entropyCoding(run: $0) }
    },
    "general-coding": { settings in
      guard settings.take([], ["level"]) else { return nil }
      return settings.integer("level", in: 1...22, default: 19).map { .generalCoding(level: $0) }
    },
    "delta": { settings in
      guard settings.take([], ["of"]), let of = settings.choice("of", default: DeltaOf.codes) else {
        return nil
      }
      return .delta(ofCodes: of == .codes)
    },
    "sparse-delta": { settings in
      guard settings.take(["sparsity"]) else { return nil }
      return settings.share("sparsity").map { .sparseDelta(sparsity: $0) }
    },
    "multi-model-sharing": { settings in settings.take([]) ? .multiModelSharing : nil },
  ]

  private enum DeltaOf: String, CaseIterable { case codes, values }

  private static func uniform(_ settings: RecipeSettings) -> Method? {
    let own = ["bits", "origin", "scale-type", "rounding", "states", "restart", "rate-weight", "step"]
    var result = CompressionRecipe.Uniform()
    guard settings.take([], own + ["relative-error"] + RecipeSettings.sharingFields),
      let bits = settings.integer("bits", in: 1...16, default: 8),
      let origin = settings.choice("origin", default: result.origin),
      let scaleType = settings.elementType(
        "scale-type", of: [.f32, .f16, .bf16, .f8e8m0, .f8e4m3fn], default: .f32),
      let rounding = settings.choice("rounding", default: result.rounding),
      let sharing = settings.sharing(default: .channel),
      let states = settings.integer("states", in: 4...32, default: 8),
      let restart = settings.integer("restart", in: 64...(1 << 24), default: 262_144)
    else { return nil }
    (result.bits, result.origin, result.scaleType, result.rounding) = (bits, origin, scaleType, rounding)
    (result.sharing, result.states, result.restart) = (sharing, states, restart)
    result.rateWeight = settings.number("rate-weight", above: nil) ?? 0
    result.step = settings.number("step", above: 0)
    result.relativeError = settings.number("relative-error", above: 0)
    if ![4, 8, 16, 32].contains(states) {
      settings.complain("states", zh: "应为 4、8、16 或 32", en: "must be 4, 8, 16 or 32")
    }
    if origin == .symmetric, bits < 2 {
      settings.complain(
        "bits", zh: "对称量化至少 2 位；1 位用 binary-quantization",
        en: "symmetric needs 2 bits; for 1 take binary-quantization")
    }
    if rounding != .nearest, origin != .symmetric {
      settings.complain("origin", zh: "搜索量化级时只能对称", en: "levels that are searched are symmetric")
    }
    if result.step != nil, result.relativeError != nil {
      settings.complain(
        "step", zh: "step 与 relative-error 只能取其一", en: "step and relative-error exclude each other")
    }
    if result.step != nil || result.relativeError != nil {
      if origin != .symmetric {
        settings.complain("origin", zh: "统一步长只能对称", en: "one step for all is symmetric")
      }
      result.sharing = .tensor
    }
    if rounding != .nearest, result.sharing != .tensor {
      settings.complain(
        "rounding", zh: "\(rounding.rawValue) 需要 per: tensor、step 或 relative-error",
        en: "\(rounding.rawValue) takes per: tensor, step or relative-error")
    }
    return .uniformQuantization(result)
  }

  private static func codebook(_ settings: RecipeSettings) -> Method? {
    guard settings.take([], ["entries", "values", "scaled"] + RecipeSettings.sharingFields),
      let scaled = settings.truth("scaled", default: false), let sharing = settings.sharing(default: .channel)
    else { return nil }
    let values = settings.numbers("values")
    guard let entries = settings.integer("entries", in: 1...65_536, default: values?.count ?? 16) else {
      return nil
    }
    if let values, values.count != entries {
      settings.complain("entries", zh: "与 values 的个数不符", en: "is not the number of values")
    }
    return .codebookQuantization(
      CompressionRecipe.Codebook(
        entries: entries, scaled: scaled ? sharing : nil, values: values?.map { Float($0) }))
  }

  private static func float(_ settings: RecipeSettings) -> Method? {
    let small: [ElementType] = [
      .f16, .bf16, .f8e4m3fn, .f8e4m3fnuz, .f8e5m2, .f8e5m2fnuz, .f6e2m3, .f6e3m2, .f4e2m1,
    ]
    let optional = ["scaled", "scale-type", "scale-rule"] + RecipeSettings.sharingFields
    guard settings.take(["element-type"], optional),
      let type = settings.elementType("element-type", of: small, default: nil),
      let scaled = settings.truth("scaled", default: true), let sharing = settings.sharing(default: .channel),
      let rule = settings.choice("scale-rule", default: ScaleRule.greatest)
    else { return nil }
    if rule == .mx {
      return .floatQuantization(
        CompressionRecipe.ScaledFloat(elementType: type, scaled: .group(32), scaleType: .f8e8m0))
    }
    guard
      let scaleType = settings.elementType(
        "scale-type", of: [.f32, .f16, .bf16, .f8e8m0, .f8e4m3fn], default: .f32)
    else { return nil }
    return .floatQuantization(
      CompressionRecipe.ScaledFloat(
        elementType: type, scaled: scaled ? sharing : nil, scaleType: scaleType))
  }

  private enum ScaleRule: String, CaseIterable { case greatest, mx }
}
