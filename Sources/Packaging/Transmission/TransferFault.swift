public import Storage

/// What ends a transfer (profile clause 8.3, sections 5 to 7), other than what is wrong with a manifest, a segment or the package.
public enum TransferFault: String, FaultCode {
  /// P8.3-040: An event that the table does not list is refused and changes nothing.
  case eventExpected = "transfer-event-expected"
  /// P8.3-041: A resumed transfer aborts where the offer has changed.
  case offerUnchanged = "transfer-offer-unchanged"
  /// P8.3-042: Verification does not begin before all segments are held.
  case segmentsAllHeld = "transfer-segments-all-held"
  /// P8.3-065: The server knows no ranges, and what is selected cannot be had without.
  case withoutRange = "client-without-range"
  /// P8.3-066: The source changed in the middle of a transfer.
  case sourceUnchanged = "client-source-unchanged"
  /// P8.3-067: More bytes came than were asked for.
  case lengthBounded = "client-length-bounded"
  /// The source cannot be reached, or not any more; of kind `system`, and what is held stays.
  case sourceReachable = "transfer-source-reachable"
  /// The server's answers break the rules of section 5.
  case answerUnderstood = "transfer-answer-understood"
  /// Something has the name of the destination already; of kind `system`.
  case destinationFree = "transfer-destination-free"
  /// Another receiver is at work on the same destination; of kind `system`.
  case destinationUnlocked = "transfer-destination-unlocked"
  /// Nothing of the package is what was selected.
  case selectionFound = "transfer-selection-found"
  /// The selection asks for something that this tool does not do yet; of kind `unsupported`.
  case selectionSupported = "transfer-selection-supported"
}
