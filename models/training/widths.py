"""Starts a width from another's trained weights: `python3 widths.py --weights FILE.safetensors --alpha 1.0 --cache CACHE --out START.pt`.

A wider network takes channels of the narrower one twice and computes the same at first (Net2Net, arXiv 1511.05641); a
narrower one keeps the channels that weigh most. `train.py --start START.pt` goes on from there.
"""

import argparse
import json
import math
import struct

import numpy as np
import torch

import data
import export
from network import BLOCKS, STEM_CHANNELS, MobileNet, scaled

# Of a filter's spread, added to the copies: alike, they would stay alike.
NOISE = 0.2
# Of the usual spread of a filter.
GAIN = 0.3
SEED, RESOLUTION = 1, 64


def read_safetensors(path):
    """Tensors by name, in float32; F16 and F32 are read."""
    with open(path, 'rb') as file:
        header = json.loads(file.read(struct.unpack('<Q', file.read(8))[0]))
        content = file.read()
    header.pop('__metadata__', None)
    return {
        name: torch.from_numpy(
            np.frombuffer(content[slice(*entry['data_offsets'])], {'F16': '<f2', 'F32': '<f4'}[entry['dtype']])
            .astype('f4').reshape(entry['shape'])
        )
        for name, entry in header.items()
    }


def weight_of_channels(tensors, layer):
    """How much the channels that leave a layer (0 is the stem) matter to the next: the size of the weights that read them."""
    if layer == len(BLOCKS):
        return tensors['classifier.weight'].norm(dim=0)
    following = f'block{layer + 1}'
    read = tensors[f'{following}.pointwise.weight'].flatten(1).norm(dim=0)
    return read * tensors[f'{following}.depthwise_bn.weight'].abs()


def chosen_channels(tensors, layer, count):
    """Which of the old channels each of `count` new ones takes after: all of them and the weightiest again, or the weightiest."""
    weight = weight_of_channels(tensors, layer)
    by_weight = weight.argsort(descending=True)
    if count <= len(weight):
        return by_weight[:count].sort().values
    return torch.cat([torch.arange(len(weight)), by_weight[: count - len(weight)]])


def shares(channels):
    """Of what a channel gave, what each of its copies gives: unequal, or the copies would learn the same."""
    drawn = torch.rand(len(channels)) + 0.5
    return drawn / torch.zeros(int(channels.max()) + 1).index_add_(0, channels, drawn)[channels]


def resized(tensors, alpha):
    """The parameters of a network of width `alpha`; at most twice as wide as the one they come from."""
    torch.manual_seed(SEED)
    widths = [scaled(STEM_CHANNELS, alpha)] + [scaled(outputs, alpha) for outputs, _ in BLOCKS]
    channels = [chosen_channels(tensors, layer, count) for layer, count in enumerate(widths)]
    share = [shares(each) for each in channels]
    grows = widths[0] > len(tensors['stem.conv.weight'])
    result = {}

    def norm(name, of):
        for part in ('weight', 'bias'):
            result[f'{name}.{part}'] = tensors[f'{name}.{part}'][of]

    result['stem.conv.weight'] = tensors['stem.conv.weight'][channels[0]]
    norm('stem.bn', channels[0])
    for number in range(1, len(BLOCKS) + 1):
        name, inputs, outputs = f'block{number}', channels[number - 1], channels[number]
        result[f'{name}.depthwise.weight'] = tensors[f'{name}.depthwise.weight'][inputs]
        norm(f'{name}.depthwise_bn', inputs)
        pointwise = tensors[f'{name}.pointwise.weight'][outputs][:, inputs]
        result[f'{name}.pointwise.weight'] = pointwise * share[number - 1][None, :, None, None]
        norm(f'{name}.pointwise_bn', outputs)
    result['classifier.weight'] = tensors['classifier.weight'][:, channels[-1]] * share[-1]
    result['classifier.bias'] = tensors['classifier.bias']
    for name, weight in result.items():
        if weight.dim() == 4 and grows:
            weight += NOISE * weight.flatten(1).std(1)[:, None, None, None] * torch.randn_like(weight)
    return result


def with_spread(weights):
    """Each filter scaled to GAIN of the usual spread: batch norm undoes the scale, and at the same rate they learn as fast."""
    return {
        name: weight * (
            GAIN * math.sqrt(2 / weight[0].numel()) / (weight.flatten(1).pow(2).mean(1).sqrt() + 1e-12)
        )[:, None, None, None] if weight.dim() == 4 else weight
        for name, weight in weights.items()
    }


@torch.no_grad()
def sum_to_one(network, cache):
    """Lowers the classifier's bias until independent outputs of a picture sum to about one, where softmax trained it."""
    images, _, _ = data.load(cache, 'train')
    x = next(export.views(images, np.arange(0, len(images), 500), RESOLUTION))
    network.classifier.bias -= network.train()(x).logsumexp(1).mean()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--weights', required=True)
    parser.add_argument('--alpha', type=float, required=True)
    parser.add_argument('--cache', required=True)
    parser.add_argument('--out', required=True)
    options = parser.parse_args()
    network = MobileNet(options.alpha)
    parameters = with_spread(resized(read_safetensors(options.weights), options.alpha))
    network.load_state_dict(parameters, strict=False)
    sum_to_one(network, options.cache)
    torch.save(network.state_dict(), options.out)


if __name__ == '__main__':
    main()
