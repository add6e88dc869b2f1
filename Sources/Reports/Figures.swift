/// Measured numbers as people read them: the same text on every machine and in every language.
public enum Figures {
  /// A number with so many decimals; `∞`, `−∞` and `NaN` for what is none, and the exponent form from 10^15 on.
  public static func decimals(_ value: Double, _ places: Int) -> String {
    guard value.isFinite else { return unusual(value) }
    guard value.magnitude < 1e15 else { return scientific(value) }
    var power = 1.0
    for _ in 0..<max(places, 0) { power *= 10 }
    let scaled = Int64((value.magnitude * power).rounded(.toNearestOrEven))
    let unit = Int64(power)
    let sign = value < 0 && scaled != 0 ? "-" : ""
    guard places > 0 else { return "\(sign)\(scaled)" }
    let rest = String(scaled % unit)
    return "\(sign)\(scaled / unit).\(String(repeating: "0", count: places - rest.utf8.count))\(rest)"
  }

  /// A number with three digits and an exponent: `1.26e-2`; zero is `0`.
  public static func scientific(_ value: Double) -> String {
    guard value.isFinite else { return unusual(value) }
    guard value != 0 else { return "0" }
    var exponent = 0
    var digits = value.magnitude
    while digits >= 10 {
      digits /= 10
      exponent += 1
    }
    while digits < 1 {
      digits *= 10
      exponent -= 1
    }
    var text = decimals(digits, 2)
    if text == "10.00" {
      text = "1.00"
      exponent += 1
    }
    return "\(value < 0 ? "-" : "")\(text)e\(exponent)"
  }

  private static func unusual(_ value: Double) -> String {
    value.isNaN ? "NaN" : value > 0 ? "∞" : "-∞"
  }

  /// A count with its thousands apart: `1,234,567`.
  static func count(_ value: UInt64) -> String {
    let digits = String(value)
    var result = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { result += "," }
      result.append(digit)
    }
    return result
  }

  /// A size in the largest binary unit that leaves at least 1, with a decimal: `438.1 MiB`.
  static func size(_ bytes: UInt64) -> String {
    let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
    var unit = 0
    var shift: UInt64 = 0
    while unit < units.count - 1, bytes >> (shift + 10) > 0 {
      unit += 1
      shift += 10
    }
    guard unit > 0 else { return "\(bytes) B" }
    let whole = bytes >> shift
    let rest = (bytes >> (shift - 10)) & 1023
    return "\(whole).\(rest * 10 / 1024) \(units[unit])"
  }
}
