import Numerics
import Representation
import Storage

extension SafetensorsHeader.Tensor {
  /// The tensor as a variable of the model that the file with that index belongs to.
  func variable(file: Int) -> Variable {
    Variable(
      name, kind: BufferNames.kind(of: name, type: type.elementType),
      tensor: Tensor(
        type,
        .stored(ByteRange(file: file, offset: range.lowerBound, length: range.upperBound - range.lowerBound)))
    )
  }
}

/// Tells buffers from parameters by type and name, since safetensors does not say which is which.
enum BufferNames {
  /// Last components of names that frameworks give to state that is not learned.
  private static let names: Set<String> = [
    "position_ids", "token_type_ids", "inv_freq", "running_mean", "running_var", "num_batches_tracked",
    "masked_bias", "attn_mask", "causal_mask", "relative_position_index", "cos_cached", "sin_cached",
  ]

  /// Whether a variable of that name and element type is a parameter or a buffer.
  static func kind(of name: String, type: ElementType?) -> Variable.Kind {
    switch type {
    case .bool, .string, .i64, .i32, .i16, .i8, .i4, .i2, .u64, .u32, .u16, .u8, .u4, .u2: return .buffer
    default: break
    }
    // Nearly all names end in one of these two; a look at their ends spares a hash of each.
    if name.hasSuffix("weight") || name.hasSuffix("bias"),
      !name.hasSuffix("masked_bias")
    {
      return .parameter
    }
    let start = name.utf8.lastIndex(of: UInt8(ascii: ".")).map { name.utf8.index(after: $0) }
    return names.contains(String(name[(start ?? name.startIndex)...])) ? .buffer : .parameter
  }
}
