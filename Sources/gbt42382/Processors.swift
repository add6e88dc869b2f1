import ArgumentParser
import Glibc

/// The processors of the machine.
enum Processors {
  /// How many this process may use.
  static var count: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
}

/// Refuses a number of jobs below one.
func requireJobs(_ jobs: Int?) throws {
  if let jobs, jobs < 1 {
    throw ValidationError(said(zh: "--jobs 至少为 1", en: "--jobs takes a number from 1"))
  }
}
