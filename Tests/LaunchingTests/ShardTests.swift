import Launching
import Results
import Testing

@Suite("Shards")
struct ShardTests {
  @Test("Every unit falls to one shard, and to each about as many")
  func partition() {
    let keys = (0..<4000).map { CellKey(["cell": "\($0)"]) }
    for count in [1, 3, 4, 7] {
      let owners = keys.map { key in
        (0..<count).filter { Shard($0, of: count).owns(key) }
      }
      #expect(owners.allSatisfy { $0.count == 1 })
      for index in 0..<count {
        let share = owners.count { $0[0] == index }
        #expect(abs(share - 4000 / count) < 200, "shard \(index) of \(count)")
      }
    }
  }

  @Test("The shard of a key is the key's number modulo the count")
  func modulo() throws {
    let key = try #require(CellKey(text: "000000000000000aff00000000000000"))
    #expect(Shard.index(of: key, count: 7) == 3)
  }

  @Test("I/N is read", arguments: [("0/1", 0, 1), ("3/4", 3, 4)])
  func reading(text: String, index: Int, count: Int) throws {
    #expect(try Shard(text) == Shard(index, of: count))
    #expect(Shard(index, of: count).description == text)
  }

  @Test(
    "What is no shard is refused",
    arguments: [
      "4/4", "-1/4", "1", "1/0", "a/b", "1/2/3", "", "0/100001", "0/9223372036854775807",
    ])
  func refused(text: String) {
    #expect(throws: LaunchingError.invalidShard(text)) { try Shard(text) }
  }
}

@Suite("Shards from the environment")
struct ShardEnvironmentTests {
  private func shard(
    _ environment: [String: String], _ shard: Shard? = nil, count: Int? = nil
  ) throws -> Shard {
    try ShardEnvironment.shard(shard, count: count, environment: environment)
  }

  private func array(
    _ id: Int, _ range: ClosedRange<Int>, count: Int? = nil, step: Int = 1
  ) -> [String: String] {
    [
      "SLURM_ARRAY_TASK_ID": "\(id)", "SLURM_ARRAY_TASK_MIN": "\(range.lowerBound)",
      "SLURM_ARRAY_TASK_MAX": "\(range.upperBound)", "SLURM_ARRAY_TASK_STEP": "\(step)",
      "SLURM_ARRAY_TASK_COUNT": "\(count ?? range.count)",
    ]
  }

  @Test("Each launcher's variables say the shard")
  func launchers() throws {
    #expect(try shard(array(2, 0...3)) == Shard(2, of: 4))
    #expect(try shard(array(4, 1...4)) == Shard(3, of: 4), "numbered from 1")
    #expect(try shard(array(20, 0...30, count: 4, step: 10)) == Shard(2, of: 4))
    #expect(try shard(["JOB_COMPLETION_INDEX": "5"], count: 8) == Shard(5, of: 8))
    #expect(try shard(["PMI_RANK": "1", "PMI_SIZE": "2"]) == Shard(1, of: 2))
    #expect(
      try shard(["OMPI_COMM_WORLD_RANK": "0", "OMPI_COMM_WORLD_SIZE": "3"]) == Shard(0, of: 3))
  }

  @Test("A group of one, as srun makes it inside an array, says nothing")
  func singleton() throws {
    let environment = array(2, 0...3).merging(["PMI_RANK": "0", "PMI_SIZE": "1"]) { $1 }
    #expect(try shard(environment) == Shard(2, of: 4))
  }

  @Test("Some tasks of an array run again with the number of all")
  func partOfAnArray() throws {
    #expect(try shard(array(7, 3...7, count: 2), Shard(7, of: 8)) == Shard(7, of: 8))
    #expect(try shard(array(7, 3...7, count: 2), count: 8) == Shard(7, of: 8))
    #expect(throws: LaunchingError.self) { try shard(array(7, 3...7, count: 2)) }
  }

  @Test("Sources that contradict each other are refused, with both")
  func contradictions() {
    let cases: [([String: String], Shard?, Int?)] = [
      (array(2, 0...3), Shard(0, of: 4), nil),
      (array(2, 0...3).merging(["PMI_RANK": "1", "PMI_SIZE": "4"]) { $1 }, nil, nil),
      (array(2, 0...3).merging(["PMI_RANK": "2", "PMI_SIZE": "8"]) { $1 }, nil, nil),
      (["PMI_RANK": "1", "PMI_SIZE": "4"], nil, 8),
      (["JOB_COMPLETION_INDEX": "8"], nil, 8),
      ([:], Shard(0, of: 4), 8),
    ]
    for (environment, given, count) in cases {
      let error = #expect(throws: LaunchingError.self) {
        try shard(environment, given, count: count)
      }
      guard case .contradiction = error else {
        Issue.record("\(environment): \(String(describing: error))")
        continue
      }
    }
  }

  @Test("Without a word on the shard, its number, or with nonsense, the error says what to do")
  func missing() {
    #expect(throws: LaunchingError.noShard) { try shard([:]) }
    #expect(throws: LaunchingError.noShard) { try shard([:], count: 4) }
    #expect(throws: LaunchingError.noShardCount(index: "JOB_COMPLETION_INDEX")) {
      try shard(["JOB_COMPLETION_INDEX": "5"])
    }
    #expect(throws: LaunchingError.invalidVariable(name: "PMI_RANK", value: "x")) {
      try shard(["PMI_RANK": "x", "PMI_SIZE": "2"])
    }
  }
}
