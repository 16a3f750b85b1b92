"""What a batch of 64 x 64 originals goes through before the network sees it, all images at once."""

import math

import torch
from torch.nn import functional as F

from network import DTYPE

SIDE = 64


def to_input(images):
    """N x 64 x 64 x 3 bytes as N x 3 x 64 x 64 in [-1, 1], channels last."""
    return images.float().div_(127.5).sub_(1).permute(0, 3, 1, 2)


def enlarged(x, resolution):
    """As the exported graph enlarges them: bilinear, half-pixel centres."""
    if x.shape[-1] == resolution:
        return x
    return F.interpolate(x, size=(resolution, resolution), mode='bilinear', align_corners=False)


def random_crops(count, least_area):
    """Parts of an image, of `least_area` to all of its area, at 3:4 to 4:3.

    Returns N x 4, in shares of the side: where rows and columns start, and how much of them it takes.
    """
    area = uniform(count, least_area, 1).sqrt_()
    ratio = uniform(count, math.log(3 / 4), math.log(4 / 3)).exp_().sqrt_()
    shares = torch.stack([area * ratio, area / ratio], 1).clamp_(max=1)
    return torch.cat([torch.rand(count, 2) * (1 - shares), shares], 1)


def augmented(images, resolution, crops, settings):
    """A batch of bytes as the network's input: recoloured; a part of it, sharper or softer, maybe mirrored, enlarged.

    Returns N x 3 x R x R in the network's DTYPE, channels last.
    """
    count = len(images)
    sharpness = uniform(count, -0.22, 0.3) * (torch.rand(count) < settings.resharpened)
    return cropped(recoloured(planes(images), settings.colours), resolution, crops, sharpness, torch.rand(count) < 0.5)


def planes(images):
    """N x 64 x 64 x 3 bytes as N x 64 rows x 3 x 64 columns in [-1, 1]: a row of the picture is a row of a matrix."""
    return images.permute(0, 1, 3, 2).contiguous().float().div_(127.5).sub_(1)


def cropped(x, resolution, crops, sharpness, mirrored):
    """Both axes are resampled by a matrix an image, which is several times faster than `grid_sample`."""
    count = len(x)
    rows = resampling(resolution, crops[:, 0], crops[:, 2], sharpness, torch.zeros(count, dtype=torch.bool))
    columns = resampling(resolution, crops[:, 1], crops[:, 3], sharpness, mirrored)
    x = torch.bmm(rows, x.to(DTYPE).view(count, SIDE, 3 * SIDE)).view(count, resolution * 3, SIDE)
    x = torch.bmm(x, columns.transpose(1, 2)).view(count, resolution, 3, resolution)
    return x.permute(0, 2, 1, 3).contiguous(memory_format=torch.channels_last)


def uniform(count, low, high):
    return torch.empty(count).uniform_(low, high)


def recoloured(x, strength):
    """Brightness, contrast and saturation of N x rows x 3 x columns; a few in greys."""
    count = len(x)
    saturation = (1 + strength * uniform(count, -0.4, 0.4)) * (torch.rand(count) >= 0.05 * strength)
    contrast, brightness = 1 + strength * uniform(count, -0.3, 0.3), strength * uniform(count, -0.2, 0.2)
    grey = x.mean(2, keepdim=True)
    mean = grey.mean((1, 2, 3))
    x = x.mul_((saturation * contrast)[:, None, None, None])
    grey = grey.mul_(((1 - saturation) * contrast)[:, None, None, None])
    grey += (mean * (1 - contrast) + brightness)[:, None, None, None]
    return x.add_(grey).clamp_(-1, 1)


def resampling(resolution, start, share, sharpness, mirrored):
    """Matrices N x resolution x 64 in the network's DTYPE that take an interval of the axis, with bilinear weights.

    Where the sharpness is s, each original first becomes (1 + 2s) of itself less s of each neighbour.
    """
    position = (torch.arange(resolution) + 0.5) / resolution
    position = torch.where(mirrored[:, None], 1 - position, position)
    centres = ((start[:, None] + position * share[:, None]) * SIDE - 0.5).clamp_(0, SIDE - 1)
    weights = (1 - (centres[:, :, None] - torch.arange(SIDE)).abs_()).clamp_(min=0)
    padded = F.pad(weights, (1, 1))
    neighbours = padded[:, :, 2:] + padded[:, :, :-2]
    strength = sharpness[:, None, None]
    resharpened = weights * (1 + 2 * strength) - neighbours * strength
    # At the border a neighbour is missing: the row still sums to one.
    return (resharpened / resharpened.sum(2, keepdim=True)).to(DTYPE)


def cut_mixed(x, targets, probability):
    """CutMix (arXiv 1905.04899): a box of each image is replaced by another's, the targets mixed by area."""
    if torch.rand(()) >= probability:
        return x, targets
    side = x.shape[-1]
    box = int(side * math.sqrt(torch.rand(()).item()))
    top, left = (int(torch.randint(0, side - box + 1, ())) for _ in range(2))
    other = torch.randperm(len(x))
    x[:, :, top : top + box, left : left + box] = x[other, :, top : top + box, left : left + box]
    share = box * box / (side * side)
    return x, (1 - share) * targets + share * targets[other]
