#if MPI
  internal import CMPI

  /// All processes of an MPI job, `MPI_COMM_WORLD`.
  struct MPICommunicator: Communicator {
    let rank: Int
    let size: Int
    let processors: Int

    /// Starts MPI, once in a process.
    init() {
      cmpi_start()
      rank = Int(cmpi_rank())
      size = Int(cmpi_size())
      processors = ProcessorShare.own { users in
        unsafe users.withUnsafeMutableBufferPointer {
          unsafe cmpi_sum_on_machine($0.baseAddress, CInt($0.count))
        }
      }
    }

    func sum(_ values: inout [Double]) {
      unsafe values.withUnsafeMutableBufferPointer { values in
        for part in Self.parts(of: values.count) {
          unsafe cmpi_sum(values.baseAddress! + part.lowerBound, CInt(part.count))
        }
      }
    }

    func broadcast(_ bytes: inout [UInt8]) {
      var count = Int64(bytes.count)
      unsafe cmpi_broadcast(&count, CInt(MemoryLayout<Int64>.size))
      if rank != 0 { bytes = Array(repeating: 0, count: Int(count)) }
      unsafe bytes.withUnsafeMutableBufferPointer { bytes in
        for part in Self.parts(of: bytes.count) {
          unsafe cmpi_broadcast(bytes.baseAddress! + part.lowerBound, CInt(part.count))
        }
      }
    }

    func finish() { cmpi_finish() }

    func abort(_ code: Int32) -> Never { cmpi_abort(code) }

    /// MPI counts in 32 bits.
    private static func parts(of count: Int) -> [Range<Int>] {
      let most = 1 << 30
      return stride(from: 0, to: count, by: most).map { $0..<min($0 + most, count) }
    }
  }
#endif
