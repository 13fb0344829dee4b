import TestSupport
import Testing
import VisionModels

@Suite("Preprocessor settings")
struct PreprocessorSettingsTests {
  private func read(
    _ json: String, _ defaults: PreprocessorSettings = .clip
  ) throws -> PreprocessorSettings {
    let folder = try TemporaryFolder()
    let path = try folder.write(json, to: "preprocessor_config.json")
    return try PreprocessorSettings(contentsOf: path, defaults: defaults)
  }

  @Test("The files of CLIP, ViT and DINOv2 give their settings")
  func files() throws {
    let clip = #"""
      {"crop_size": {"height": 224, "width": 224}, "do_center_crop": true, "do_resize": true,
       "image_mean": [0.48145466, 0.4578275, 0.40821073], "rescale_factor": 0.00392156862745098,
       "image_std": [0.26862954, 0.26130258, 0.27577711], "resample": 3,
       "size": {"shortest_edge": 224}}
      """#
    #expect(try read(clip, .vit) == .clip)
    #expect(try read(#"{"crop_size": 224, "size": 224, "resample": 3}"#) == .clip)
    let vit = #"""
      {"size": {"height": 224, "width": 224}, "resample": 2, "image_mean": [0.5, 0.5, 0.5],
       "image_std": [0.5, 0.5, 0.5]}
      """#
    #expect(try read(vit) == .vit)
    let dinov2 = #"""
      {"crop_size": {"height": 224, "width": 224}, "size": {"shortest_edge": 256}, "resample": 3,
       "image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225]}
      """#
    #expect(try read(dinov2) == .dinov2)
  }

  @Test("What would give other pixels is refused by its key")
  func failures() throws {
    for (json, message) in [
      (#"{"resample": 0}"#, "resample is 0"), (#"{"crop_size": 256}"#, "crop_size is 256"),
      (#"{"size": {"height": 2, "width": 3}}"#, "size should be shortest_edge"),
      (#"{"image_std": [1, 0, 1]}"#, "image_std should be three numbers above 0"),
      (#"{"image_mean": [1]}"#, "image_mean should be three"),
      (#"{"do_center_crop": false}"#, "do_center_crop is false"),
      (#"{"do_normalize": false}"#, "do_normalize is false"), (#"{"rescale_factor": 1}"#, "1/255"),
      (#"{"size": 0}"#, "size is 0"), ("[]", "the file"),
    ] {
      let error = #expect(throws: ModelError.self) { try read(json) }
      #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }
  }
}
