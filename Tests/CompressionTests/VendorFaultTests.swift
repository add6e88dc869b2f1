import Compression
import Numerics
import Storage
import Testing

/// What is refused of weights that vendors' tools store: damage to what the tools themselves wrote.
@Suite struct VendorFaultTests {
  /// A kept case by its name.
  private func kept(_ name: String) throws -> VendorCase {
    let file = try #require(VendorCase.all.first { $0.hasSuffix("/\(name).json") })
    return try VendorCase(file)
  }

  /// The code and path of the fault that a changed case ends with; nil where it decodes.
  private func fault(_ name: String, _ change: (inout [String: Elements]) throws -> Void) throws -> [String?]
  {
    var vendorCase = try kept(name)
    try vendorCase.change(change)
    do {
      let weight = try vendorCase.weight()
      _ = try weight.decode(vendorCase.tensors)
      return []
    } catch let fault as Fault {
      return [fault.code, fault.occurrence.place.path]
    }
  }

  @Test(arguments: [
    ("gptq-4", "scales"), ("gptq-4", "qzeros"), ("awq", "qzeros"), ("bnb-nf4-nested", "nested_absmax"),
    ("bnb-int8", "SCB"), ("ct-int4-group", "weight_shape"), ("ct-int4-group-zero", "weight_zero_point"),
    ("ct-nvfp4", "weight_global_scale"), ("fp8-block", "weight_scale_inv"), ("onnx-linear-i16", "x_scale"),
    ("onnx-matmul-4-zero", "scales"),
  ]) func missesNoPart(_ name: String, _ part: String) throws {
    #expect(try fault(name) { $0[part] = nil } == ["quantized-tensors-present", part])
  }

  @Test(arguments: [
    ("gptq-4", "scales"), ("gptq-4", "qzeros"), ("awq", "scales"), ("bnb-nf4-nested", "absmax"),
    ("bnb-fp4", "quant_map"), ("bnb-int8", "SCB"), ("ct-int4-group", "weight_scale"),
    ("ct-int4-group-zero", "weight_zero_point"), ("ct-fp8-block", "weight_scale"),
    ("fp8-block", "weight_scale_inv"), ("onnx-linear-u4-block0", "x_scale"),
    ("onnx-matmul-4-zero", "zero_points"),
  ]) func refusesOtherDims(_ name: String, _ part: String) throws {
    let found = try fault(name) { parts in
      // One more along the first dim, of zeros.
      let old = try #require(parts[part])
      var dims = old.type.dims
      dims[0] += 1
      let type = try #require(ElementsType(old.type.element, dims))
      parts[part] = Elements(type, old.bytes + [UInt8](repeating: 0, count: type.byteCount - old.bytes.count))
    }
    #expect(found == ["quantized-dims-agree", part])
  }

  @Test func refusesOtherTypes() throws {
    let found = try fault("gptq-4") { parts in
      let old = try #require(parts["qweight"])
      parts["qweight"] = Elements(try type(.f32, old.type.dims), old.bytes)
    }
    #expect(found == ["quantized-tensor-types", "qweight"])
  }

  private func type(_ element: ElementType, _ dims: [Int]) throws -> ElementsType {
    try #require(ElementsType(element, dims))
  }

  @Test(arguments: [("gptq-4", "g_idx"), ("ct-old-int4-order", "weight_g_idx")])
  func refusesGroupsThatAreNot(_ name: String, _ part: String) throws {
    // The first place names group 127.
    #expect(try fault(name) { try set(&$0, part, 0, 127) } == ["quantized-group-index-range", part])
  }

  private func set(_ parts: inout [String: Elements], _ part: String, _ index: Int, _ byte: UInt8) throws {
    let old = try #require(parts[part])
    var bytes = old.bytes
    bytes[index] = byte
    parts[part] = Elements(old.type, bytes)
  }

