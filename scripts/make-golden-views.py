"""What Pillow and torchvision make of small pictures, for test/trainer/data: test/golden/views.json.

Usage: python3 scripts/make-golden-views.py OUT.json    (needs python3-pil and python3-numpy of Debian)

Pillow's own operations are run. torchvision is not needed: its PIL back end calls Pillow, and what it adds
(adjust_hue on 8-bit values, the Gaussian kernel of gaussian_blur, to_tensor and normalize) is written here in
numpy from the formulas of its documentation. Pictures are rows of pixels, channels side by side.
"""

import json
import pathlib
import sys

import numpy
import PIL
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

WIDTH, HEIGHT = 12, 9


def noise(count, seed):
    """The same numbers as a reader of this file gets by hand: a linear congruential generator."""
    values, state = [], seed
    for _ in range(count):
        state = (1664525 * state + 1013904223) % 2**32
        values.append(state >> 24)
    return values


def numbers(image):
    array = numpy.asarray(image)
    if array.dtype == numpy.uint8:
        return array.reshape(-1).tolist()
    return [float(numpy.float32(v)) for v in array.reshape(-1)]


def adjust_hue(image, factor):
    """torchvision.transforms.functional.adjust_hue for a PIL picture."""
    h, s, v = image.convert("HSV").split()
    shifted = numpy.asarray(h, dtype=numpy.uint8).astype(int) + int(factor * 255)
    return Image.merge("HSV", (Image.fromarray((shifted % 256).astype(numpy.uint8), "L"), s, v)).convert("RGB")


def gaussian_kernel(size, sigma):
    """torchvision's _get_gaussian_kernel1d."""
    half = (size - 1) / 2
    pdf = numpy.exp(-0.5 * (numpy.linspace(-half, half, size) / sigma) ** 2)
    return pdf / pdf.sum()


def gaussian_blur(array, size, sigma):
    """torchvision's gaussian_blur of a tensor: separable, the border reflected without its edge."""
    kernel, half = gaussian_kernel(size, sigma), size // 2
    padded = numpy.pad(array.astype(float), half, mode="reflect")
    rows = sum(kernel[i] * padded[:, i : i + array.shape[1]] for i in range(size))
    return sum(kernel[i] * rows[i : i + array.shape[0]] for i in range(size))


rgb = numpy.array(noise(WIDTH * HEIGHT * 3, 1), dtype=numpy.uint8).reshape(HEIGHT, WIDTH, 3)
# A smooth part, black, white and greys too: noise alone never meets the ends.
rgb[0, :4] = [[0, 0, 0], [255, 255, 255], [128, 128, 128], [255, 0, 0]]
rgb[5:, 6:, 0] = numpy.arange(24).reshape(4, 6) * 10
colour = Image.fromarray(rgb, "RGB")
grey = Image.fromarray(rgb[:, :, 1], "L")
deep_values = (numpy.array(noise(WIDTH * HEIGHT, 7), dtype=numpy.float32) / 255).reshape(HEIGHT, WIDTH)
deep = Image.fromarray(deep_values, "F")

bilinear, bicubic = Image.Resampling.BILINEAR, Image.Resampling.BICUBIC
results = {"hsv": numbers(colour.convert("HSV")), "luma": numbers(colour.convert("L"))}
for name, kind in (("bilinear", bilinear), ("bicubic", bicubic)):
    for width, height in ((5, 4), (17, 21), (7, 9), (12, 4)):
        results[f"resize {name} {width}x{height}"] = numbers(colour.resize((width, height), kind))
        results[f"resize deep {name} {width}x{height}"] = numbers(deep.resize((width, height), kind))
    # torchvision's resized_crop: left 3, top 2, 7 wide, 5 high.
    results[f"crop {name} 6x8"] = numbers(colour.crop((3, 2, 10, 7)).resize((6, 8), kind))
    results[f"crop deep {name} 6x8"] = numbers(deep.crop((3, 2, 10, 7)).resize((6, 8), kind))
results["flip"] = numbers(colour.transpose(Image.Transpose.FLIP_LEFT_RIGHT))
for factor in (0.2, 0.9, 1.0, 1.37, 1.8):
    results[f"brightness {factor}"] = numbers(ImageEnhance.Brightness(colour).enhance(factor))
    results[f"contrast {factor}"] = numbers(ImageEnhance.Contrast(colour).enhance(factor))
    results[f"contrast grey {factor}"] = numbers(ImageEnhance.Contrast(grey).enhance(factor))
    results[f"saturation {factor}"] = numbers(ImageEnhance.Color(colour).enhance(factor))
for factor in (-0.2, -0.05, 0.0, 0.13, 0.2):
    results[f"hue {factor}"] = numbers(adjust_hue(colour, factor))
for sigma in (0.1, 0.5, 1.0, 1.63, 2.0, 4.5):
    results[f"blur {sigma}"] = numbers(colour.filter(ImageFilter.GaussianBlur(sigma)))
for size, sigma in ((3, 0.3), (7, 1.0), (9, 1.4)):
    results[f"blur deep {size} {sigma}"] = numbers(gaussian_blur(deep_values, size, sigma).astype(numpy.float32))
for angle in (-10.0, 3.5, 30.0):
    results[f"rotate deep {angle}"] = numbers(deep.rotate(angle, bilinear))
results["solarise 128"] = numbers(ImageOps.solarize(colour, 128))
# to_tensor and normalize: planes, single precision.
mean = numpy.array([0.485, 0.456, 0.406], dtype=numpy.float32)
deviation = numpy.array([0.229, 0.224, 0.225], dtype=numpy.float32)
tensor = (rgb.astype(numpy.float32) / numpy.float32(255) - mean) / deviation
results["normalise"] = numbers(tensor.transpose(2, 0, 1))

# The whole of hue's arithmetic, by the sum over a grid of colours.
steps = numpy.arange(0, 256, 15, dtype=numpy.uint8)
grid = numpy.array([[r, g, b] for r in steps for g in steps for b in steps], dtype=numpy.uint8)
turned = numpy.asarray(adjust_hue(Image.fromarray(grid.reshape(18, -1, 3), "RGB"), 0.17)).reshape(-1)
weights = numpy.arange(turned.size, dtype=numpy.int64) % 997
results["hue grid 0.17"] = [int((turned.astype(numpy.int64) * weights).sum())]

pathlib.Path(sys.argv[1]).write_text(
    json.dumps(
        {
            "made by": f"scripts/make-golden-views.py with Pillow {PIL.__version__}",
            "width": WIDTH,
            "height": HEIGHT,
            "rgb": numbers(colour),
            "deep": numbers(deep),
            "results": results,
        }
    )
)
