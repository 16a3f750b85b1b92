"""Top-1 and top-5 among the scenes alone: `python3 scenes.py --weights everyday-0.75.safetensors --resolution 128 --cache CACHE`.

On MiniPlaces' own validation photos, none of which is trained on. A scene's label is the one of which it is the largest part: "rainforest" of a
rainforest, not "tree". Two scenes can share a label: an abbey is a church. A photo is right at k if its scene's label is among the k
likeliest of these labels.
"""

import argparse

import numpy as np
import torch

import sets
from cache import Cache
from export import norms, views
from network import STEM_CHANNELS, MobileNet
from safetensors_file import read_safetensors


def stored_network(path, resolution):
    """The network of a weights file at a resolution, and what calibrates its logits."""
    tensors = read_safetensors(path)
    own = {name.split('.', 1)[1]: tensor for name, tensor in tensors.items() if name.startswith(f'at{resolution}.')}
    if not own:
        raise SystemExit(f'{path} has no statistics at {resolution} pixels')
    state = {name: tensor for name, tensor in tensors.items() if not name.startswith('at')}
    state |= {name: tensor for name, tensor in own.items() if name.split('.')[-1].startswith('running')}
    network = MobileNet(len(state['stem.conv.weight']) / STEM_CHANNELS, len(state['classifier.bias']))
    missing = network.load_state_dict(state, strict=False).missing_keys
    assert all(name.endswith('num_batches_tracked') for name in missing), missing
    network.to(memory_format=torch.channels_last).eval()
    assert all(norm.track_running_stats for norm in norms(network).values())
    return network, own['calibration.scales'], own['calibration.offsets']


@torch.no_grad()
def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--weights', required=True)
    parser.add_argument('--resolution', type=int, required=True)
    parser.add_argument('--cache', required=True)
    parser.add_argument('--photos', type=int, help='so many of them, drawn at random')
    options = parser.parse_args()
    cache, leaves = Cache(options.cache), sets.read_vocabulary()
    labels_of = {}
    for i in sorted(range(len(leaves)), key=lambda i: len(leaves[i].sources)):
        for source in leaves[i].sources:
            if source.startswith('mp:'):
                labels_of.setdefault(source[3:], i)
    scenes = torch.tensor(sorted(set(labels_of.values())))
    rows = [i for i, photo in enumerate(cache.photos) if photo.set == 'mp' and '/val/' in photo.path and set(photo.tags) & set(labels_of)]
    rows = np.sort(np.random.default_rng(6).permutation(rows)[: options.photos])
    network, scales, offsets = stored_network(options.weights, options.resolution)
    if len(scales) < len(leaves):
        raise SystemExit(f'{options.weights} has {len(scales)} labels, vocabulary.txt {len(leaves)} leaves')
    logits = torch.cat([network(x) for x in views(cache, rows, options.resolution)])
    best = scenes[(logits * scales + offsets)[:, scenes].topk(5).indices]
    is_right = torch.zeros(best.shape, dtype=torch.bool)
    for n, row in enumerate(rows):
        own = {labels_of.get(tag) for tag in cache.photos[row].tags}
        is_right[n] = torch.tensor([int(label) in own for label in best[n]])
    top1, top5 = is_right[:, 0].float().mean(), is_right.any(1).float().mean()
    print(f'{len(rows)} photos, {len(scenes)} labels: top-1 {top1:.1%}, top-5 {top5:.1%}')


if __name__ == '__main__':
    main()
