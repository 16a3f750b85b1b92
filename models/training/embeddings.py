"""Makes one space of embeddings for all variants of `everyday`: `python3 embeddings.py --cache CACHE`.

A variant's features are what its classifier reads. Those of the widest variant at its highest resolution make the space: their
principal components on training photos, centred, and half whitened (each divided by the fourth root of its variance), so that no few
directions decide what looks alike. Ridge regressions take the other variants' features there. An embedding has length 1.

Writes ../embeddings/everyday.safetensors: `VARIANT.projection` [128, channels] and `VARIANT.offset` [128] in float16, and
`background`, int8 [photos, 128]: embeddings of training photos, each up to its length. Its metadata has the SHA-256 of the weights that
each variant had then. `--node` is Node.js 24, which builds the graphs.
"""

import argparse
import json
import os
import subprocess
import tempfile
import time
from itertools import islice

import numpy as np
import onnxruntime
from PIL import Image

from cache import Cache
from labels import TRAINING
from safetensors_file import write_tensors

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, '../..')
DIMENSIONS = 128
BACKGROUND = 8000
SEED = 11
BATCH = 16
# No set is more than this of the background, and Tiny ImageNet, whose photos are small, is this.
MOST_OF_A_SET, TINY_SHARE = 0.3, 0.1
# Beside the mean variance of a feature: whichever suits photos that the regression did not see.
PENALTIES = (0.003, 0.01, 0.03, 0.1, 0.3, 1)


def point_of(variant):
    """`0.75-160` of `everyday/0.75-160`."""
    return variant['variant'].split('/')[1]


def chosen_photos(cache, count):
    """Training photos, of each set in proportion to the square root of its size: no set drowns the others."""
    generator, split = np.random.default_rng(SEED), cache.load('split.npy')
    rows = {name: np.flatnonzero((cache.sets == name) & (split == TRAINING)) for name in np.unique(cache.sets)}
    weights = {name: np.sqrt(len(own)) for name, own in rows.items() if name != 'tiny'}
    shares = {name: min(MOST_OF_A_SET, weight / sum(weights.values())) * (1 - TINY_SHARE) for name, weight in weights.items()}
    shares['tiny'] = TINY_SHARE
    wanted = {name: min(len(rows[name]), round(count * share)) for name, share in shares.items()}
    chosen = np.concatenate([generator.choice(rows[name], number, replace=False) for name, number in wanted.items()])
    # What small sets lack, drawn from all.
    left = np.setdiff1d(np.flatnonzero((split == TRAINING) & (cache.sets != 'tiny')), chosen)
    chosen = np.concatenate([chosen, generator.choice(left, max(0, count - len(chosen)), replace=False)])
    return generator.permutation(chosen)[:count]


def squares_of(cache, rows):
    """The photos as they were kept: one side or the other, x 3 bytes."""
    for row in rows:
        name = next(name for name in reversed(list(cache.first)) if row >= cache.first[name])
        yield np.asarray(cache.squares(name)[row - cache.first[name]])


def features_of(squares, variant, options):
    """What the variant's classifier reads of each photo, N x channels."""
    with tempfile.TemporaryDirectory() as folder:
        graph = os.path.join(folder, 'variant.onnx')
        subprocess.run([options.node, os.path.join(ROOT, 'scripts/write-onnx.ts'), variant['variant'], graph], check=True)
        session_options = onnxruntime.SessionOptions()
        session_options.intra_op_num_threads = options.threads
        session = onnxruntime.InferenceSession(graph, session_options, providers=['CPUExecutionProvider'])
    side = variant['preprocessing']['inputSize']
    images = (np.asarray(Image.fromarray(square).resize((side, side), Image.BILINEAR)) for square in squares)
    found, started = [], time.time()
    while batch := list(islice(images, BATCH)):
        found.append(session.run(['features'], {'images': np.stack(batch)})[0])
    features = np.concatenate(found)
    print(f"{variant['variant']}: {len(features)} photos in {time.time() - started:.0f} s", flush=True)
    return features


def principal_components(features):
    """A projection and an offset into the space: centred, half whitened."""
    mean = features.mean(0)
    variances, directions = np.linalg.eigh(np.cov((features - mean).T))
    strongest = np.argsort(variances)[::-1][:DIMENSIONS]
    print(f'{variances[strongest].sum() / variances.sum():.3f} of the variance is kept')
    projection = (directions[:, strongest] / variances[strongest] ** 0.25).T
    return projection, -projection @ mean


def ridge(features, embeddings, penalty):
    """The projection and the offset that take a variant's features closest to the embeddings."""
    mean, goal = features.mean(0), embeddings.mean(0)
    centred = features - mean
    products = centred.T @ centred
    held = penalty * np.trace(products) / len(products) * np.eye(len(products))
    projection = np.linalg.solve(products + held, centred.T @ (embeddings - goal)).T
    return projection, goal - projection @ mean


def best_ridge(features, embeddings):
    """Of all photos, with the penalty that does best on a tenth that is held out."""
    count = len(features) // 10

    def cosine(penalty):
        projection, offset = ridge(features[count:], embeddings[count:], penalty)
        own = normalized(features[:count] @ projection.T + offset)
        return np.sum(own * embeddings[:count], 1).mean()

    best = max(PENALTIES, key=cosine)
    print(f'mean cosine {cosine(best):.3f} on held-out photos, with the penalty {best}')
    return ridge(features, embeddings, best)


def normalized(vectors):
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def as_bytes(embeddings):
    """The largest of each as 127: read, they are brought to length 1 again."""
    return np.round(embeddings * (127 / np.abs(embeddings).max(1, keepdims=True))).astype('i1')


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--cache', required=True)
    parser.add_argument('--node', default=os.path.join(ROOT, 'node_modules/.bin/node'))
    parser.add_argument('--photos', type=int, default=10_000, help='training photos, of which the first 8,000 are the background')
    parser.add_argument('--threads', type=int, default=1)
    parser.add_argument('--variants', nargs='*', help='only these, such as 0.75-160: for a try')
    parser.add_argument('--file', default=os.path.join(HERE, '../embeddings/everyday.safetensors'))
    options = parser.parse_args()
    with open(os.path.join(HERE, '../catalogue.json')) as file:
        variants = [each for each in json.load(file)['variants'] if each['variant'].startswith('everyday/')]
    variants = [each for each in variants if not options.variants or point_of(each) in options.variants]
    cache = Cache(options.cache)
    rows = chosen_photos(cache, options.photos)
    # The widest float variant first, which makes the space.
    variants.sort(key=lambda each: (each['variant'].endswith('-int8'), -each['multAdds']))
    tensors, embeddings = {}, None
    for variant in variants:
        features, name = features_of(squares_of(cache, rows), variant, options), point_of(variant)
        if embeddings is None:
            projection, offset = principal_components(features)
            embeddings = normalized(features @ projection.T + offset)
        else:
            projection, offset = best_ridge(features, embeddings)
        tensors[f'{name}.projection'], tensors[f'{name}.offset'] = projection.astype('f2'), offset.astype('f2')
    tensors['background'] = as_bytes(embeddings[:BACKGROUND])
    os.makedirs(os.path.dirname(options.file), exist_ok=True)
    write_tensors(options.file, tensors, {point_of(each): each['sha256'] for each in variants})
    print(f'{options.file}: {os.path.getsize(options.file) / 1e6:.2f} MB')


if __name__ == '__main__':
    main()
