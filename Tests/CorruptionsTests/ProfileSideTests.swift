import Corruptions
import Imaging
import Testing

@Suite("A profile with the size that its constants are for")
struct ProfileSideTests {
  @Test("Images are scaled and cropped first, and corrupted then")
  func scaled() throws {
    let image = testImage(width: 50, height: 40)
    let plain = try library.get().corruption("motion_blur", profile: "imagenet-c")
    let scaled = try library.get().corruption("motion_blur", profile: "imagenet-c@64")
    func corrupted(_ corruption: Corruption, _ image: PixelImage) throws -> PixelImage {
      var random = corruption.random(seed: 1, severity: 3, sample: "a")
      return try corruption.apply(to: image, severity: 3, random: &random)
    }
    let square = Preprocessing(imageSize: 64).pixels(image)
    #expect(square.width == 64 && square.height == 64)
    #expect(try corrupted(scaled, image) == corrupted(plain, square))
    #expect(try corrupted(scaled, square) == corrupted(plain, square))
  }

  @Test("Name and hash say so")
  func identity() throws {
    let library = try library.get()
    let hashes = try ["imagenet-c", "imagenet-c@64", "imagenet-c@224"].map {
      let corruption = try library.corruption("fog", profile: $0)
      #expect(corruption.profile == $0)
      return corruption.hash
    }
    #expect(Set(hashes).count == 3)
  }

  @Test("Severity 0 scales alone")
  func clean() throws {
    let image = testImage(width: 50, height: 40)
    let corruption = try library.get().corruption("contrast", profile: "imagenet-c@32")
    var random = corruption.random(seed: 1, severity: 0, sample: "a")
    #expect(
      try corruption.apply(to: image, severity: 0.0, random: &random)
        == Preprocessing(imageSize: 32).pixels(image))
  }

  @Test(
    "What is no size is refused", arguments: ["imagenet-c@", "imagenet-c@7", "imagenet-c@224px"])
  func refused(profile: String) throws {
    let error = #expect(throws: CorruptionError.self) {
      try library.get().corruption("fog", profile: profile)
    }
    #expect("\(try #require(error))".contains("as imagenet-c@224"))
  }
}
