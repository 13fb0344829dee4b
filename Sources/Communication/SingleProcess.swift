internal import Foundation

/// A process that works alone: rank 0 of 1.
public struct SingleProcess: Communicator {
  public init() {}

  public var rank: Int { 0 }
  public var size: Int { 1 }
  public var processors: Int { ProcessInfo.processInfo.activeProcessorCount }

  public func sum(_ values: inout [Double]) {}
  public func broadcast(_ bytes: inout [UInt8]) {}
  public func finish() {}
  public func abort(_ code: Int32) -> Never { exit(code) }
}
