// swift-tools-version: 6.2
import PackageDescription

/// Applied to every target of ours: Swift 6 mode is the tools version's default, warnings are errors everywhere.
let settings: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
  .testTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

/// A release of the tool carries Swift's libraries inside: loading and relocating them, and the search for conformances through all
/// of Foundation, was half of its start-up time. The compiler names the libraries behind Foundation only when everything, tests too,
/// is compiled for static linking, so they are named here.
let carriesSwiftLibraries = LinkerSetting.unsafeFlags(
  [
    "-static-stdlib", "-use-ld=lld", "-lCoreFoundation", "-l_FoundationICU", "-l_FoundationCShims",
    "-l_FoundationCollections",
  ], .when(platforms: [.linux], configuration: .release))

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let protobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
  name: "gbt42382",
  products: [
    .executable(name: "gbt42382", targets: ["gbt42382"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .systemLibrary(
      name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
    .systemLibrary(
      name: "CLibCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(
      name: "CLibZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),

    // Lowest first; a module imports only what stands above it.
    module("Storage", ["CLibCrypto"]),
    module("Numerics"),
    module("Representation", ["Storage", "Numerics"]),
    .target(name: "CKernels"),
    module(
      "Compression", ["Storage", "Numerics", "Representation", "CKernels", "CLibZstd", "CLibCrypto"]),
    module("Licences", ["Storage"]),
    module("Packaging", ["Storage", "CLibCrypto"]),
    // Opens libcurl when it is first needed: linked, it would cost every command its start-up time.
    .target(name: "CCurl", linkerSettings: [.linkedLibrary("dl")]),
    module("HTTP", ["Storage", "Packaging", "CCurl"]),
    module(
      "Formats",
      [
        "Storage", "Numerics", "Representation", "Compression", "Licences", "Packaging", protobuf, yams,
      ]),
    module("Profile", ["Storage", "Representation"]),
    module("Configuration", ["Storage", "Numerics", "Compression", "Profile", "Packaging", yams]),
    module(
      "Checks",
      [
        "Storage", "Numerics", "Representation", "Compression", "Licences", "Packaging", "Formats", "Profile",
      ]),
    module(
      "Conformance",
      [
        "Storage", "Numerics", "Representation", "Compression", "Packaging", "Formats", "Profile",
        "Configuration", "Checks", "CLibCrypto",
      ]),
    module("Reports", ["Storage", "Numerics", "Representation", "Profile", "CLibXML2"]),
    .executableTarget(
      name: "gbt42382",
      dependencies: [
        "Storage", "Numerics", "Representation", "Compression", "Packaging", "Formats", "Profile",
        "Configuration", "Checks", "Conformance", "Reports", "HTTP", yams, argumentParser,
      ],
      swiftSettings: settings, linkerSettings: [carriesSwiftLibraries]),
    .executableTarget(
      name: "generate-catalogue", dependencies: ["Profile", "Configuration"], swiftSettings: settings),

    tests("StorageTests", ["Storage"]),
    tests("NumericsTests", ["Numerics"]),
    tests(
      "CompressionTests", ["Compression", "Representation", "Numerics", "Storage"],
      resources: [.copy("Fixtures")]),
    tests("LicencesTests", ["Licences"]),
    tests("PackagingTests", ["Packaging", "Storage"]),
    tests("HTTPTests", ["HTTP", "Packaging", "Storage"]),
    tests("FormatsTests", ["Formats", protobuf]),
    tests(
      "ProfileTests",
      ["Profile", "Numerics", "Compression", "Representation", "Storage", "Configuration", "Packaging"]),
    tests("ChecksTests", ["Checks", "Formats", "Profile", "Representation", "Storage"]),
    tests(
      "ReportsTests", ["Reports", "Profile", "Representation", "Storage"],
      resources: [.copy("Golden")]),
    tests("ConformanceTests", ["Conformance", "Configuration", "Profile", "Storage"]),
    tests("CommandLineTests", []),
  ]
)

// Only for conformance/fuzz/run, which builds with libFuzzer's instrumentation.
if Context.environment["GBT42382_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(
      name: "fuzz", dependencies: ["Storage", "Packaging", "Formats", "Profile", "Checks"],
      path: "conformance/fuzz/target",
      swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])],
      linkerSettings: [.unsafeFlags(["-sanitize=fuzzer"])]))
}
