import Storage

/// Codes of one to eight bits out of words of 32 bits, little-endian, lowest bits first.
enum PackedCodes {
  /// How codes share words.
  enum Layout {
    /// One after the other; a code may lie in two words.
    case dense
    /// ⌊32/bits⌋ in each word, the highest bits of which may be unused.
    case aligned
  }

  /// The words that codes of a row take.
  static func words(_ columns: Int, bits: Int, _ layout: Layout) -> Int? {
    switch layout {
    case .aligned: return ceiling(columns, 32 / bits)
    case .dense:
      let (total, overflow) = columns.multipliedReportingOverflow(by: bits)
      return overflow ? nil : ceiling(total, 32)
    }
  }

  /// Codes of words that run along rows: [rows, words] gives [rows, columns].
  ///
  /// - Parameter rowBytes: the bytes from one row to the next; the codes of a row lie in them.
  static func rows(
    _ bytes: [UInt8], rows: Int, rowBytes: Int, columns: Int, bits: Int, _ layout: Layout = .dense
  ) -> [UInt8] {
    let perWord = 32 / bits
    let mask = UInt8(truncatingIfNeeded: (1 << bits) - 1)
    return [UInt8](unsafeUninitializedCapacity: rows * columns) { buffer, initialized in
      initialized = rows * columns
      bytes.withUnsafeBufferPointer { from in
        for row in 0..<rows {
          let first = row &* rowBytes
          let to = row &* columns
          switch (bits, layout) {
          case (8, _):
            for column in 0..<columns { buffer[to &+ column] = from[first &+ column] }
          case (4, _):
            for column in 0..<columns {
              buffer[to &+ column] =
                from[first &+ column >> 1] >> UInt8(truncatingIfNeeded: (column & 1) << 2) & 15
            }
          case (_, .dense):
            for column in 0..<columns {
              let bit = column &* bits
              let byte = first &+ bit >> 3
              let low = UInt16(from[byte])
              // The next byte is asked for only where the code reaches into it.
              let high = bit & 7 &+ bits > 8 ? UInt16(from[byte &+ 1]) << 8 : 0
              buffer[to &+ column] = UInt8(truncatingIfNeeded: (low | high) >> UInt16(bit & 7)) & mask
            }
          case (_, .aligned):
            for column in 0..<columns {
              let (word, place) = column.quotientAndRemainder(dividingBy: perWord)
              let bit = place &* bits
              let byte = first &+ word &* 4 &+ bit >> 3
              let low = UInt16(from[byte])
              let high = bit & 7 &+ bits > 8 ? UInt16(from[byte &+ 1]) << 8 : 0
              buffer[to &+ column] = UInt8(truncatingIfNeeded: (low | high) >> UInt16(bit & 7)) & mask
            }
          }
        }
      }
    }
  }

  /// Codes of words that run down columns, turned: [words, columns] gives [columns, rows].
  ///
  /// - Parameters:
  ///   - words: at least as many as `rows` codes take.
  ///   - columns: the words of a row.
  static func turned(
    _ bytes: ArraySlice<UInt8>, words: Int, columns: Int, rows: Int, bits: Int, _ layout: Layout = .dense
  ) -> [UInt8] {
    let mask = UInt64(1) << UInt64(bits) - 1
    let perWord = 32 / bits
    // So many columns at a time that the cache holds a line of each.
    let tile = 64
    return [UInt8](unsafeUninitializedCapacity: rows * columns) { buffer, initialized in
      initialized = rows * columns
      bytes.withUnsafeBytes { from in
        func word(_ row: Int, _ column: Int) -> UInt64 {
          guard row < words else { return 0 }
          let offset = 4 &* (row &* columns &+ column)
          return UInt64(UInt32(littleEndian: from.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
        }
        for first in stride(from: 0, to: columns, by: tile) {
          let end = min(first + tile, columns)
          var row = 0
          var bit = 0
          // As many codes at a time as begin in one word.
          while row < rows {
            let place = bit & 31
            let codes = min(rows - row, layout == .dense ? (32 - place + bits - 1) / bits : perWord)
            for column in first..<end {
              var value = word(bit >> 5, column)
              if place &+ codes &* bits > 32 { value |= word(bit >> 5 &+ 1, column) << 32 }
              value >>= UInt64(place)
              let to = column &* rows &+ row
              for code in 0..<codes {
                buffer[to &+ code] = UInt8(truncatingIfNeeded: value & mask)
                value >>= UInt64(bits)
              }
            }
            row += codes
            bit += layout == .dense ? codes * bits : 32
          }
        }
      }
    }
  }

  /// A matrix turned: [rows, columns] gives [columns, rows].
  static func turned<Value>(_ values: [Value], rows: Int, columns: Int) -> [Value] {
    [Value](unsafeUninitializedCapacity: rows * columns) { buffer, initialized in
      guard let base = buffer.baseAddress else { return }
      values.withUnsafeBufferPointer { from in
        for first in stride(from: 0, to: columns, by: 64) {
          for row in 0..<rows {
            for column in first..<min(first + 64, columns) {
              (base + (column &* rows &+ row)).initialize(to: from[row &* columns &+ column])
            }
          }
        }
      }
      initialized = rows * columns
    }
  }
}
