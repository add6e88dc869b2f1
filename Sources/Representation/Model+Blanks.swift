extension String {
  /// Whether the text is blank: empty, or nothing but white space (Unicode `White_Space`).
  public var isBlank: Bool { unicodeScalars.allSatisfy(\.properties.isWhitespace) }

  /// The text; nil where it is blank.
  fileprivate var stated: String? { isBlank ? nil : self }
}

extension Model {
  /// The model without the fields of its description that are blank texts: a blank text counts as absent (profile clause 6.1,
  /// description, notation), and so does a producer without a name and an architecture that says nothing.
  ///
  /// Entries of lists, and what is stated of a single asset, property or extension, stay: somebody wrote them, and where they are blank they
  /// are wrong rather than missing.
  public var withoutBlanks: Model {
    var model = self
    model.profile = profile?.stated
    model.name = name?.stated
    model.version = version?.stated
    model.identifier = identifier?.stated
    model.producer = producer?.withoutBlanks
    model.documentation = documentation?.stated
    model.licence = licence?.stated
    model.contributors = contributors.map(\.withoutBlanks)
    model.architecture = architecture?.withoutBlanks
    model.preTraining = preTraining?.withoutBlanks
    return model
  }
}

extension Producer {
  /// Nil where the name is blank: a version of nothing is no producer.
  fileprivate var withoutBlanks: Producer? {
    name.stated.map { Producer(name: $0, version: version?.stated) }
  }
}

extension Contributor {
  fileprivate var withoutBlanks: Contributor {
    Contributor(
      name: name?.stated, organisation: organisation?.stated, email: email?.stated, role: role?.stated)
  }
}

extension Architecture {
  /// Nil where nothing is left: neither a kind nor a family nor a hyper-parameter.
  fileprivate var withoutBlanks: Architecture? {
    var architecture = self
    architecture.kind = kind?.stated
    architecture.family = family?.stated
    let isEmpty =
      architecture.kind == nil && architecture.family == nil && architecture.hyperParameters.isEmpty
    return isEmpty ? nil : architecture
  }
}

extension PreTraining {
  fileprivate var withoutBlanks: PreTraining {
    var statement = self
    statement.paradigm = paradigm?.stated
    statement.objective = objective?.stated
    statement.dataUnit = dataUnit?.stated
    statement.precision = precision?.stated
    return statement
  }
}
