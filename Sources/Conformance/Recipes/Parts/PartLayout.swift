/// The members of a structure of clause 8 in their order: what recipes call them, how they are written, where they end.
struct PartLayout: Sendable, Hashable {
  /// How the value of a member is written.
  enum Kind: Sendable, Hashable {
    /// An unsigned integer of so many bytes, the least significant first.
    case number(Int)
    case bytes
    case text
    /// A structure in place.
    case part(PartLayout)
    /// Structures one after the other.
    case list(PartLayout)
  }

  /// Where the value of a member comes from when it is written.
  enum Source: Sendable, Hashable {
    /// From the file that was taken apart, from an edit, or from the assembler, which computes it first.
    case stored
    /// The number of bytes of a member.
    case length(of: String)
    /// The number of items of a list.
    case count(of: String)
  }

  /// How many bytes, or how many items of a list, a member takes when a file is taken apart.
  enum Extent: Sendable, Hashable {
    case fixed(Int)
    /// As many as that number says.
    case stated(by: String)
    /// All that is left.
    case rest
    /// So many where that number is not zero, else none.
    case only(Int, if: String)
  }

  /// A member.
  struct Member: Sendable, Hashable {
    let name: String
    let kind: Kind
    let source: Source
    let extent: Extent

    static func number(_ name: String, _ width: Int, _ source: Source = .stored) -> Member {
      Member(name: name, kind: .number(width), source: source, extent: .fixed(width))
    }

    static func bytes(_ name: String, _ extent: Extent) -> Member {
      Member(name: name, kind: .bytes, source: .stored, extent: extent)
    }

    static func text(_ name: String, _ extent: Extent) -> Member {
      Member(name: name, kind: .text, source: .stored, extent: extent)
    }

    static func list(_ name: String, _ members: [Member], _ extent: Extent) -> Member {
      Member(name: name, kind: .list(PartLayout(members)), source: .stored, extent: extent)
    }

    static func part(_ name: String, _ layout: PartLayout) -> Member {
      Member(name: name, kind: .part(layout), source: .stored, extent: .rest)
    }
  }

  let members: [Member]

  init(_ members: [Member]) { self.members = members }

  /// The member of that name.
  func member(_ name: String) throws(RecipeError) -> Member {
    guard let member = members.first(where: { $0.name == name }) else {
      let known = members.map(\.name).joined(separator: ", ")
      throw RecipeError(zh: "没有成员 \(name)；有：\(known)", en: "there is no member \(name); there are: \(known)")
    }
    return member
  }
}

/// The structures of a package (profile clause 8.2).
extension PartLayout {
  /// Section 2.1.
  static let header = PartLayout([
    .bytes("magic", .fixed(8)), .number("type", 2), .number("flags", 2), .number("number", 4),
    .number("length", 8), .number("identifier-length", 2), .bytes("reserved", .fixed(6)),
  ])

  /// Section 2.3.
  static let trailer = PartLayout([
    .list("leaves", [.bytes("hash", .rest)], .rest), .number("length", 8), .bytes("root", .fixed(32)),
  ])

  /// A unit; what its payload holds depends on the type.
  static func unit(_ payload: PartLayout) -> PartLayout {
    PartLayout([
      .part("header", header), .text("identifier", .rest), .bytes("padding", .rest),
      .part("payload", payload), .part("trailer", trailer),
    ])
  }

  /// The payload of a unit of that type.
  static func payload(ofType type: UInt64) -> PartLayout {
    switch type {
    case 1: start
    case 2: rights
    case 0xFFF0: index
    case 0xFFF1: signature
    case 0xFFF2: end
    default: content
    }
  }

  /// A payload that is cut into chunks and not looked into.
  static let content = PartLayout([.list("chunks", [.bytes("content", .rest)], .rest)])

  /// Section 4.
  static let start = PartLayout([
    .number("major", 2), .number("minor", 2), .number("suite", 2),
    .number("recipient-count", 2, .count(of: "recipients")),
    .number("profile-length", 4, .length(of: "profile")), .text("profile", .stated(by: "profile-length")),
    .bytes("commitment", .only(32, if: "suite")),
    .list(
      "recipients",
      [
        .number("scheme", 2), .bytes("key-identifier", .fixed(32)),
        .number("wrapped-length", 4, .length(of: "wrapped-key")),
        .bytes("wrapped-key", .stated(by: "wrapped-length")),
      ], .stated(by: "recipient-count")),
    .bytes("rest", .rest),
  ])

  /// Section 9.
  static let rights = PartLayout([
    .number("version", 2), .number("grant-count", 2, .count(of: "grants")),
    .number("issuer-length", 4, .length(of: "issuer")), .text("issuer", .stated(by: "issuer-length")),
    .list(
      "grants",
      [
        .number("subject-length", 4, .length(of: "subject")), .text("subject", .stated(by: "subject-length")),
        .number("actions", 4), .number("from", 4), .number("until", 4),
      ], .stated(by: "grant-count")),
    .number("terms-length", 4, .length(of: "terms")), .text("terms", .stated(by: "terms-length")),
    .bytes("rest", .rest),
  ])

  /// Section 6.
  static let index = PartLayout([
    .number("count", 8, .count(of: "entries")),
    .list(
      "entries",
      [
        .number("offset", 8), .number("length", 8), .number("type", 2), .number("flags", 2),
        .number("identifier-length", 2, .length(of: "identifier")), .number("reserved", 2),
        .bytes("digest", .fixed(32)), .text("identifier", .stated(by: "identifier-length")),
      ], .stated(by: "count")),
    .bytes("content-root", .fixed(32)), .bytes("rest", .rest),
  ])

  /// Section 8.2.
  static let signature = PartLayout([
    .number("algorithm", 2), .number("key-form", 2), .number("key-length", 4, .length(of: "key")),
    .bytes("key", .stated(by: "key-length")), .number("signature-length", 4, .length(of: "signature")),
    .bytes("signature", .stated(by: "signature-length")), .bytes("rest", .rest),
  ])

  /// Section 7.
  static let end = PartLayout([
    .number("index-offset", 8), .number("end-offset", 8), .number("count", 8),
    .bytes("package-root", .fixed(32)), .bytes("rest", .rest),
  ])
}

/// The structures of a transfer (profile clause 8.3).
extension PartLayout {
  /// Section 2.
  static let manifest = PartLayout([
    .bytes("magic", .fixed(8)), .number("major", 2), .number("minor", 2), .number("chunks", 4),
    .number("length", 8), .bytes("package-root", .fixed(32)), .bytes("transfer-root", .fixed(32)),
    .list("segments", [.bytes("digest", .fixed(32))], .rest), .bytes("digest", .fixed(32)),
    .bytes("rest", .rest),
  ])

  /// Section 3.
  static let segment = PartLayout([
    .bytes("magic", .fixed(8)), .number("major", 2), .number("minor", 2),
    .number("proof-length", 4, .count(of: "proof")), .bytes("identity", .fixed(32)),
    .number("sequence", 8), .number("offset", 8), .number("length", 8, .length(of: "payload")),
    .bytes("digest", .fixed(32)), .list("proof", [.bytes("hash", .fixed(32))], .stated(by: "proof-length")),
    .bytes("payload", .stated(by: "length")), .bytes("rest", .rest),
  ])
}
