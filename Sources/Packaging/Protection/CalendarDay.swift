/// A day of the Gregorian calendar, in UTC.
public struct CalendarDay: Sendable, Hashable, Comparable {
  /// The year, from 1 to 9999.
  public let year: Int
  /// The month, from 1 to 12.
  public let month: Int
  /// The day of the month, from 1.
  public let day: Int

  /// A day that exists; nil for any other.
  public init?(year: Int, month: Int, day: Int) {
    guard (1...9999).contains(year), (1...12).contains(month) else { return nil }
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard (1...lengths[month - 1]).contains(day) else { return nil }
    self.year = year
    self.month = month
    self.day = day
  }

  /// The day that a number of the form year · 10000 + month · 100 + day stands for; nil where there is no such day.
  public init?(number: UInt32) {
    let number = Int(number)
    self.init(year: number / 10000, month: number / 100 % 100, day: number % 100)
  }

  /// year · 10000 + month · 100 + day.
  public var number: UInt32 { UInt32(year * 10000 + month * 100 + day) }

  public static func < (left: CalendarDay, right: CalendarDay) -> Bool { left.number < right.number }

  /// Seconds from 1970-01-01 00:00 UTC to this day's 00:00 UTC, leap seconds not counted.
  var secondsSince1970: Int {
    // Years begin in March here, so that the day that some years lack is their last.
    let shifted = month <= 2 ? year - 1 : year
    let daysOfMonths = (153 * ((month + 9) % 12) + 2) / 5
    let days = 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + daysOfMonths + day - 1
    return (days - 719_468) * 86_400
  }
}

extension CalendarDay: CustomStringConvertible {
  /// The day as `YYYY-MM-DD` (ISO 8601).
  public var description: String {
    let digits = String(number)
    let padded = String(repeating: "0", count: 8 - digits.utf8.count) + digits
    return "\(padded.prefix(4))-\(padded.dropFirst(4).prefix(2))-\(padded.suffix(2))"
  }
}
