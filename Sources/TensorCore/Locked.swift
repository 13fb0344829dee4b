internal import Foundation

/// A value that one thread at a time reaches, behind a mutex of the system's threads. It is what
/// `Synchronization.Mutex` is, but for Thread Sanitizer, which does not see that one's locks on Linux: what
/// goes from thread to thread through it, memory of a pool say, would be reported wherever it is used.
@safe package final class Locked<Value: Sendable>: @unchecked Sendable {
  private var value: Value
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

  package init(_ value: Value) {
    self.value = value
    unsafe mutex.initialize(to: pthread_mutex_t())
    guard unsafe pthread_mutex_init(mutex, nil) == 0 else { fatalError("no memory for a mutex") }
  }

  deinit {
    unsafe pthread_mutex_destroy(mutex)
    unsafe mutex.deallocate()
  }

  package func withLock<Result, Failure>(
    _ body: (inout Value) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    return try body(&value)
  }
}
