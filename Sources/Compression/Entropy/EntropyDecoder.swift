import CKernels
public import Representation
public import Storage

extension EntropyStage {
  /// Decodes a stream.
  ///
  /// - Parameters:
  ///   - stream: what the encoder left.
  ///   - input: the type of the result.
  ///   - cores: how many threads work at once; nil for as many as the machine has cores. The result is the same.
  /// - Throws: a fault of the first run that is wrong, at its number (`.runs[3]`) or at its element (`[786500]`).
  public func decode(_ stream: [UInt8], as input: ElementsType, cores: Int? = nil) throws(Fault) -> Elements {
    let form = try form(of: input)
    let table = try EntropyTable(of: stream, runs: form.split.count)
    let (size, overflow) = input.count.multipliedReportingOverflow(by: form.width)
    guard !overflow else { throw .stage(.compressionExpansionWithinLimit, expected: input.notation) }
    var outcomes: [ck_entropy_outcome] = []
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { out, filled in
      outcomes = Self.decode(stream, form, table, into: out, cores: cores)
      filled = outcomes.last?.status == CK_ENTROPY_DONE ? size : 0
    }
    // Nothing comes after a run that is wrong.
    if let last = outcomes.last, last.status != CK_ENTROPY_DONE {
      throw Self.fault(last, outcomes.count - 1, table, form)
    }
    guard let elements = Elements(input, form.bits < 8 ? BytePerCode.packed(bytes, as: input) : bytes) else {
      throw .stage(.compressionPayloadType, expected: input.notation)
    }
    return elements
  }

  /// Decodes all runs, up to the first one that is wrong, to elements of whole bytes.
  private static func decode(
    _ stream: [UInt8], _ form: EntropyForm, _ table: EntropyTable,
    into out: UnsafeMutableBufferPointer<UInt8>,
    cores: Int?
  ) -> [ck_entropy_outcome] {
    stream.withUnsafeBufferPointer { stream in
      // Each run writes to elements of its own.
      nonisolated(unsafe) let out = UnsafeMutableRawBufferPointer(out), stream = stream
      return form.split.results(cores: cores) {
        ColumnMeans(count: form.columnsOfRun)
      } _: { run, means in
        let outcome = decode(stream, form, table, run, into: out, means)
        return (outcome, outcome.status != CK_ENTROPY_DONE)
      }
    }
  }

  /// Decodes one run to its place.
  private static func decode(
    _ stream: UnsafeBufferPointer<UInt8>, _ form: EntropyForm, _ table: EntropyTable, _ run: Int,
    into out: UnsafeMutableRawBufferPointer, _ means: ColumnMeans
  ) -> ck_entropy_outcome {
    let coded = stream[table.coded(run)], plain = stream[table.plain(run)], range = form.split.range(run)
    // A rebased slice checks that it lies inside.
    let to = UnsafeMutableRawBufferPointer(
      rebasing: out[range.lowerBound * form.width..<range.upperBound * form.width])
    var parts = ck_entropy_parts(
      coded: UnsafeBufferPointer(rebasing: coded).baseAddress, coded_size: coded.count,
      plain: UnsafeBufferPointer(rebasing: plain).baseAddress, plain_size: plain.count)
    if let levels = form.levels {
      return form.withLevels(count: range.count, levels) {
        ck_entropy_decode_levels(&parts, &$0, means.numbers, to.baseAddress)
      }
    }
    return ck_entropy_decode_symbols(
      &parts, UInt32(form.bits), range.count, to.bindMemory(to: UInt8.self).baseAddress)
  }

  private static func fault(
    _ outcome: ck_entropy_outcome, _ run: Int, _ table: EntropyTable, _ form: EntropyForm
  ) -> Fault {
    let element = "[\(form.split.range(run).lowerBound + outcome.element)]", whole = ".runs[\(run)]"
    let bits = "8 · \(table.plain(run).count)"
    return switch outcome.status {
    case CK_ENTROPY_PLAIN_BITS_ENOUGH:
      .stage(.entropyPlainBitsEnough, element, expected: "> \(bits) bits", actual: bits)
    case CK_ENTROPY_ESCAPE_WITHIN_LIMIT:
      .stage(.entropyEscapeWithinLimit, element, expected: "≤ 31", actual: "> 31")
    case CK_ENTROPY_LEVEL_RANGE:
      .stage(
        .entropyLevelRange, element, expected: "≤ \(UInt64.max >> UInt64(65 - form.bits))",
        actual: "│\(outcome.found)│")
    case CK_ENTROPY_RUN_MARK:
      .stage(.entropyRunMark, whole, expected: "a55a", actual: hexadecimal(outcome.found))
    case CK_ENTROPY_RUN_ENDING:
      .stage(.entropyRunEnding, whole, expected: "the ending of the encoder", actual: "\(outcome.found) B")
    case CK_ENTROPY_PLAIN_BITS_ALL:
      .stage(
        .entropyPlainBitsAll, whole, expected: "\(outcome.found) bits, then zeros up to the byte",
        actual: "\(bits) bits")
    default:
      .stage(.entropyEntryTable, whole)
    }
  }

  private static func hexadecimal(_ mark: UInt64) -> String {
    let digits = String(mark, radix: 16)
    return String(repeating: "0", count: max(4 - digits.count, 0)) + digits
  }
}
