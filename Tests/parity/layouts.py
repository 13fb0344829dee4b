"""The layouts of checkpoints: how each is written, and read back by the library it belongs to.

A model's parameters go by one set of names, those of Hugging Face's files of the family (the
`CLIPVisionModelWithProjection` of transformers for all of CLIP's); each layout maps them to its own.
"""
import dataclasses
import os

import open_clip
import torch
import transformers
from safetensors.torch import load_file, save_file

transformers.logging.set_verbosity_error()
transformers.utils.logging.disable_progress_bar()

CLIP_SIZES = dict(hidden_size=32, num_hidden_layers=2, num_attention_heads=4, image_size=16,
                  patch_size=4, intermediate_size=48, projection_dim=24)
VIT_SIZES = dict(hidden_size=32, num_hidden_layers=2, num_attention_heads=4, image_size=16,
                 patch_size=4)
B32_SIZES = dict(hidden_size=768, num_hidden_layers=12, num_attention_heads=12, image_size=224,
                 patch_size=32, intermediate_size=3072, projection_dim=512)
PROJECTION = "visual_projection.weight"
PREFIX = "vision_model."


@dataclasses.dataclass
class Tower:
    """A vision tower in float64 whose parameters come from outside."""

    module: torch.nn.Module
    parameters: dict   # canonical name -> float32 tensor, as the files have it
    to_module: object  # canonical parameters -> the module's
    read_out: object   # (module, pixels) -> features

    def features(self, parameters, pixels):
        wrapped = _Features(self.module, self.read_out)
        named = {"module." + n: t for n, t in self.to_module(parameters).items()}
        return torch.func.functional_call(wrapped, named, (pixels.double(),))


class _Features(torch.nn.Module):
    def __init__(self, module, read_out):
        super().__init__()
        self.module, self.read_out = module, read_out

    def forward(self, pixels):
        return self.read_out(self.module, pixels)


# --- transformers -----------------------------------------------------------------------------

def _renamed(name, pairs):
    for new, old in pairs:
        name = name.replace(new, old)
    return name


_ATTENTION = [("attention.q_proj", "attention.attention.query"),
              ("attention.k_proj", "attention.attention.key"),
              ("attention.v_proj", "attention.attention.value"),
              ("attention.o_proj", "attention.output.dense")]
_VIT = [("layers.", "encoder.layer.")] + _ATTENTION + [
    ("mlp.fc1", "intermediate.dense"), ("mlp.fc2", "output.dense")]

# class -> (canonical name of a module's parameter or None, features)
_KINDS = {
    "CLIPVisionModelWithProjection": (
        lambda n: n, lambda m, x: m(x).image_embeds),
    "CLIPVisionModel": (
        lambda n: n if n.startswith(PREFIX) else PREFIX + n, lambda m, x: m(x).pooler_output),
    "CLIPModel": (
        lambda n: n if n.startswith(PREFIX) or n == PROJECTION else None,
        lambda m, x: m.visual_projection(m.vision_model(x).pooler_output)),
    "ViTModel": (
        lambda n: _renamed(n, _VIT), lambda m, x: m(x).last_hidden_state[:, 0]),
    "Dinov2Model": (
        lambda n: None if n.endswith("mask_token") else _renamed(n, _ATTENTION),
        lambda m, x: m(x).last_hidden_state[:, 0]),
}


