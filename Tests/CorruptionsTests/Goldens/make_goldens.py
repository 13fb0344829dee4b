#!/usr/bin/env python3
"""Makes hashes.csv and numpy.json beside this file from the published packages.

    pip install imagecorruptions==1.1.2 numpy scipy scikit-image opencv-python-headless pillow \
        xxhash Wand
    apt-get install libmagickwand-6.q16-6
    python make_goldens.py

The goldens in the repository were made with numpy 2.4.6, scipy 1.17.1, scikit-image 0.26.0,
OpenCV 5.0.0, Pillow 13.0.0 and ImageMagick 6.9.11-60 Q16. Profile `imagecorruptions` is the
package itself; `adamerging` is that package's code with CIFAR-10-C's constants and with the
differences of FusionBench's make_corruption.py (ImageMagick's motion blur, single precision in
spatter, 32 x 32 in pixelate). The corruptions that FusionBench lacks have goldens of `cifar-c`
instead: the package's code with CIFAR-10-C's constants, and Hendrycks' zoom, which cuts an
enlargement on all sides, along each axis.
"""
import csv, io, json, os, pathlib, sys, tempfile, types

# With AVX-512 NumPy takes an exponential of its own, which is off by one in the last bit here and
# there, and truncation makes that a level: the published code depends on the processor. Newer
# versions of NumPy know the first name, older ones the others.
os.environ["NPY_DISABLE_CPU_FEATURES"] = (
    "X86_V4 AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL AVX512_SPR")
import cv2, numpy as np, xxhash
from PIL import Image
from skimage.filters import gaussian
import skimage.color
import skimage.util
import scipy.ndimage

# The package imports names that setuptools and scipy have dropped since.
sys.modules.setdefault("pkg_resources", types.SimpleNamespace(resource_filename=lambda *_: ""))
interpolation = types.ModuleType("scipy.ndimage.interpolation")
interpolation.map_coordinates = scipy.ndimage.map_coordinates
sys.modules.setdefault("scipy.ndimage.interpolation", interpolation)
import imagecorruptions.corruptions as published

if hasattr(cv2, "ipp"):
    cv2.ipp.setUseIPP(False)

HERE = pathlib.Path(__file__).parent
SEVEN = ["gaussian_noise", "impulse_noise", "motion_blur", "spatter", "contrast",
         "jpeg_compression", "pixelate"]
EIGHT = ["shot_noise", "speckle_noise", "gaussian_blur", "glass_blur", "defocus_blur", "zoom_blur",
         "brightness", "saturate"]
SIZES = [(64, 64), (53, 41)]


