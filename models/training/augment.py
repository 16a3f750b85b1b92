"""What a batch of squares goes through before the network sees it, all of an array's at once."""

import math

import torch

from network import DTYPE

# Of the photos: shrunk to so many pixels and enlarged again. Two thirds of the sets have no more, and blur must not tell a set.
SHRUNK, SMALLEST, LARGEST = 0.4, 48, 128


def uniform(count, low, high):
    return torch.empty(count).uniform_(low, high)


def cropped(images, resolution, least_area):
    """Parts of N x S x S x 3 bytes, of `least_area` to all of it, at 3:4 to 4:3, some blurred, half of them mirrored.

    Returns N x resolution rows x 3 x resolution columns, 0 to 255: both axes are resampled by a matrix an image.
    """
    count, side = len(images), images.shape[1]
    area = uniform(count, least_area, 1).sqrt_()
    ratio = uniform(count, math.log(3 / 4), math.log(4 / 3)).exp_().sqrt_()
    shares = torch.stack([area * ratio, area / ratio], 1).clamp_(max=1)
    starts = torch.rand(count, 2) * (1 - shares)
    blur = torch.ones(count)
    if side > 64:
        pixels = uniform(count, SMALLEST, LARGEST)
        shrunk = (side / pixels * min(1, resolution / side)).clamp(1, 3.5)
        blur = torch.where(torch.rand(count) < SHRUNK, shrunk, blur)
    upright = torch.zeros(count, dtype=torch.bool)
    rows = resampling(resolution, side, starts[:, 0], shares[:, 0], blur, upright)
    columns = resampling(resolution, side, starts[:, 1], shares[:, 1], blur, torch.rand(count) < 0.5)
    x = images.permute(0, 1, 3, 2).to(DTYPE, memory_format=torch.contiguous_format)
    x = torch.bmm(rows, x.view(count, side, 3 * side)).view(count, resolution * 3, side)
    return torch.bmm(x, columns.transpose(1, 2)).view(count, resolution, 3, resolution)


def resampling(resolution, side, start, share, blur, mirrored):
    """Matrices N x resolution x side that take an interval of the axis by a triangle filter, as the product does, `blur` times as wide."""
    position = (torch.arange(resolution) + 0.5) / resolution
    position = torch.where(mirrored[:, None], 1 - position, position)
    centres = ((start[:, None] + position * share[:, None]) * side - 0.5).clamp_(0, side - 1)
    width = (share * side / resolution).clamp_(min=1) * blur
    weights = (1 - (centres[:, :, None] - torch.arange(side)).abs_() / width[:, None, None]).clamp_(min=0)
    return (weights / weights.sum(2, keepdim=True)).to(DTYPE)


def recoloured(x):
    """Brightness, contrast and saturation of N x R x 3 x R, 0 to 255. Returns the network's input: N x 3 x R x R in [-1, 1], channels last."""
    count, x = len(x), x.float().div_(127.5).sub_(1)
    saturation, contrast, brightness = 1 + uniform(count, -0.3, 0.3), 1 + uniform(count, -0.25, 0.25), uniform(count, -0.15, 0.15)
    grey = x.mean(2, keepdim=True)
    mean = grey.mean((1, 2, 3))
    x = x.mul_((saturation * contrast)[:, None, None, None])
    grey = grey.mul_(((1 - saturation) * contrast)[:, None, None, None])
    grey += (mean * (1 - contrast) + brightness)[:, None, None, None]
    return x.add_(grey).clamp_(-1, 1).to(DTYPE).permute(0, 2, 1, 3).contiguous(memory_format=torch.channels_last)