@dataclasses.dataclass
class HuggingFace:
    """A folder of save_pretrained."""

    name: str
    base: str = "CLIPVisionModelWithProjection"
    expert: str = None           # another class for the experts
    sizes: dict = None
    activation: str = "quick_gelu"
    dtype: torch.dtype = torch.float32
    shard: str = None            # max_shard_size
    has_old_prefix: bool = False  # vision_model., as transformers 4 wrote CLIPVisionModel
    base_name = "base"
    hidden_act = None            # config.json has it

    def expert_name(self, task):
        return f"ft{task}"

    def _new(self, kind):
        sizes = self.sizes or (CLIP_SIZES if kind.startswith("CLIP") else VIT_SIZES)
        if kind == "ViTModel":
            config = transformers.ViTConfig(intermediate_size=48, hidden_act="gelu", **sizes)
            return transformers.ViTModel._from_config(
                config, attn_implementation="sdpa", add_pooling_layer=False)
        if kind == "Dinov2Model":
            config = transformers.Dinov2Config(mlp_ratio=2, **sizes)
            return transformers.Dinov2Model._from_config(config, attn_implementation="sdpa")
        config = transformers.CLIPVisionConfig(hidden_act=self.activation, **sizes)
        if kind == "CLIPModel":
            text = dict(hidden_size=16, intermediate_size=16, num_hidden_layers=1,
                        num_attention_heads=2, vocab_size=20, max_position_embeddings=7,
                        projection_dim=sizes["projection_dim"])
            config = transformers.CLIPConfig(
                vision_config=config.to_dict(), text_config=text,
                projection_dim=sizes["projection_dim"])
        return getattr(transformers, kind)._from_config(config, attn_implementation="sdpa")

    def shapes(self):
        name_of, _ = _KINDS[self.base]
        with torch.device("meta"):
            module = self._new(self.base)
        named = ((name_of(n), p.shape) for n, p in module.named_parameters())
        return {n: tuple(shape) for n, shape in named if n}

    def save(self, path, parameters, is_expert):
        kind = self.expert if is_expert and self.expert else self.base
        name_of, _ = _KINDS[kind]
        torch.manual_seed(0)  # what is not the vision tower's is the same in all files
        module = self._new(kind)
        with torch.no_grad():
            for n, p in module.named_parameters():
                if name_of(n):
                    p.copy_(parameters[name_of(n)])
        options = dict(max_shard_size=self.shard) if self.shard else {}
        module.to(self.dtype).save_pretrained(path, **options)
        if self.has_old_prefix:
            file = os.path.join(path, "model.safetensors")
            tensors = {n if n.startswith(PREFIX) else PREFIX + n: t
                       for n, t in load_file(file).items()}
            save_file(tensors, file, {"format": "pt"})

    def load(self, path, base=None):
        kind = self.expert if base and self.expert else self.base
        name_of, read_out = _KINDS[kind]
        options = dict(add_pooling_layer=False) if kind == "ViTModel" else {}
        module, info = getattr(transformers, kind).from_pretrained(
            path, dtype=torch.float32, attn_implementation="sdpa", output_loading_info=True,
            **options)
        problems = {k: v for k, v in info.items() if v}
        assert not problems, f"{path}: {problems}"
        own = {name_of(n): n for n, _ in module.named_parameters() if name_of(n)}
        values = dict(module.named_parameters())
        parameters = {n: values[m].detach().clone() for n, m in own.items()}
        if base and PROJECTION in base.parameters and PROJECTION not in parameters:
            parameters[PROJECTION] = base.parameters[PROJECTION]
        module = module.double().eval().requires_grad_(False)
        return Tower(module, parameters,
                     lambda p: {m: p[n] for n, m in own.items()}, read_out)

    def load_merged(self, path):
        return self.load(path)


# --- open_clip --------------------------------------------------------------------------------

