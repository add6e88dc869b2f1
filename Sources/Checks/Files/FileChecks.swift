/// The checks of the files of a sample (profile clause 6.1, files).
let fileChecks: [any Check] = [FileDigestsMatch(), TensorDigestsMatch()]