def image(width, height):
    """Slopes, rings and checks: the same integers as `testImage` of the Swift tests."""
    y, x = np.mgrid[0:height, 0:width].astype(np.int64)
    rings = (x * x + y * y) // 16 % 256
    checks = np.where((x // 8 + y // 8) % 2 == 0, 230, x * y // 8 % 256)
    return np.stack([(4 * x + 2 * y) % 256, rings, checks], axis=2).astype(np.uint8)


def seeded(seed, draw):
    """`draw()` with both of NumPy's generators at `seed`; impulse noise takes the newer one."""
    np.random.seed(seed)
    fresh = np.random.default_rng
    np.random.default_rng = lambda *_: fresh(seed)
    try:
        return np.uint8(draw())
    finally:
        np.random.default_rng = fresh



def gaussian_noise(x, s):
    x = np.array(x) / 255.0
    return np.clip(x + np.random.normal(size=x.shape, scale=[.04, .06, .08, .09, .10][s - 1]), 0, 1) * 255


def impulse_noise(x, s):
    x = skimage.util.random_noise(np.array(x) / 255.0, mode="s&p", amount=[.01, .02, .03, .05, .07][s - 1])
    return np.clip(x, 0, 1) * 255


def motion_blur(x, s):
    from wand.image import Image as WandImage
    radius, sigma = [(6, 1), (6, 1.5), (6, 2), (8, 2), (9, 2.5)][s - 1]
    buffer = io.BytesIO()
    x.save(buffer, format="PNG")
    with WandImage(blob=buffer.getvalue()) as wand:
        wand.motion_blur(radius=radius, sigma=sigma, angle=np.random.uniform(-45, 45))
        data = np.frombuffer(wand.make_blob(), np.uint8)
    return np.clip(cv2.imdecode(data, cv2.IMREAD_UNCHANGED)[..., [2, 1, 0]], 0, 255)


def spatter(x, s):
    c = [(.62, .1, .7, .7, .5, 0), (.65, .1, .8, .7, .5, 0), (.65, .3, 1, .69, .5, 0),
         (.65, .1, .7, .69, .6, 1), (.65, .1, .5, .68, .6, 1)][s - 1]
    x = np.array(x, dtype=np.float32) / 255.0
    layer = gaussian(np.random.normal(size=x.shape[:2], loc=c[0], scale=c[1]), sigma=c[2])
    layer[layer < c[3]] = 0
    if c[5] == 0:
        layer = (layer * 255).astype(np.uint8)
        dist = 255 - cv2.Canny(layer, 50, 150)
        dist = cv2.distanceTransform(dist, cv2.DIST_L2, 5)
        _, dist = cv2.threshold(dist, 20, 20, cv2.THRESH_TRUNC)
        dist = cv2.equalizeHist(cv2.blur(dist, (3, 3)).astype(np.uint8))
        dist = cv2.filter2D(dist, cv2.CV_8U, np.array([[-2, -1, 0], [-1, 1, 1], [0, 1, 2]]))
        dist = cv2.blur(dist, (3, 3)).astype(np.float32)
        m = cv2.cvtColor(layer * dist, cv2.COLOR_GRAY2BGRA)
        m /= np.max(m, axis=(0, 1))
        m *= c[4]
        color = np.concatenate([v / 255.0 * np.ones_like(m[..., :1]) for v in (175, 238, 238)], axis=2)
        color = cv2.cvtColor(color, cv2.COLOR_BGR2BGRA)
        x = cv2.cvtColor(x, cv2.COLOR_BGR2BGRA)
        return cv2.cvtColor(np.clip(x + m * color, 0, 1), cv2.COLOR_BGRA2BGR) * 255
    m = gaussian(np.where(layer > c[3], 1, 0).astype(np.float32), sigma=c[4])
    m[m < 0.8] = 0
    color = np.concatenate([v / 255.0 * np.ones_like(x[..., :1]) for v in (63, 42, 20)], axis=2)
    color *= m[..., np.newaxis]
    x *= 1 - m[..., np.newaxis]
    return np.clip(x + color, 0, 1) * 255


def contrast(x, s):
    x = np.array(x) / 255.0
    means = np.mean(x, axis=(0, 1), keepdims=True)
    return np.clip((x - means) * [.75, .5, .4, .3, .15][s - 1] + means, 0, 1) * 255


def jpeg_compression(x, s):
    buffer = io.BytesIO()
    x.save(buffer, "JPEG", quality=[80, 65, 58, 50, 40][s - 1])
    return Image.open(buffer)


def pixelate(x, s):
    side = int(32 * [.95, .9, .85, .75, .65][s - 1])
    return x.resize((side, side), Image.BOX).resize((32, 32), Image.BOX)


# Weather and elastic transform: the package's own for `imagecorruptions`, CIFAR-10-C's for `cifar-c`.
WEATHER = ["fog", "snow", "frost", "elastic_transform"]
# Width and height of the five pictures that stand in for the photographs of frost, drawn by `image`:
# small ones that must be enlarged, large ones for a fifth of their size.
ART = {"imagecorruptions": [(96, 80), (50, 70), (60, 40), (40, 45), (64, 64)],
       "cifar-c": [(400, 380), (340, 400), (360, 360), (420, 350), (345, 345)]}


def art(profile):
    """Writes the pictures and makes the package find them."""
    folder = pathlib.Path(tempfile.mkdtemp())
    names = ["frost1.png", "frost2.png", "frost3.png", "frost4.jpg", "frost5.jpg"]
    for name, size in zip(names, ART[profile]):
        Image.fromarray(image(*size)).save(folder / name, format="PNG")
    published.resource_filename = lambda _, path: str(folder / pathlib.Path(path).name)
    return [str(folder / name) for name in names]


def fog(x, s):
    amount, decay = [(.2, 3), (.5, 3), (.75, 2.5), (1, 2), (1.5, 1.75)][s - 1]
    x = np.array(x) / 255.0
    height, width = x.shape[:2]
    side = max(32, published.next_power_of_2(max(height, width)))
    veil = amount * published.plasma_fractal(side, decay)[:height, :width, np.newaxis]
    return np.clip((x + veil) * x.max() / (x.max() + amount), 0, 1) * 255


def snow(x, s):
    from wand.image import Image as WandImage
    loc, scale, zoom, threshold, radius, sigma, mix = [
        (.1, .2, 1, .6, 8, 3, .95), (.1, .2, 1, .5, 10, 4, .9), (.15, .3, 1.75, .55, 10, 4, .9),
        (.25, .3, 2.25, .6, 12, 6, .85), (.3, .3, 1.25, .65, 14, 12, .8)][s - 1]
    x = np.array(x, dtype=np.float32) / 255.0
    height, width = x.shape[:2]
    layer = np.random.normal(size=(height, width), loc=loc, scale=scale)
    seen = [int(np.ceil(n / zoom)) for n in layer.shape]
    top, left = [(n - m) // 2 for n, m in zip(layer.shape, seen)]
    layer = scipy.ndimage.zoom(layer[top:top + seen[0], left:left + seen[1]], zoom, order=1)
    top, left = (layer.shape[0] - height) // 2, (layer.shape[1] - width) // 2
    layer = layer[top:top + height, left:left + width]
    layer = (np.clip(np.where(layer < threshold, 0, layer), 0, 1) * 255).astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(layer).save(buffer, format="PNG")
    with WandImage(blob=buffer.getvalue()) as wand:
        wand.motion_blur(radius=radius, sigma=sigma, angle=np.random.uniform(-135, -45))
        data = np.frombuffer(wand.make_blob(), np.uint8)
    layer = cv2.imdecode(data, cv2.IMREAD_GRAYSCALE)[..., np.newaxis] / 255.0
    gray = cv2.cvtColor(x, cv2.COLOR_RGB2GRAY)[..., np.newaxis]
    x = mix * x + (1 - mix) * np.maximum(x, gray * 1.5 + 0.5)
    return np.clip(x + layer + np.rot90(layer, k=2), 0, 1) * 255


def frost(x, s):
    a, b = [(1, .2), (1, .3), (.9, .4), (.85, .4), (.75, .45)][s - 1]
    x = np.array(x)
    pane = cv2.resize(cv2.imread(PICTURES[np.random.randint(5)]), (0, 0), fx=.2, fy=.2)
    top = np.random.randint(0, pane.shape[0] - x.shape[0])
    left = np.random.randint(0, pane.shape[1] - x.shape[1])
    pane = pane[top:top + x.shape[0], left:left + x.shape[1], ::-1]
    return np.clip(a * x + b * pane, 0, 255)


def elastic_transform(x, s):
    alpha, sigma, move = [32 * np.array(c) for c in (
        (0, 0, .08), (.05, .2, .07), (.08, .06, .06), (.1, .04, .05), (.1, .03, .03))][s - 1]
    x = np.array(x, dtype=np.float32) / 255.0
    size = x.shape[:2]
    center, reach = np.float32(size) // 2, min(size) // 3
    before = np.float32([center + reach, [center[0] + reach, center[1] - reach], center - reach])
    after = before + np.random.uniform(-move, move, size=(3, 2)).astype(np.float32)
    x = cv2.warpAffine(x, cv2.getAffineTransform(before, after), size[::-1],
                       borderMode=cv2.BORDER_REFLECT_101)
    dx, dy = [(gaussian(np.random.uniform(-1, 1, size=size), sigma, mode="reflect", truncate=3)
               * alpha).astype(np.float32) for _ in range(2)]
    rows, columns = np.mgrid[0:size[0], 0:size[1]]
    warped = [scipy.ndimage.map_coordinates(x[..., c], [rows + dy, columns + dx], order=1,
                                            mode="reflect") for c in range(3)]
    return np.clip(np.stack(warped, axis=2), 0, 1) * 255


def scaled(x):
    return np.array(x) / 255.0


def shot_noise(x, s):
    c = [500, 250, 100, 75, 50][s - 1]
    return np.clip(np.random.poisson(scaled(x) * c) / c, 0, 1) * 255


def speckle_noise(x, s):
    x = scaled(x)
    noise = np.random.normal(size=x.shape, scale=[.06, .1, .12, .16, .2][s - 1])
    return np.clip(x + x * noise, 0, 1) * 255


def gaussian_blur(x, s):
    return np.clip(gaussian(scaled(x), sigma=[.4, .6, .7, .8, 1][s - 1], channel_axis=-1), 0, 1) * 255


def glass_blur(x, s):
    sigma, d, iterations = [(.05, 1, 1), (.25, 1, 1), (.4, 1, 1), (.25, 1, 2), (.4, 1, 2)][s - 1]
    x = np.uint8(gaussian(scaled(x), sigma=sigma, channel_axis=-1) * 255)
    for _ in range(iterations):
        for h in range(x.shape[0] - d, d, -1):
            for w in range(x.shape[1] - d, d, -1):
                dx, dy = np.random.randint(-d, d, size=(2,))
                x[h, w] = x[h + dy, w + dx]
    return np.clip(gaussian(x / 255.0, sigma=sigma, channel_axis=-1), 0, 1) * 255


def defocus_blur(x, s):
    radius, alias = [(.3, .4), (.4, .5), (.5, .6), (1, .2), (1.5, .1)][s - 1]
    kernel = published.disk(radius=radius, alias_blur=alias)
    x = scaled(x)
    return np.clip(np.stack([cv2.filter2D(x[..., d], -1, kernel) for d in range(3)], 2), 0, 1) * 255


def zoom_blur(x, s):
    x = scaled(x).astype(np.float32)
    factors = np.arange(1, [1.06, 1.11, 1.16, 1.21, 1.26][s - 1], .01)
    out = np.zeros_like(x)
    for z in factors:
        height, width = [int(np.ceil(n / z)) for n in x.shape[:2]]
        top, left = (x.shape[0] - height) // 2, (x.shape[1] - width) // 2
        layer = scipy.ndimage.zoom(x[top:top + height, left:left + width], (z, z, 1), order=1)
        top, left = (layer.shape[0] - x.shape[0]) // 2, (layer.shape[1] - x.shape[1]) // 2
        out += layer[top:top + x.shape[0], left:left + x.shape[1]]
    return np.clip((x + out) / (len(factors) + 1), 0, 1) * 255


def brightness(x, s):
    x = skimage.color.rgb2hsv(scaled(x))
    x[..., 2] = np.clip(x[..., 2] + [.05, .1, .15, .2, .3][s - 1], 0, 1)
    return np.clip(skimage.color.hsv2rgb(x), 0, 1) * 255


def saturate(x, s):
    factor, shift = [(.3, 0), (.1, 0), (1.5, 0), (2, .1), (2.5, .2)][s - 1]
    x = skimage.color.rgb2hsv(scaled(x))
    x[..., 1] = np.clip(x[..., 1] * factor + shift, 0, 1)
    return np.clip(skimage.color.hsv2rgb(x), 0, 1) * 255


def legacy_impulses(x, amount):
    """scikit-image 0.18's `random_noise(x, mode="s&p", amount=amount)`."""
    x = scaled(x)
    flipped = np.random.choice([True, False], size=x.shape, p=[amount, 1 - amount])
    salted = np.random.choice([True, False], size=x.shape, p=[.5, .5])
    x[flipped & salted] = 1
    x[flipped & ~salted] = 0
    return np.clip(x, 0, 1) * 255


def renamed(function):
    """scikit-image has renamed the package's keyword."""
    def call(image, sigma, multichannel=False, **keywords):
        return function(image, sigma=sigma, channel_axis=-1 if multichannel else None, **keywords)
    return call


published.gaussian = renamed(gaussian)
PROFILES = {"imagecorruptions": lambda name: getattr(published, name),
            "adamerging": lambda name: globals()[name], "cifar-c": lambda name: globals()[name]}

with open(HERE / "hashes.csv", "w", newline="") as file:
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(["width", "height", "profile", "corruption", "severity", "seed", "xxh3_128"])
    def write(names, first, profiles):
        for width, height in SIZES:
            picture = Image.fromarray(image(width, height))
            for profile in profiles:
                for index, name in enumerate(names, first):
                    for severity in range(1, 6):
                        seed = 100 * index + severity
                        corrupt = PROFILES[profile](name)
                        pixels = seeded(seed, lambda: np.array(corrupt(picture, severity)))
                        digest = xxhash.xxh3_128_hexdigest(np.ascontiguousarray(pixels).tobytes())
                        rows.writerow([width, height, profile, name, severity, seed, digest])

    write(SEVEN, 0, ["imagecorruptions", "adamerging"])
    write(EIGHT, 7, ["imagecorruptions", "cifar-c"])
    for profile, function in PROFILES.items():
        if profile not in ART:
            continue
        PICTURES = art(profile)
        for width, height in SIZES:
            picture = Image.fromarray(image(width, height))
            for index, name in enumerate(WEATHER):
                for severity in range(1, 6):
                    seed = 100 * (len(SEVEN) + index) + severity
                    pixels = seeded(seed, lambda: np.array(function(name)(picture, severity)))
                    digest = xxhash.xxh3_128_hexdigest(np.ascontiguousarray(pixels).tobytes())
                    rows.writerow([width, height, profile, name, severity, seed, digest])

impulses = seeded(5, lambda: legacy_impulses(Image.fromarray(image(40, 30)), .3))
print("impulse_noise, legacy, amount .3, 40 x 30, seed 5:", xxhash.xxh3_128_hexdigest(impulses.tobytes()))

draws = []
for seed in (0, 1, 20240229, 2**32 - 1):
    state = np.random.RandomState(seed)
    generator = np.random.default_rng(seed)
    draws.append({
        "seed": seed,
        "uniforms": state.random_sample(3).tolist(),
        "normals": state.standard_normal(5).tolist(),
        "integers": state.randint(-3, 7, size=6).tolist(),
        "signs": state.randint(-1, 1, size=6).tolist(),
        "moreNormals": state.standard_normal(2).tolist(),
        "lateUniform": state.random_sample(2000)[-1],
        "poissons": state.poisson(3 * [0, .01, .3, 4, 9.99, 10, 12.5, 60, 500.5, 1e6]).tolist(),
        "generator": generator.random(4).tolist(),
    })
(HERE / "numpy.json").write_text(json.dumps(draws, indent=1) + "\n")
