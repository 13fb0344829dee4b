import Foundation

/// The entry to libFuzzer as a library (`libclang_rt.fuzzer_no_main`): Swift's `main` stays ours.
enum LibFuzzer {
  typealias Test = @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt

  /// Fuzzes with the process's arguments, without the first `count` after the program's name.
  ///
  /// - Returns: the exit status.
  static func run(skipping count: Int, test: Test) -> CInt {
    var arguments: [UnsafeMutablePointer<CChar>?] = []
    for (index, argument) in CommandLine.arguments.enumerated() where !(1...count).contains(index) {
      arguments.append(strdup(argument))
    }
    arguments.append(nil)
    var number = CInt(arguments.count - 1)
    return arguments.withUnsafeMutableBufferPointer { buffer in
      var start = buffer.baseAddress
      return runDriver(&number, &start, test)
    }
  }
}

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _ test: LibFuzzer.Test
) -> CInt