@dataclasses.dataclass
class OpenCLIP:
    """Weights alone under open_clip's names: safetensors of a whole model, or the state dict of the
    ImageEncoder of task_vectors and AdaMerging, from torch.save."""

    name: str
    is_torch: bool = False
    activation: str = "quick_gelu"
    dtype: torch.dtype = torch.float32
    width, layers, hidden, image, patch, embedding = 128, 2, 64, 8, 4, 16

    @property
    def base_name(self):
        return "base.pt" if self.is_torch else "base.safetensors"

    @property
    def hidden_act(self):
        return None if self.activation == "quick_gelu" else self.activation

    def expert_name(self, task):
        return self.base_name.replace("base", f"ft{task}")

    def _new(self):
        torch.manual_seed(0)
        return open_clip.CLIP(
            self.embedding,
            dict(image_size=self.image, patch_size=self.patch, width=self.width,
                 layers=self.layers, head_width=64, mlp_ratio=self.hidden / self.width),
            dict(context_length=7, vocab_size=20, width=16, heads=2, layers=1),
            quick_gelu=self.activation == "quick_gelu")

    def shapes(self):
        sizes = dict(CLIP_SIZES, hidden_size=self.width, num_hidden_layers=self.layers,
                     num_attention_heads=self.width // 64, image_size=self.image,
                     patch_size=self.patch, intermediate_size=self.hidden,
                     projection_dim=self.embedding)
        return HuggingFace(self.name, sizes=sizes).shapes()

    def _pairs(self):
        """(name in the tower, canonical names that it joins, whether transposed)"""
        yield "class_embedding", [PREFIX + "embeddings.class_embedding"], False
        yield "positional_embedding", [PREFIX + "embeddings.position_embedding.weight"], False
        yield "conv1.weight", [PREFIX + "embeddings.patch_embedding.weight"], False
        yield "proj", [PROJECTION], True
        for part in ["weight", "bias"]:
            yield f"ln_pre.{part}", [f"{PREFIX}pre_layrnorm.{part}"], False
            yield f"ln_post.{part}", [f"{PREFIX}post_layernorm.{part}"], False
            for i in range(self.layers):
                theirs, ours = f"transformer.resblocks.{i}.", f"{PREFIX}encoder.layers.{i}."
                yield (f"{theirs}attn.in_proj_{part}",
                       [f"{ours}self_attn.{x}_proj.{part}" for x in "qkv"], False)
                for a, b in [("attn.out_proj", "self_attn.out_proj"), ("ln_1", "layer_norm1"),
                             ("ln_2", "layer_norm2"), ("mlp.c_fc", "mlp.fc1"),
                             ("mlp.c_proj", "mlp.fc2")]:
                    yield f"{theirs}{a}.{part}", [f"{ours}{b}.{part}"], False

    def _to_module(self, parameters):
        def tensor(names, is_transposed):
            joined = torch.cat([parameters[n] for n in names]) if len(names) > 1 \
                else parameters[names[0]]
            return joined.t() if is_transposed else joined
        return {"visual." + n: tensor(names, t) for n, names, t in self._pairs()}

    def save(self, path, parameters, is_expert):
        module = self._new()
        module.load_state_dict(self._to_module(parameters), strict=False)
        state = {n: t.to(self.dtype) if t.is_floating_point() else t
                 for n, t in module.state_dict().items()}
        if not self.is_torch:
            return save_file({n: t.contiguous() for n, t in state.items()}, path, {"format": "pt"})
        # ImageEncoder drops the text tower's blocks and keeps its other tensors.
        torch.save({"model." + n: t for n, t in state.items()
                    if not n.startswith("transformer.")}, path)

    def load(self, path, base=None):
        if self.is_torch and path.endswith(".pt"):
            state = torch.load(path, weights_only=True)
        else:
            state = load_file(path)
        state = {n.removeprefix("model."): t.float() for n, t in state.items()}
        module = self._new()
        result = module.load_state_dict(state, strict=False)
        missing = [n for n in result.missing_keys if n.startswith("visual.") or not self.is_torch]
        assert not missing and not result.unexpected_keys, f"{path}: {result}"
        parameters = {}
        for name, names, is_transposed in self._pairs():
            tensor = module.state_dict()["visual." + name]
            tensor = tensor.t() if is_transposed else tensor
            parts = tensor.chunk(len(names)) if len(names) > 1 else [tensor]
            parameters.update({n: t.detach().clone() for n, t in zip(names, parts)})
        parameters = {n: parameters[n] for n in self.shapes()}
        module = module.double().eval().requires_grad_(False)
        return Tower(module, parameters, self._to_module, lambda m, x: m.visual(x))

    def load_merged(self, path):
        return self.load(os.path.join(path, "model.safetensors"))


ALL = [
    HuggingFace("clip-quick-gelu"),
    HuggingFace("clip-gelu", activation="gelu"),
    HuggingFace("clip-whole", base="CLIPModel"),
    HuggingFace("clip-no-projection", base="CLIPVisionModel"),
    HuggingFace("clip-old-prefix", base="CLIPVisionModel", has_old_prefix=True),
    HuggingFace("clip-experts-no-projection", expert="CLIPVisionModel"),
    HuggingFace("clip-shards", shard="40KB"),
    HuggingFace("clip-f16", dtype=torch.float16),
    HuggingFace("clip-bf16", dtype=torch.bfloat16),
    OpenCLIP("open_clip-safetensors"),
    OpenCLIP("open_clip-gelu-f16", activation="gelu", dtype=torch.float16),
    OpenCLIP("open_clip-pt", is_torch=True),
    HuggingFace("vit", base="ViTModel"),
    HuggingFace("dinov2", base="Dinov2Model"),
]
LARGE = HuggingFace("clip-b32", sizes=B32_SIZES)
