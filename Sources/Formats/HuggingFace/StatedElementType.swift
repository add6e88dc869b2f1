import Numerics
import Representation
import Storage

/// The element type that a configuration states for the weights (`dtype`, in older versions `torch_dtype`).
struct StatedElementType {
  private let type: ElementType

  /// Nil for a name that states no type, such as `auto`.
  init?(_ name: String) {
    let short = name.hasPrefix("torch.") ? String(name.dropFirst("torch.".count)) : name
    switch short {
    case "float64", "double": type = .f64
    case "float32", "float": type = .f32
    case "float16", "half": type = .f16
    case "bfloat16": type = .bf16
    default: return nil
    }
  }

  /// The element type that most floating-point bytes are stored in, where none are stored in the stated one.
  func contradiction(in variables: [Variable]) -> ElementType? {
    var bytes: [ElementType: UInt64] = [:]
    for variable in variables {
      guard let stored = variable.tensor.type.elementType else { continue }
      switch stored {
      case .f64, .f32, .f16, .bf16, .f8e4m3fn, .f8e4m3fnuz, .f8e5m2, .f8e5m2fnuz:
        if stored == type { return nil }
        bytes[stored, default: 0] &+= variable.tensor.type.byteCount ?? 0
      default: continue
      }
    }
    return ElementType.allCases.filter { bytes[$0] != nil }.max {
      bytes[$0, default: 0] < bytes[$1, default: 0]
    }
  }
}
