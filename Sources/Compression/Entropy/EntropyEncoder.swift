import CKernels
import Numerics
public import Representation
public import Storage

extension EntropyStage {
  /// Encodes elements: the one stream that there is for them and these settings.
  ///
  /// - Parameters:
  ///   - x: the elements.
  ///   - mode: levels, or symbols.
  ///   - run: how many elements are decoded alone, 64 … 2^24.
  ///   - states: the states of the trellis of the stage before.
  ///   - cores: how many threads work at once; nil for as many as the machine has cores. The result is the same.
  public static func encode(
    _ x: Elements, mode: Mode, run: Int = usualRun, states: Int = 0, cores: Int? = nil
  ) throws(Fault) -> Encoded<EntropyStage> {
    let stage = EntropyStage(mode: mode, run: UInt64(clamping: run), states: UInt64(clamping: states))
    let form = try stage.form(of: x.type)
    let bytes = form.bits < 8 ? BytePerCode.unpacked(x) : x.bytes
    let runs = bytes.withUnsafeBytes { bytes in
      nonisolated(unsafe) let bytes = bytes
      return form.split.results(cores: cores) {
        ColumnMeans(count: form.columnsOfRun)
      } _: { run, means in
        let range = form.split.range(run)
        let own = bytes[range.lowerBound * form.width..<range.upperBound * form.width]
        return (EncodedRun(UnsafeRawBufferPointer(rebasing: own), count: range.count, form, means), false)
      }
    }
    let stream = EncodedRun.stream(runs)
    guard let type = ElementsType(.u8, [stream.count]), let output = Elements(type, stream) else {
      throw .stage(.compressionPayloadType)
    }
    return Encoded(stage, output)
  }
}

/// The two parts of a run, as an encoder wrote them.
struct EncodedRun: Sendable {
  let coded: [UInt8]
  let plain: [UInt8]

  /// The table and all runs.
  static func stream(_ runs: [EncodedRun]) -> [UInt8] {
    var stream: [UInt8] = []
    stream.reserveCapacity(runs.reduce(0) { $0 + EntropyTable.entrySize + $1.coded.count + $1.plain.count })
    for run in runs {
      // A run has at most 2^24 elements of a few dozen bits, so that its sizes fit.
      for size in [run.coded.count, run.plain.count] {
        for byte in 0..<4 { stream.append(UInt8(truncatingIfNeeded: size >> (8 * byte))) }
      }
    }
    for run in runs {
      stream += run.coded
      stream += run.plain
    }
    return stream
  }

  /// Encodes `count` elements.
  init(_ elements: UnsafeRawBufferPointer, count: Int, _ form: EntropyForm, _ means: ColumnMeans) {
    // Enough for weights; more where it was not.
    var capacity = count * form.width + 1024
    while true {
      var sizes: (coded: Int, plain: Int)?
      var plain: [UInt8] = []
      let coded = [UInt8](unsafeUninitializedCapacity: capacity) { coded, filled in
        plain = [UInt8](unsafeUninitializedCapacity: capacity) { plain, filled in
          sizes = Self.encode(elements, count: count, form, means, coded, plain)
          filled = sizes?.plain ?? 0
        }
        filled = sizes?.coded ?? 0
      }
      if sizes != nil {
        self.coded = coded
        self.plain = plain
        return
      }
      capacity *= 2
    }
  }

  private static func encode(
    _ elements: UnsafeRawBufferPointer, count: Int, _ form: EntropyForm, _ means: ColumnMeans,
    _ coded: UnsafeMutableBufferPointer<UInt8>, _ plain: UnsafeMutableBufferPointer<UInt8>
  ) -> (coded: Int, plain: Int)? {
    var room = ck_entropy_room(
      coded: coded.baseAddress, coded_capacity: coded.count, plain: plain.baseAddress,
      plain_capacity: plain.count,
      coded_size: 0, plain_size: 0)
    let fits =
      if let levels = form.levels {
        form.withLevels(count: count, levels) {
          ck_entropy_encode_levels(elements.baseAddress, &$0, means.numbers, &room)
        }
      } else {
        ck_entropy_encode_symbols(
          elements.bindMemory(to: UInt8.self).baseAddress, UInt32(form.bits), count, &room)
      }
    return fits != 0 ? (room.coded_size, room.plain_size) : nil
  }
}
