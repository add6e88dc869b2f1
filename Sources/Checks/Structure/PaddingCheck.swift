import Numerics
import Profile
import Representation
import Storage

/// The bits after the last element of a tensor with elements of less than a byte are zero.
struct PaddingBitsZero: Check {
  let key = "padding-bits-zero"

  func judge(_ sample: Sample, by requirement: Requirement, _ findings: inout Findings) throws {
    let tensors = sample.structure.tensors
    var files = OpenFile(sample)
    for index in tensors.indices {
      guard let type = tensors[index].elementType, case .elements(let count) = tensors[index].extent else {
        continue
      }
      let padding = type.paddingBits(elements: count)
      guard padding > 0, let byte = try lastByte(of: index, in: sample, &files) else { continue }
      if byte >> (8 - padding) != 0 {
        findings.add(
          at: sample.place(ofTensor: index), expected: "\(padding) bit = 0",
          actual: "0b" + String(byte >> (8 - padding), radix: 2))
      }
    }
  }

  /// The last byte; nil where the bytes cannot be had, or are not as many as the type says: findings of their own.
  private func lastByte(of index: Int, in sample: Sample, _ files: inout OpenFile) throws(Fault)
    -> UInt8?
  {
    let facts = sample.structure.tensors[index]
    switch facts.place {
    case .stored(let range):
      guard sample.structure.bounds(ofFile: range.file) != nil, facts.byteCount == range.length,
        let end = range.end, end > 0,
        let source = try files.source(sample.fileName(range.file)), end <= source.size
      else { return nil }
      return try source.bytes(at: end - 1, count: 1).first
    case .inline(let length):
      guard facts.byteCount == length, case .inline(let bytes)? = sample.structure.tensor(index)?.content
      else {
        return nil
      }
      return bytes.last
    default:
      return nil
    }
  }
}
