"""What a trained, wider network says of fixed crops: `python3 teacher.py --run RUN --cache CACHE --out TEACHER`.

A narrower one that trains on the same crops (`train.py --teacher TEACHER`) takes half of its targets from there.
"""

import argparse
import os

import numpy as np
import torch

import augment
import data
import export
import recipe
from network import autocast, load_trained

RESOLUTION = 128
# The least area of each set of crops, one crop an image in each.
SETS = (recipe.LEAST_AREA,) * 3 + (recipe.GENTLE_LEAST_AREA,)


class Teacher:
    def __init__(self, directory):
        self.crops, self.logits = (np.load(os.path.join(directory, f'{name}.npy'), 'r') for name in ('crops', 'logits'))

    def about(self, indices, least_area):
        """Crops of these images, from a random one of the sets of that least area, and the shares of the classes there."""
        sets = [number for number, area in enumerate(SETS) if area == least_area]
        number = sets[int(torch.randint(len(sets), ()))]
        crops, logits = (torch.from_numpy(each[number, indices]).float() for each in (self.crops, self.logits))
        return crops, logits.softmax(1)


@torch.no_grad()
def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--run', required=True)
    parser.add_argument('--cache', required=True)
    parser.add_argument('--out', required=True)
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    torch.set_num_threads(1)
    torch.manual_seed(data.SEED)

    network = load_trained(options.run)
    images, _, labels = data.load(options.cache, 'train')
    training, _ = data.splits(labels)
    export.gather_statistics(network, images, export.sample_of(training), RESOLUTION)

    shape = (len(SETS), len(labels))
    crops = np.lib.format.open_memmap(os.path.join(options.out, 'crops.npy'), 'w+', np.float32, (*shape, 4))
    logits = np.lib.format.open_memmap(os.path.join(options.out, 'logits.npy'), 'w+', np.float16, (*shape, 200))
    for number, least_area in enumerate(SETS):
        for start in range(0, len(training), recipe.BATCH):
            indices = training[start : start + recipe.BATCH]
            chosen = augment.random_crops(len(indices), least_area)
            upright, plain = torch.zeros(len(indices), dtype=torch.bool), torch.zeros(len(indices))
            x = augment.cropped(
                augment.planes(torch.from_numpy(images[indices])), RESOLUTION, chosen, plain, upright
            )
            with autocast():
                guesses = network(x)
            crops[number, indices], logits[number, indices] = chosen.numpy(), guesses.float().numpy()


if __name__ == '__main__':
    main()
