import Checkpoints
import Foundation
import TensorCore
import VisionModels

/// The vision transformer written down as scalar loops in double precision, token by token, with no
/// shortcut: what the fast one is measured against.
struct ReferenceTransformer {
  let configuration: ViTConfiguration
  let layout: ParameterLayout

  typealias Rows = [[Double]]

  /// The features of one image, `[3, S, S]`.
  func features(of pixels: [Float], _ parameters: [Double]) -> [Double] {
    func tower(_ name: String) -> ArraySlice<Double> {
      parameter("vision_model.\(name)", parameters)
    }
    var x = embeddings(of: pixels, parameters)
    x = norm(x, tower("pre_layrnorm.weight"), tower("pre_layrnorm.bias"))
    for index in 0..<configuration.layerCount {
      func layer(_ name: String) -> ArraySlice<Double> { tower("encoder.layers.\(index).\(name)") }
      func project(_ rows: Rows, _ name: String) -> Rows {
        linear(rows, layer("\(name).weight"), layer("\(name).bias"))
      }
      var y = norm(x, layer("layer_norm1.weight"), layer("layer_norm1.bias"))
      let context = attention(
        project(y, "self_attn.q_proj"), project(y, "self_attn.k_proj"),
        project(y, "self_attn.v_proj"))
      x = sum(x, project(context, "self_attn.out_proj"))
      y = norm(x, layer("layer_norm2.weight"), layer("layer_norm2.bias"))
      let hidden = project(y, "mlp.fc1").map { $0.map(activation) }
      x = sum(x, project(hidden, "mlp.fc2"))
    }
    let pooled = norm([x[0]], tower("post_layernorm.weight"), tower("post_layernorm.bias"))
    return linear(pooled, parameter("visual_projection.weight", parameters), nil)[0]
  }

  private func parameter(_ name: String, _ parameters: [Double]) -> ArraySlice<Double> {
    parameters[layout[name]!.range]
  }

  private func embeddings(of pixels: [Float], _ parameters: [Double]) -> Rows {
    let prefix = "vision_model.embeddings"
    let kernel = parameter("\(prefix).patch_embedding.weight", parameters)
    let position = parameter("\(prefix).position_embedding.weight", parameters)
    let (size, patch, width) = (
      configuration.imageSize, configuration.patchSize, configuration.width
    )
    let side = size / patch
    var rows = [Array(parameter("\(prefix).class_embedding", parameters))]
    for top in 0..<side {
      for left in 0..<side {
        var row = [Double](repeating: 0, count: width)
        for output in 0..<width {
          for channel in 0..<3 {
            for y in 0..<patch {
              for x in 0..<patch {
                let weight = kernel.startIndex + ((output * 3 + channel) * patch + y) * patch + x
                let pixel = (channel * size + top * patch + y) * size + left * patch + x
                row[output] += kernel[weight] * Double(pixels[pixel])
              }
            }
          }
        }
        rows.append(row)
      }
    }
    for (index, value) in position.enumerated() { rows[index / width][index % width] += value }
    return rows
  }

  private func norm(_ rows: Rows, _ gamma: ArraySlice<Double>, _ beta: ArraySlice<Double>) -> Rows {
    rows.map { row in
      let mean = row.reduce(0, +) / Double(row.count)
      let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(row.count)
      let scale = 1 / (variance + Double(configuration.layerNormEpsilon)).squareRoot()
      return row.indices.map { i in
        (row[i] - mean) * scale * gamma[gamma.startIndex + i] + beta[beta.startIndex + i]
      }
    }
  }

  private func linear(
    _ rows: Rows, _ weight: ArraySlice<Double>, _ bias: ArraySlice<Double>?
  ) -> Rows {
    rows.map { row in
      (0..<weight.count / row.count).map { output in
        var sum = bias.map { $0[$0.startIndex + output] } ?? 0
        let start = weight.startIndex + output * row.count
        for i in row.indices { sum += weight[start + i] * row[i] }
        return sum
      }
    }
  }

  private func attention(_ q: Rows, _ k: Rows, _ v: Rows) -> Rows {
    let headWidth = configuration.width / configuration.headCount
    return q.map { query in
      (0..<configuration.headCount).flatMap { head in
        let columns = head * headWidth..<(head + 1) * headWidth
        let powers = k.map { key in
          exp(columns.reduce(0) { $0 + query[$1] * key[$1] } / Double(headWidth).squareRoot())
        }
        let total = powers.reduce(0, +)
        return columns.map { column in
          zip(powers, v).reduce(0) { $0 + $1.0 / total * $1.1[column] }
        }
      }
    }
  }

  private func activation(_ x: Double) -> Double {
    switch configuration.activation {
    case .quickGELU: x / (1 + exp(-1.702 * x))
    case .gelu: x * 0.5 * erfc(-x / 2.0.squareRoot())
    }
  }

  private func sum(_ left: Rows, _ right: Rows) -> Rows {
    zip(left, right).map { zip($0, $1).map { $0 + $1 } }
  }
}
