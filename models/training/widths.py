"""Starts a width from another's trained weights: `python3 widths.py --weights FILE.safetensors --alpha 1.0 --out START.pt`.

A wider network takes channels of the narrower one twice and computes the same at first (Net2Net, arXiv 1511.05641); a
narrower one keeps the channels that weigh most. `train.py --start START.pt` goes on from there. A file of the same width is taken as
it stands, without the statistics of its resolutions. The outputs of broader tags are left out: heads.py fits them afterwards.
"""

import argparse

import torch

import sets
from safetensors_file import read_safetensors
from network import BLOCKS, STEM_CHANNELS, scaled

# Of a filter's spread, added to the copies: alike, they would stay alike.
NOISE = 0.2
SEED = 1


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


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--weights', required=True)
    parser.add_argument('--alpha', type=float, required=True)
    parser.add_argument('--out', required=True)
    options = parser.parse_args()
    shared = {name: tensor for name, tensor in read_safetensors(options.weights).items() if not name.startswith('at')}
    for part in ('weight', 'bias'):
        shared[f'classifier.{part}'] = shared[f'classifier.{part}'][: len(sets.read_vocabulary())]
    is_same = len(shared['stem.conv.weight']) == scaled(STEM_CHANNELS, options.alpha)
    torch.save(shared if is_same else resized(shared, options.alpha), options.out)


if __name__ == '__main__':
    main()
