"""Starts a width from another's trained weights: `python3 start.py --weights FILE.safetensors --alpha 1.0 --cache CACHE --out START.pt`.

As ../widths.py does, and then with small filters, which learn as fast at the same rate, and a bias for independent outputs.
"""

import argparse
import math

import numpy as np
import torch

import data
import export
import widths
from network import MobileNet
from safetensors_file import read_safetensors

# Of the usual spread of a filter.
GAIN = 0.3
RESOLUTION = 64


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
    parameters = with_spread(widths.resized(read_safetensors(options.weights), options.alpha))
    network.load_state_dict(parameters, strict=False)
    sum_to_one(network, options.cache)
    torch.save(network.state_dict(), options.out)


if __name__ == '__main__':
    main()