  @Test func masksCountWhatIsStored() throws {
    #expect(
      try fault("ct-old-sparse-24") { try set(&$0, "bitmask", 0, 0b0111_0011) }
        == ["quantized-mask-two-of-four", "bitmask"])
    let all = try fault("ct-old-sparse-bitmask") { try set(&$0, "bitmask", 0, 0xFF) }
    #expect(all == ["quantized-mask-counts", "bitmask"])
    let none = try fault("ct-old-sparse-bitmask") { parts in
      let old = try #require(parts["bitmask"])
      parts["bitmask"] = Elements(old.type, [UInt8](repeating: 0, count: old.bytes.count))
    }
    #expect(none == ["quantized-mask-counts", "bitmask"])
  }

  @Test func readsStates() throws {
    func state(_ text: String) throws -> [String?] {
      try fault("bnb-nf4-nested") { parts in
        parts["quant_state"] = Elements(try type(.u8, [text.utf8.count]), Array(text.utf8))
      }
    }
    let unreadable: [String?] = ["quantized-state-readable", "quant_state"]
    #expect(try state("{") == unreadable)
    #expect(try state(#"{"quant_type":"nf4","blocksize":0,"shape":[12,64]}"#) == unreadable)
    #expect(try state(#"{"quant_type":"nf4","blocksize":64,"shape":[-1]}"#) == unreadable)
    #expect(try state(#"{"quant_type":"nf4","blocksize":64}"#) == unreadable)
    #expect(
      try state(#"{"quant_type":"nf4","blocksize":64,"nested_blocksize":256,"shape":[12,64]}"#) == unreadable)
    #expect(
      try state(#"{"quant_type":"int3","blocksize":64,"shape":[12,64]}"#)
        == ["quantized-form-supported", "quant_state"])
    // More than any memory.
    let huge = #"{"quant_type":"nf4","blocksize":64,"shape":[4611686018427387904,4611686018427387904]}"#
    #expect(try state(huge) == ["quantized-dims-agree", "quant_state"])
    #expect(
      try state(#"{"quant_type":"nf4","blocksize":64,"shape":[1099511627776]}"#)
        == ["quantized-dims-agree", "weight"])
  }

  @Test func scalesAndResultsAreFinite() throws {
    let notFinite: [UInt8] = [0, 0x7C]
    for (name, part) in [("gptq-4", "scales"), ("awq", "scales")] {
      let found = try fault(name) { parts in
        try set(&parts, part, 0, notFinite[0])
        try set(&parts, part, 1, notFinite[1])
      }
      #expect(found == ["quantizer-scale-finite", part])
    }
    // The code of NaN of f8e4m3fn.
    #expect(
      try fault("fp8-block") { try set(&$0, "weight", 5, 0x7F) } == ["quantizer-decoded-finite", "weight"])
    // A global scale of zero.
    let zero = try fault("ct-nvfp4") { parts in
      parts["weight_global_scale"] = Elements(try type(.f32, [1]), [0, 0, 0, 0])
    }
    #expect(zero == ["quantizer-scale-finite", "weight_global_scale"])
  }

  @Test func zeroPointsOfTheFirstFormatBorrowAcrossCodes() throws {
    // All zero points 0, less one in words: the first code of a word is 15, the others 14 with what was borrowed.
    let words: [UInt8] = [0xEF, 0xEE, 0xEE, 0xEE]
    let scales: [UInt8] = (0..<8).flatMap { _ in [0, 0x3C] as [UInt8] }
    let tensors = VendorTensors([
      "qweight": try #require(Elements(try type(.i32, [1, 8]), [UInt8](repeating: 0x21, count: 32))),
      "qzeros": try #require(Elements(try type(.i32, [1, 1]), words)),
      "scales": try #require(Elements(try type(.f16, [1, 8]), scales)),
    ])
    let weight = try GPTQWeight(tensors, bits: 4, groupSize: nil, format: .first)
    let decoded = try weight.decode(tensors)
    // Codes 1, 2, 1, 2 … of each column, and no zero point.
    let expected: [UInt8] = (0..<32).flatMap { _ in [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40] as [UInt8] }
    #expect(decoded.bytes == expected)
    #expect(weight.stages.map(\.notation) == ["uniform u4 [1, 0] scale f16 zero-point"])
    // As stored, the zero points are 15 and 14.
    let second = try GPTQWeight(tensors, bits: 4, groupSize: nil, format: .second).decode(tensors)
    #expect(Array(second.bytes.prefix(4)) == [0, 0, 0x60, 0xC1])
  }

  @Test func emptyWeightsDecode() throws {
    let tensors = VendorTensors([
      "qweight": try #require(Elements(try type(.i32, [0, 8]), [])),
      "qzeros": try #require(Elements(try type(.i32, [0, 1]), [])),
      "scales": try #require(Elements(try type(.f16, [0, 8]), [])),
    ])
    let weight = try GPTQWeight(tensors, bits: 4, groupSize: 128, format: .first)
    #expect(try weight.decode(tensors).type.dims == [8, 0])
  }
}
