import Configuration
import Foundation
import Profile

// generate-catalogue [--check] [--root DIR]
//
// Writes Sources/Profile/Generated from the YAML below conformance; --check compares instead, and exits 1 where they differ.

func report(_ message: String) { FileHandle.standardError.write(Data((message + "\n").utf8)) }

var isCheck = false
var root = "."
var arguments = CommandLine.arguments.dropFirst()
while let argument = arguments.popFirst() {
  switch argument {
  case "--check": isCheck = true
  case "--root" where !arguments.isEmpty: root = arguments.removeFirst()
  default:
    report("usage: generate-catalogue [--check] [--root DIR]")
    exit(64)
  }
}

do {
  let source = try CatalogueSource(root: root)
  for fault in source.faults { report(fault[.en]) }
  guard source.faults.isEmpty else { exit(1) }
  let folder = GeneratedFolder(root + "/Sources/Profile/Generated")
  let files = SwiftWriter.files(source)
  if isCheck {
    let differences = folder.differences(from: files)
    differences.forEach(report)
    guard differences.isEmpty else {
      report("the catalogue is out of date: run `swift run generate-catalogue` and commit the result")
      exit(1)
    }
  } else {
    try folder.write(files)
  }
  let count = source.requirements.reduce(0) { $0 + $1.entries.count }
  print("profile \(source.profile): \(count) requirements in \(source.requirements.count) files")
} catch {
  report("generate-catalogue: \(error)")
  exit(74)
}
