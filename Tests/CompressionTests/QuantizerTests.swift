import Compression
import Numerics
import Representation
import Storage
import Testing

/// Codebooks, smaller floating types and signs, held against the second implementation bit by bit.
@Suite struct QuantizerTests {
  @Test func codebook() throws {
    let fixtures = StageFixture.all("codebook")
    #expect(fixtures.count > 50)
    for fixture in fixtures {
      if let settings = fixture.settings {
        let list: CodebookStage.List =
          settings.codebook.map { .given($0) } ?? .lloyd(entries: settings.entries ?? 0)
        try fixture.checkEncoding { x throws(Fault) in
          try CodebookStage.encode(
            x, list: list, scaleGrid: settings.scale_grid, scaleType: settings.scaleType ?? .f32)
        } same: { stage, d in
          sameSide(stage.codebook, d.codebook) && sameSide(stage.scale, d.scale)
            && stage.scaleGrid == d.scale_grid ?? [] && stage.grid == d.grid
        }
      }
      guard let d = fixture.descriptor else { continue }
      let stage = CodebookStage(
        grid: d.grid ?? [], codebook: d.codebook?.tensor, scaleGrid: d.scale_grid ?? [],
        scale: d.scale?.tensor, offset: d.offset?.tensor)
      try fixture.checkDecoding(stage, fixture.payload?.elements)
    }
  }

  @Test func scaledFloat() throws {
    let fixtures = StageFixture.all("scaled_float")
    #expect(fixtures.count > 100)
    for fixture in fixtures {
      if let settings = fixture.settings {
        let type = try #require(ElementType(rawValue: settings.element_type ?? ""))
        try fixture.checkEncoding { x throws(Fault) in
          try ScaledFloatStage.encode(
            x, elementType: type, grid: settings.grid, scaleType: settings.scaleType)
        } same: { stage, d in
          sameSide(stage.scale, d.scale) && stage.grid == d.grid
        }
      }
      guard let d = fixture.descriptor else { continue }
      let stage = ScaledFloatStage(
        elementType: d.element_type.flatMap { ElementType(rawValue: $0) }, grid: d.grid ?? [],
        scale: d.scale?.tensor)
      try fixture.checkDecoding(stage, fixture.payload?.elements)
    }
  }

  @Test func sign() throws {
    let fixtures = StageFixture.all("sign")
    #expect(fixtures.count > 100)
    for fixture in fixtures {
      if let settings = fixture.settings {
        try fixture.checkEncoding { x throws(Fault) in
          try SignStage.encode(
            x, ternary: settings.ternary ?? false, grid: settings.grid,
            scaleType: settings.scaleType ?? .f32, withOffset: settings.offset ?? false)
        } same: { stage, d in
          sameSide(stage.scale, d.scale) && sameSide(stage.offset, d.offset) && stage.grid == d.grid
        }
      }
      guard let d = fixture.descriptor else { continue }
      let stage = SignStage(
        ternary: d.ternary ?? false, grid: d.grid ?? [], scale: d.scale?.tensor, offset: d.offset?.tensor)
      try fixture.checkDecoding(stage, fixture.payload?.elements)
    }
  }
}
